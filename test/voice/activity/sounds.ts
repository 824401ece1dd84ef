import { seededRandom } from "../../support/random.ts";

/** Sounds that are computed, the same in every run. */

const RATE = 16_000;

/** Noise of equal power at all frequencies. */
export function whiteNoise(seconds: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  // The sum of some even ones is nearly normal.
  return Float32Array.from({ length: seconds * RATE }, () => (random() + random() + random() + random() - 2) / 2);
}

/** Noise of equal power in every octave, by Kellet's filter. */
export function pinkNoise(seconds: number, seed: number): Float32Array {
  let [b0, b1, b2] = [0, 0, 0];
  return whiteNoise(seconds, seed).map((white) => {
    b0 = 0.99765 * b0 + white * 0.099046;
    b1 = 0.963 * b1 + white * 0.2965164;
    b2 = 0.57 * b2 + white * 1.0526913;
    return (b0 + b1 + b2 + white * 0.1848) / 4;
  });
}

/**
 * A cough: two bursts of breath through the resonances of an open mouth.
 *
 * @param width of a resonance in Hz: from 300 to 800 with the glottis open. With 150, as of a vowel, it is a whisper
 */
export function cough(seconds: number, { seed, width }: { readonly seed: number; readonly width: number }): Float32Array {
  const random = seededRandom(seed);
  const breath = whiteNoise(seconds, seed);
  const bursts = [0.3, 0.75].map((at) => ({ at: at + random() / 5, length: 0.05 + random() / 20 }));
  const envelope = (second: number): number =>
    bursts.reduce(
      (sum, { at, length }) => sum + (second < at ? 0 : Math.min(1, (second - at) / 0.01) * Math.exp((at - second) / length)),
      0,
    );
  const mouth = [500 + 300 * random(), 1400 + 400 * random(), 2700].map((frequency) => resonance(frequency, width));
  return breath.map((sample, index) => mouth.reduce((sum, through) => sum + through(sample * envelope(index / RATE)), 0) / 3);
}

/** A telephone that rings: two tones, in and out. */
export function ringTone(seconds: number, [low, high]: readonly [number, number] = [440, 480]): Float32Array {
  return Float32Array.from({ length: seconds * RATE }, (_, index) => {
    const second = index / RATE;
    return second % 1 < 0.6 ? (Math.sin(2 * Math.PI * low * second) + Math.sin(2 * Math.PI * high * second)) / 4 : 0;
  });
}

/** Begins a sound again and again until it is long enough. */
export function looped(sound: Float32Array, seconds: number, everySeconds = sound.length / RATE): Float32Array {
  const long = new Float32Array(seconds * RATE);
  for (let from = 0; from < long.length; from += Math.round(everySeconds * RATE)) {
    for (let index = 0; index < sound.length && from + index < long.length; index += 1) long[from + index]! += sound[index]!;
  }
  return long;
}

/** Sounds in a row, in place of each other, one at each `everySeconds`. */
export function inARow(sounds: readonly Float32Array[], seconds: number, everySeconds: number): Float32Array {
  const row = new Float32Array(seconds * RATE);
  for (const [place, sound] of sounds.entries())
    row.set(sound.subarray(0, Math.max(0, row.length - place * everySeconds * RATE)), Math.min(row.length, place * everySeconds * RATE));
  return row;
}

/** The same with another loudness: its root mean square, of where there is any sound. */
export function atLevel(sound: Float32Array, level: number): Float32Array {
  const factor = level / levelOf(sound);
  return sound.map((sample) => sample * factor);
}

/** The root mean square of the windows of 10 ms that are not far below the loudest. */
export function levelOf(sound: Float32Array): number {
  const levels = windowLevels(sound);
  const floor = Math.max(...levels) / 40;
  const heard = levels.filter((level) => level > floor);
  return Math.sqrt(heard.reduce((sum, level) => sum + level * level, 0) / heard.length);
}

/** Where a sound begins and ends that is no more than 32 dB below its loudest moment, in milliseconds. */
export function soundingMs(sound: Float32Array): { readonly fromMs: number; readonly untilMs: number } {
  const levels = windowLevels(sound);
  const floor = Math.max(...levels) * 10 ** (-32 / 20);
  return { fromMs: 10 * levels.findIndex((level) => level > floor), untilMs: 10 * (levels.findLastIndex((level) => level > floor) + 1) };
}

function windowLevels(sound: Float32Array): readonly number[] {
  const size = RATE / 100;
  return Array.from({ length: Math.floor(sound.length / size) }, (_, window) => {
    const samples = sound.subarray(window * size, (window + 1) * size);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / size);
  });
}

/** A filter with one resonance. */
function resonance(frequency: number, bandwidth: number): (sample: number) => number {
  const radius = Math.exp((-Math.PI * bandwidth) / RATE);
  const turn = 2 * radius * Math.cos((2 * Math.PI * frequency) / RATE);
  let [before, beforeThat] = [0, 0];
  return (sample) => {
    const now = (1 - radius) * sample + turn * before - radius * radius * beforeThat;
    [beforeThat, before] = [before, now];
    return now;
  };
}
