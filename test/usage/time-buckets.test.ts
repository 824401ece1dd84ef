import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketOf, percentile } from "../../server/usage/time-buckets.ts";

function histogram(times: readonly number[]): Map<number, number> {
  const buckets = new Map<number, number>();
  for (const ms of times) buckets.set(bucketOf(ms), (buckets.get(bucketOf(ms)) ?? 0) + 1);
  return buckets;
}

const times = fc.array(fc.double({ min: 1, max: 86_400_000, noNaN: true }), { minLength: 1, maxLength: 200 });

describe("a percentile of a histogram", () => {
  test("is at most 5 % from that of the times themselves", () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
        const exact = all.toSorted((one, other) => one - other)[Math.max(1, Math.ceil(share * all.length)) - 1]!;
        const read = percentile(histogram(all), share)!;
        expect(Math.abs(read - exact) / exact).toBeLessThanOrEqual(0.05);
      }),
    );
  });

  test("is the same of two that were added as of all at once", () => {
    fc.assert(
      fc.property(times, times, (some, others) => {
        const sum = histogram(some);
        for (const [bucket, amount] of histogram(others)) sum.set(bucket, (sum.get(bucket) ?? 0) + amount);
        for (const share of [0.5, 0.95, 0.99]) expect(percentile(sum, share)).toBe(percentile(histogram([...some, ...others]), share));
      }),
    );
  });

  test("of nothing is none", () => {
    expect(percentile(new Map(), 0.5)).toBeUndefined();
  });

  test.each([-5, 0, 0.4, 1, Number.NaN])("of %d ms is in the first bucket", (ms) => {
    expect(bucketOf(ms)).toBe(0);
  });
});
