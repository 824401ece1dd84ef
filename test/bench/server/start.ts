import { setTimeout as pause } from "node:timers/promises";
import type { BenchOptions, Figure } from "../figure.ts";
import { median } from "../samples.ts";
import type { Child } from "./child.ts";
import { onStage } from "./stage.ts";

const AT_REST_AFTER_MS = 3000;

/**
 * From the start of the process to the line that says it listens, on a disk that has read it before; and the resident
 * memory of one that nobody has used yet.
 */
export async function benchStart({ fast }: BenchOptions): Promise<readonly Figure[]> {
  return onStage({ tools: true }, async (stage) => {
    const started = { ours: [] as number[], floor: [] as number[] };
    const resting = { ours: [] as number[], floor: [] as number[] };
    for (let round = -1; round < (fast ? 3 : 9); round += 1) {
      for (const [who, start] of [
        ["ours", stage.server],
        ["floor", stage.floor],
      ] as const) {
        const child: Child = await start();
        if (round >= 0) started[who].push(child.startedMs);
        if (round >= 0 && round < 3) {
          await pause(AT_REST_AFTER_MS);
          resting[who].push(child.residentBytes() / 1_000_000);
        }
        await child.stop();
      }
    }
    return [
      { name: "start to listening, median", unit: "ms", value: median(started.ours), floor: median(started.floor), budget: 500 },
      { name: "resident memory at rest", unit: "MB", value: median(resting.ours), floor: median(resting.floor), budget: 90 },
    ];
  });
}
