/**
 * Times as a histogram whose buckets grow by a tenth: the sum of two is the histogram of both, and a percentile that is
 * read from it is at most 5 % away from the time itself (as DDSketch, with a relative accuracy of 1/21).
 */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);
/** A day: nothing that is measured takes longer and means something. */
const LONGEST_MS = 24 * 60 * 60_000;

/** The bucket of a time; up to a millisecond it is 0. */
export function bucketOf(ms: number): number {
  if (!(ms > 1)) return 0;
  return Math.ceil(Math.log(Math.min(ms, LONGEST_MS)) / LOG_GROWTH);
}

/** The time in the middle of a bucket, measured in per cent. */
function msOf(bucket: number): number {
  return bucket === 0 ? 1 : (2 * GROWTH ** bucket) / (GROWTH + 1);
}

/** Bucket → how many times were in it. */
export type TimeBuckets = ReadonlyMap<number, number>;

/** The time that a share of all times is not above, such as 0.95; undefined without any. */
export function percentile(buckets: TimeBuckets, share: number): number | undefined {
  const total = [...buckets.values()].reduce((sum, amount) => sum + amount, 0);
  if (total <= 0) return undefined;
  const rank = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (const [bucket, amount] of [...buckets].toSorted(([one], [other]) => one - other)) {
    seen += amount;
    if (seen >= rank) return msOf(bucket);
  }
  return undefined;
}
