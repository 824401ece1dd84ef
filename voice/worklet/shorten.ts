/** What follows on itself so soon is left out: at least one period of a voice, so that its tone stays. */
const LEAST_LEFT_SECONDS = 0.0075;
/** At most so much is left out at once. */
export const MOST_LEFT_SECONDS = 0.0175;
/** From what is kept before to what is kept after. */
const CROSSING_SECONDS = 0.005;
/** Speech sounds alike at this many samples per second: no more of them are compared. */
const COMPARED_RATE = 12_000;
/** What is weaker than this on average is a pause: −50 dB. */
const SILENCE = 0.003;

/** How a stretch of sound becomes shorter. */
export interface Shortening {
  /** Samples that are played in place of so many of the first, */
  readonly crossing: Float32Array;
  /** and how many of the first they stand for. */
  readonly count: number;
}

/** How many samples {@link shorten} needs to look at. */
export function shorteningNeeds(rate: number): number {
  return Math.ceil((MOST_LEFT_SECONDS + CROSSING_SECONDS) * rate) + 1;
}

/**
 * Leaves out a piece at the beginning of a sound where nobody hears it: a part of a pause, or as much as its tone
 * repeats itself within, and crosses from what is before to what is after.
 */
export function shorten(sound: Float32Array, rate: number): Shortening {
  const length = Math.round(CROSSING_SECONDS * rate);
  const left = isSilent(sound) ? Math.floor(MOST_LEFT_SECONDS * rate) : bestPeriod(sound, rate, length);
  const crossing = new Float32Array(length);
  for (let index = 0; index < length; index += 1) {
    const share = (index + 1) / (length + 1);
    crossing[index] = sound[index]! * (1 - share) + sound[left + index]! * share;
  }
  return { crossing, count: left + length };
}

function isSilent(sound: Float32Array): boolean {
  let sum = 0;
  for (const sample of sound) sum += sample * sample;
  return sum < SILENCE * SILENCE * sound.length;
}

/** After how many samples the sound is most like its beginning. */
function bestPeriod(sound: Float32Array, rate: number, length: number): number {
  const step = Math.max(1, Math.floor(rate / COMPARED_RATE));
  const most = Math.floor(MOST_LEFT_SECONDS * rate);
  let [best, bestLikeness] = [most, -Infinity];
  for (let period = Math.ceil(LEAST_LEFT_SECONDS * rate); period <= most; period += step) {
    let [product, energy] = [0, 1e-9];
    for (let index = 0; index < length; index += step) {
      const later = sound[period + index]!;
      product += sound[index]! * later;
      energy += later * later;
    }
    const likeness = product / Math.sqrt(energy);
    if (likeness <= bestLikeness) continue;
    best = period;
    bestLikeness = likeness;
  }
  return best;
}
