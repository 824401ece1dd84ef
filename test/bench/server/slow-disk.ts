import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchOptions, Figure } from "../figure.ts";
import type { Child } from "./child.ts";
import { connectMany } from "./customer.ts";
import { run } from "./load.ts";
import { onStage } from "./stage.ts";

const SLOWER_MS = 20;
const STREAMS = { streams: 50, perSecond: 2_500 };
/** Customers who send one message after the other meanwhile, so that the disk is always busy. */
const WRITERS = 10;
const SOURCE = new URL("slow-sync.c", import.meta.url).pathname;

/**
 * How late the tokens of running answers come while others write and every sync of the disk takes 20 ms longer; the
 * floor is the same with the disk as it is. Linux with a C compiler only.
 */
export async function benchSlowDisk({ fast }: BenchOptions): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-slow-disk-"));
  try {
    const library = join(folder, "slow-sync.so");
    const { status, stderr } = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], { encoding: "utf8" });
    if (status !== 0) throw new Error(`There is no C compiler to make the disk slow with. ${stderr ?? ""}`);
    return await onStage({}, async (stage) => {
      const slow = await stage.server({
        environment: { LD_PRELOAD: library, SLOW_SYNC_MS: String(SLOWER_MS), DATA_DIR: join(folder, "data") },
      });
      const asItIs = await stage.server();
      const rounds = fast ? 1 : 3;
      const seconds = fast ? 4 : 8;
      const late: number[] = [];
      const floor: number[] = [];
      await whileOthersWrite(slow, 3);
      for (let round = 0; round < rounds; round += 1) {
        late.push(await whileOthersWrite(slow, seconds));
        floor.push(await whileOthersWrite(asItIs, seconds));
      }
      const name = `a token is late while every sync takes ${SLOWER_MS} ms longer, 99th percentile`;
      const added = Math.min(...late) - Math.min(...floor);
      return [
        { name, unit: "ms", value: Math.min(...late), floor: Math.min(...floor) },
        { name: `${name}: added`, unit: "ms", value: added, budget: 5 },
      ];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In milliseconds. */
async function whileOthersWrite(child: Child, seconds: number): Promise<number> {
  const writers = await connectMany(child.url, WRITERS);
  let over = false;
  const writing = writers.map(async (writer) => {
    while (!over) await writer.ask({ kind: "text", tokens: 2 });
    writer.close();
  });
  const { slowestMs } = await run(child, { ...STREAMS, seconds });
  over = true;
  await Promise.all(writing);
  return slowestMs;
}
