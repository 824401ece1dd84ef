import { expect, test } from "vitest";
import { fromMuLaw, SILENCE, toMuLaw } from "../../../server/voice/recording/mu-law.ts";

const bytesOf = (samples: Int16Array): Uint8Array => new Uint8Array(samples.buffer);
const samplesOf = (pcm16: Uint8Array<ArrayBuffer>): Int16Array => new Int16Array(pcm16.buffer);

test("a byte is the sample that G.711 says: eight segments, each with steps twice as wide", () => {
  const decoded = samplesOf(fromMuLaw(Uint8Array.from({ length: 256 }, (_, byte) => byte)));
  // The ends of the segments, from Table 2a of the recommendation, in 16 bits.
  expect(
    [0xff, 0xfe, 0xf0, 0xef, 0xe0, 0xdf, 0xd0, 0xcf, 0xc0, 0xbf, 0xb0, 0xaf, 0xa0, 0x9f, 0x90, 0x8f, 0x80].map((byte) => decoded[byte]),
  ).toEqual([0, 8, 120, 132, 372, 396, 876, 924, 1884, 1980, 3900, 4092, 7932, 8316, 15_996, 16_764, 32_124]);
  for (let byte = 0; byte < 128; byte += 1) expect(decoded[byte]).toBe(-decoded[byte + 128]! + 0);
  expect(decoded[SILENCE]).toBe(0);
});

test("every sample comes back as near as the steps of its segment are wide, and in order", () => {
  const all = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768);
  const back = samplesOf(fromMuLaw(toMuLaw(bytesOf(all))));
  let worst = 0;
  for (const [index, sample] of all.entries()) {
    if (index > 0) expect(back[index]! >= back[index - 1]!).toBe(true);
    // Half a step: a sixteenth of what lies in the segment, which is about as much as lies below it.
    if (Math.abs(sample) < 32_636) worst = Math.max(worst, Math.abs(back[index]! - sample) / (Math.abs(sample) + 132));
  }
  expect(worst).toBeLessThanOrEqual(1 / 32);
});

test("half a sample at the end is left", () => {
  expect(toMuLaw(Uint8Array.of(0, 0, 1))).toEqual(Uint8Array.of(SILENCE));
});
