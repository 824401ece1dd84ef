import { describe, expect, it } from "vitest";
import { Gathering } from "../../server/model/transport/gathering.ts";
import { TestClock } from "./test-clock.ts";

function scene() {
  const clock = new TestClock();
  let load = 0;
  let looks = 0;
  const gathering = new Gathering(clock, () => ((looks += 1), load));
  return {
    gathering,
    clock,
    looks: () => looks,
    /** How long a piece waits that comes after `ms`, at a load; 0: it goes on at once. */
    at(nextLoad: number, ms = 50): number {
      load = nextLoad;
      clock.time += ms;
      return gathering.hold(() => {}) ? (clock.waits.at(-1) ?? Number.NaN) : 0;
    },
  };
}

describe("a piece of an answer", () => {
  it("goes on at once while the process has time", () => {
    const { at, clock } = scene();
    for (const load of [0, 0.1, 0.25, 0.4]) expect(at(load)).toBe(0);
    expect(clock.waits).toEqual([]);
  });

  it("waits longer the busier the process is, and never longer than 40 ms", () => {
    for (const [load, ms] of [
      [0.5, 13],
      [0.55, 20],
      [0.7, 40],
      [0.99, 40],
      [7, 40],
    ] as const) {
      const { at } = scene();
      let waited = 0;
      for (let look = 0; look < 20; look += 1) waited = at(load);
      expect(waited).toBe(ms);
    }
  });

  it("goes on at once again soon after the load is over", () => {
    const { at } = scene();
    for (let look = 0; look < 20; look += 1) at(1);
    const waits = Array.from({ length: 8 }, () => at(0));
    expect(waits.at(-1)).toBe(0);
    expect(waits).toEqual(waits.toSorted((a, b) => b - a));
  });

  it("is called back when it has waited", () => {
    const { gathering, clock, at } = scene();
    for (let look = 0; look < 20; look += 1) at(1);
    const before = clock.waiting;
    expect(gathering.hold(() => {})).toBe(true);
    expect(clock.waiting).toBe(before + 1);
  });

  it("makes nobody look at the load more often than 20 times a second", () => {
    const { at, looks } = scene();
    for (let piece = 0; piece < 1_000; piece += 1) at(1, 1);
    expect(looks()).toBeLessThanOrEqual(21);
  });

  it("does not wait on when the machine's clock is set back", () => {
    const { at } = scene();
    for (let look = 0; look < 20; look += 1) at(1);
    at(0, -3_600_000);
    expect(Array.from({ length: 8 }, () => at(0)).at(-1)).toBe(0);
  });
});
