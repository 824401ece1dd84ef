import { rm } from "node:fs/promises";
import { setTimeout as after } from "node:timers/promises";
import { prepareLaunch, runsHere } from "./launch.ts";
import { leftProcesses } from "./left-processes.ts";
import { startListening } from "./listening.ts";
import type { Reach } from "./real-server.ts";

/** How long the slowest of them may take on a machine that has much else to do. */
const PATIENT_MS = 120_000;
/** How long processes have to end once nobody needs them. */
const ENDING_MS = 15_000;

/** A server that the product can reach. */
export interface Reachable {
  readonly version: string;
  /** Its entry in `mcpServers` of the configuration file. */
  readonly entry: Readonly<Record<string, unknown>>;
  /**
   * Ends everything of it, once the product is done with it. Resolves with how many processes were left that the
   * product started and did not end.
   */
  close(): Promise<number>;
}

/** Makes a server reachable in this way; undefined: there is no build of it for this machine. */
export async function makeReachable({ server, http }: Reach): Promise<Reachable | undefined> {
  if (!runsHere(server)) return undefined;
  const listening = http === undefined ? undefined : await startListening(server, http);
  const { version, folder, command, args, env } = listening?.launch ?? (await prepareLaunch(server));
  const where = listening === undefined ? { command, args, env } : { url: listening.url };
  return {
    version,
    entry: { name: server.key, ...where, connectTimeoutMs: PATIENT_MS, callTimeoutMs: PATIENT_MS },
    async close() {
      listening?.stop();
      const left = await endProcesses(folder, listening === undefined ? ENDING_MS : 0);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      return listening === undefined ? left : 0;
    },
  };
}

async function endProcesses(folder: string, patienceMs: number): Promise<number> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const left = await leftProcesses(folder);
    if (left.length === 0) return 0;
    if (performance.now() > end) {
      for (const pid of left) endProcess(pid);
      return left.length;
    }
    await after(200);
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}
