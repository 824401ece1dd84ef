/** What a meter shows as nothing. */
const QUIETEST_DB = -60;

/** How loud samples are, as it is heard: 0 up to −60 dB, and 1 for the loudest there can be. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  if (sum === 0) return 0;
  const db = 10 * Math.log10(sum / samples.length);
  return Math.min(1, Math.max(0, 1 - db / QUIETEST_DB));
}
