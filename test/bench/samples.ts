/** What half of the samples stay below; NaN for none. */
export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/**
 * The lowest of the rounds' medians. Rounds are measured turn and turn about with the floor's; what else a machine does
 * makes a round slower and never faster, so the best one says most about the program.
 */
export function bestMedian(rounds: readonly (readonly number[])[]): number {
  return Math.min(...rounds.filter((samples) => samples.length > 0).map(median));
}

/** What the given share of the samples stays below, by nearest rank. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Microseconds of the machine's own clock, the same in all of its processes. */
export function nowMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
