import { SAMPLE_RATE } from "./silero.ts";

/** What is let through unchanged, and from where on nothing is, by the lower of the two rates. */
const PASS = 0.4375;
const STOP = 0.5;
/** How much weaker what is above `STOP` becomes, in decibels. */
const STOP_DB = 60;
/** Of Kaiser's window, for that. */
const BETA = 0.1102 * (STOP_DB - 8.7);

/**
 * Brings audio to another rate, 16 kHz for what is listened to, and to one channel, piece by piece: a windowed sinc,
 * computed for each place that a sample of the output can have between two of the input. At 16 kHz unchanged up to 7 kHz
 * (3.5 kHz from a telephone); what would be heard as another sound is 60 dB weaker.
 *
 * Its output is late by {@link delayMs}: the capture time of a piece of output is that of its input less this.
 */
export class Resampler {
  /** How far the output is behind, in milliseconds. */
  readonly delayMs: number;
  /** Of the output's places between two samples of the input there are so many, */
  readonly #places: number;
  /** and from each to the next it goes so many of them further. */
  readonly #step: number;
  /** The filter for each place, one after the other. */
  readonly #filters: Float32Array;
  readonly #taps: number;
  /** Input that is still needed. */
  #rest: Float32Array;
  /** The next output's place, from the first sample of the rest on. */
  #at = 0;

  /**
   * @param rate samples per second of the input, a whole number from 8,000 to 192,000
   * @param outputRate of the output, likewise
   */
  constructor(rate: number, outputRate = SAMPLE_RATE) {
    for (const one of [rate, outputRate]) {
      if (!Number.isInteger(one) || one < 8_000 || one > 192_000)
        throw new Error(`Audio of ${one} samples per second cannot be listened to: from 8,000 to 192,000 can.`);
    }
    const shared = greatestCommonDivisor(rate, outputRate);
    this.#places = outputRate / shared;
    this.#step = rate / shared;
    const lower = Math.min(rate, outputRate) / rate;
    // Kaiser's estimate of the length.
    this.#taps = rate === outputRate ? 1 : 2 * Math.ceil((STOP_DB - 7.95) / (2.285 * 2 * Math.PI * (STOP - PASS) * lower) / 2);
    this.#filters = makeFilters(this.#places, this.#taps, ((PASS + STOP) / 2) * lower);
    // Silence before the first sample, so that the first output comes at once.
    this.#rest = new Float32Array(this.#taps - 1);
    this.delayMs = rate === outputRate ? 0 : (this.#taps / 2 / rate) * 1000;
  }

  /**
   * @param channels the same number of samples of each channel, right after those of the last call
   * @returns what can be said already: over time, as many samples a second as the output has
   */
  resample(channels: readonly Float32Array[]): Float32Array {
    const input = this.#append(channels);
    const end = (input.length - this.#taps + 1) * this.#places;
    const output = new Float32Array(Math.max(0, Math.ceil((end - this.#at) / this.#step)));
    for (let index = 0; index < output.length; index += 1) {
      const first = Math.floor(this.#at / this.#places);
      const filter = (this.#at % this.#places) * this.#taps;
      let sum = 0;
      for (let tap = 0; tap < this.#taps; tap += 1) sum += this.#filters[filter + tap]! * input[first + tap]!;
      output[index] = sum;
      this.#at += this.#step;
    }
    const used = Math.min(Math.floor(this.#at / this.#places), input.length);
    this.#rest = input.slice(used);
    this.#at -= used * this.#places;
    return output;
  }

  /** The rest and, behind it, the mean of the channels. */
  #append(channels: readonly Float32Array[]): Float32Array {
    const length = channels[0]?.length ?? 0;
    const input = new Float32Array(this.#rest.length + length);
    input.set(this.#rest);
    for (const channel of channels) {
      for (let index = 0; index < length; index += 1) input[this.#rest.length + index]! += channel[index]! / channels.length;
    }
    return input;
  }
}

/** @param cutoff in parts of the input's rate */
function makeFilters(places: number, taps: number, cutoff: number): Float32Array {
  if (taps === 1) return new Float32Array(places).fill(1);
  const filters = new Float32Array(places * taps);
  const half = taps / 2;
  for (let place = 0; place < places; place += 1) {
    for (let tap = 0; tap < taps; tap += 1) {
      const distance = tap - (half - 1) - place / places;
      const x = 2 * Math.PI * cutoff * distance;
      const sinc = x === 0 ? 1 : Math.sin(x) / x;
      filters[place * taps + tap] = 2 * cutoff * sinc * kaiser(distance / half);
    }
  }
  return filters;
}

/** Kaiser's window, for -1 to 1. */
function kaiser(place: number): number {
  return Math.abs(place) > 1 ? 0 : bessel(BETA * Math.sqrt(1 - place * place)) / bessel(BETA);
}

/** The modified Bessel function of the first kind, of order zero, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let n = 1; term > 1e-12 * sum; n += 1) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}
