import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Lookback } from "../../../voice/activity/lookback.ts";
import { fromPcm16, toPcm16 } from "../../../voice/activity/pcm16.ts";
import { Resampler } from "../../../voice/activity/resampler.ts";
import { whiteNoise } from "./sounds.ts";

const RATES = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000];

function sine(frequency: number, rate: number, seconds = 0.5): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, index) => Math.sin((2 * Math.PI * frequency * index) / rate));
}

/** How strong a sound is after its first 50 ms, in decibels below a sine of full loudness. */
function decibels(samples: Float32Array): number {
  const settled = samples.subarray(800);
  const power = settled.reduce((sum, sample) => sum + sample * sample, 0) / settled.length;
  return 10 * Math.log10(2 * power + 1e-20);
}

describe("bringing audio to 16 kHz", () => {
  test.each(RATES)("from %d: tones that can be said stay as they are", (rate) => {
    const highest = 0.43 * Math.min(rate, 16_000);
    for (const frequency of [100, 440, 1_000, 3_000, highest]) {
      const resampler = new Resampler(rate);
      const output = resampler.resample([sine(frequency, rate)]);
      expect(Math.abs(decibels(output)), `${frequency} Hz`).toBeLessThan(0.05);
      const late = resampler.delayMs / 1000;
      const expected = output.map((_, index) => Math.sin(2 * Math.PI * frequency * (index / 16_000 - late)));
      expect(Math.max(...output.subarray(800).map((sample, index) => Math.abs(sample - expected[800 + index]!)))).toBeLessThan(0.01);
    }
  });

  test.each([22_050, 24_000, 44_100, 48_000, 96_000])("from %d: tones above 8 kHz become 60 dB weaker, not other tones", (rate) => {
    for (const frequency of [8_050, 9_000, 10_500, 0.49 * rate].filter((tone) => tone < rate / 2)) {
      expect(decibels(new Resampler(rate).resample([sine(frequency, rate)])), `${frequency} Hz`).toBeLessThan(-60);
    }
  });

  test("from a telephone's 8,000: no mirror of a tone above 4 kHz", () => {
    const output = new Resampler(8_000).resample([sine(3_000, 8_000)]);
    const mirror = output.map((sample, index) => sample * Math.sin((2 * Math.PI * 5_000 * index) / 16_000));
    const whole = 800 + 16 * Math.floor((mirror.length - 800) / 16);
    expect(Math.abs(mirror.subarray(800, whole).reduce((sum, sample) => sum + sample, 0) / (whole - 800))).toBeLessThan(0.001);
  });

  test("in pieces of any length it is the same as at once", () => {
    fc.assert(
      fc.property(fc.constantFrom(...RATES), fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 8 }), (rate, lengths) => {
        const sound = whiteNoise(1, 3).subarray(
          0,
          lengths.reduce((sum, length) => sum + length, 0),
        );
        const [whole, pieces] = [new Resampler(rate), new Resampler(rate)];
        let at = 0;
        const output = lengths.flatMap((length) => [...pieces.resample([sound.subarray(at, (at += length))])]);
        expect(Buffer.from(Float32Array.from(output).buffer).equals(Buffer.from(whole.resample([sound]).buffer))).toBe(true);
        expect(Math.abs(output.length - (sound.length * 16_000) / rate)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });

  test("to another rate: tones stay as they are, with no mirror above the input's half", () => {
    for (const frequency of [100, 1_000, 6_800]) {
      const resampler = new Resampler(16_000, 24_000);
      const output = resampler.resample([sine(frequency, 16_000)]);
      expect(Math.abs(output.length - 12_000)).toBeLessThanOrEqual(1);
      const late = resampler.delayMs / 1000;
      const expected = output.map((_, index) => Math.sin(2 * Math.PI * frequency * (index / 24_000 - late)));
      expect(Math.max(...output.subarray(1_200).map((sample, index) => Math.abs(sample - expected[1_200 + index]!)))).toBeLessThan(0.01);
    }
  });

  test("several channels become their mean", () => {
    const [left, right] = [whiteNoise(0.1, 1), whiteNoise(0.1, 2)];
    const mean = left.map((sample, index) => (sample + right[index]!) / 2);
    const [both, one] = [new Resampler(48_000).resample([left, right]), new Resampler(48_000).resample([mean])];
    expect(both.length).toBe(one.length);
    for (const [index, sample] of both.entries()) expect(sample).toBeCloseTo(one[index]!, 6);
  });

  test("a rate that no microphone has is refused", () => {
    expect(() => new Resampler(0)).toThrow("from 8,000 to 192,000");
    expect(() => new Resampler(44_100.5)).toThrow("44100.5");
  });
});

describe("16-bit PCM", () => {
  test("is little-endian, and cuts off what is too loud", () => {
    expect([...toPcm16(Float32Array.of(0, 1 / 32_768, -1, 1, 3, -3))]).toEqual([0, 0, 1, 0, 0, 128, 255, 127, 255, 127, 0, 128]);
  });

  test("comes back as it was, from wherever in a message it lies", () => {
    fc.assert(
      fc.property(fc.int16Array(), (numbers) => {
        const samples = Float32Array.from(numbers, (number) => number / 32_768);
        const message = Uint8Array.of(7, ...toPcm16(samples));
        expect(fromPcm16(message.subarray(1))).toEqual(samples);
      }),
    );
  });

  test("half a sample is refused", () => {
    expect(() => fromPcm16(new Uint8Array(3))).toThrow("these are 3 bytes");
  });
});

describe("the last moments", () => {
  const kept = (lengthMs: number, pieces: number): Lookback<number> => {
    const lookback = new Lookback<number>(lengthMs);
    for (let piece = 0; piece < pieces; piece += 1) lookback.keep(piece, piece * 20, 20);
    return lookback;
  };

  test("are given out from a moment on, in order, and once", () => {
    const lookback = kept(500, 100);
    expect(lookback.take(1900)).toEqual([95, 96, 97, 98, 99]);
    expect(lookback.take(0)).toEqual([]);
  });

  test("a piece of which only the end is wanted is given out whole", () => {
    expect(kept(500, 100).take(1950)).toEqual([97, 98, 99]);
  });

  test("are no more than asked for", () => {
    expect(kept(100, 1000).take(0)).toEqual([995, 996, 997, 998, 999]);
  });
});
