import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { boundedRun, RunTooLongError } from "../../../server/tools/definitions/bounded-run.ts";

function waitWithoutComputing(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test("a job that computes for too long is stopped, and not tried for ever", () => {
  let runs = 0;
  const endless = (): void => {
    runs += 1;
    for (;;);
  };
  expect(() => boundedRun(100, endless)).toThrow(RunTooLongError);
  // Once on a machine that has time for it; a busy one may have to look again.
  expect(runs).toBeLessThanOrEqual(5);
});

test("a job that a busy machine kept waiting is not taken for a slow one", () => {
  let runs = 0;
  const starvedOnce = (): string => {
    runs += 1;
    if (runs === 1) waitWithoutComputing(300);
    return "done";
  };
  expect(boundedRun(100, starvedOnce)).toBe("done");
  expect(runs).toBe(2);
});

test("a job that never gets to compute is given up in the end", () => {
  expect(() => boundedRun(20, () => waitWithoutComputing(60_000))).toThrow(RunTooLongError);
});

test("the job's own error comes through", () => {
  expect(() =>
    boundedRun(100, () => {
      throw new RangeError("mine");
    }),
  ).toThrow("mine");
});

test("what other threads compute meanwhile is not the job's", async () => {
  const busy = new Worker("for (;;);", { eval: true });
  try {
    await once(busy, "online");
    let runs = 0;
    const starvedOnce = (): string => {
      runs += 1;
      if (runs === 1) waitWithoutComputing(300);
      return "done";
    };
    expect(boundedRun(100, starvedOnce)).toBe("done");
    expect(runs).toBe(2);
  } finally {
    await busy.terminate();
  }
});
