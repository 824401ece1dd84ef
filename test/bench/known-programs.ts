import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import type { Bench } from "./figure.ts";
import { bestMedian } from "./samples.ts";

const CHILD = join(import.meta.dirname, "known-programs-child.ts");
const measured = z.object({
  programs: z.number(),
  tools: z.number(),
  firstMs: z.number(),
  firstCpuMs: z.number(),
  laterMs: z.array(z.number()),
});

/** What the first conversation after a start waits for where all tools come from programs that are known. */
export const benchKnownPrograms: Bench = async ({ fast }) => {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-bench-"));
  const runs: z.output<typeof measured>[] = [];
  for (let round = 0; round < (fast ? 1 : 5); round += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, [CHILD, join(folder, "started")]);
    runs.push(measured.parse(JSON.parse(stdout)));
  }
  await rm(folder, { recursive: true });
  const [{ programs, tools } = { programs: 0, tools: 0 }] = runs;
  return [
    {
      name: `first conversation after a start has the ${tools} tools of ${programs} programs, none of them started`,
      unit: "ms",
      value: bestMedian(runs.map(({ firstMs }) => [firstMs])),
      budget: 300,
    },
    { name: "the same, of the processor", unit: "ms", value: bestMedian(runs.map(({ firstCpuMs }) => [firstCpuMs])), budget: 300 },
    { name: "the same for a later conversation", unit: "ms", value: bestMedian(runs.map(({ laterMs }) => laterMs)) },
  ];
};
