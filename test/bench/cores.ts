/**
 * Where processes run: what is measured on one core, everything else on another, as far as the system lets us say so.
 */
import { spawnSync } from "node:child_process";

const SERVER_CORE = "0";
const OTHER_CORE = "1";

let pinned: boolean | undefined;

/** Whether there are two cores and `taskset` to deal them out. */
export function canPin(): boolean {
  pinned ??= [SERVER_CORE, OTHER_CORE].every((core) => spawnSync("taskset", ["-c", core, "true"]).status === 0);
  return pinned;
}

/** A command that runs on the measured core. */
export function onServerCore(command: readonly string[]): readonly string[] {
  return canPin() ? ["taskset", "-c", SERVER_CORE, ...command] : command;
}

/** Runs `work` with this process, and all that it starts meanwhile, off the measured core. */
export async function offServerCore<Result>(work: () => Promise<Result>): Promise<Result> {
  if (!canPin()) return work();
  const before =
    /: (\S+)\s*$/.exec(spawnSync("taskset", ["-cp", String(process.pid)]).stdout.toString())?.[1] ?? `${SERVER_CORE},${OTHER_CORE}`;
  moveTo(OTHER_CORE);
  try {
    return await work();
  } finally {
    moveTo(before);
  }
}

function moveTo(cores: string): void {
  spawnSync("taskset", ["-acp", cores, String(process.pid)]);
}
