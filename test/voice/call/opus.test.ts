/** What a page sends as Opus is heard as PCM. */
import { expect, test } from "vitest";
import { FRAME_OPUS, FRAME_PCM16 } from "../../../protocol/voice-frame.ts";
import { OpusFrames } from "../../../server/live/voice/opus-frames.ts";
import { fromPcm16 } from "../../../voice/activity/pcm16.ts";
import { TONE } from "./opus-tone.ts";

const frameOf = (audio: Uint8Array, seq = 0) => ({ type: FRAME_OPUS, flags: 1, seq, timeMs: 20 * seq, audio }) as const;

test("a packet becomes 20 ms of PCM, with its flags and its time", async () => {
  const frames = await OpusFrames.open();
  const read = TONE.map((audio, seq) => frames.read(frameOf(audio, seq)));
  const samples = read.flatMap((frame) => (typeof frame === "string" ? [] : [...fromPcm16(frame.audio)]));
  expect(read.at(-1)).toMatchObject({ type: FRAME_PCM16, flags: 1, seq: 11, timeMs: 220 });
  expect(samples).toHaveLength(12 * 320);
  const middle = samples.slice(1_000, 3_000);
  const crossings = middle.filter((sample, at) => at > 0 && Math.sign(sample) !== Math.sign(middle[at - 1]!)).length;
  // Two a period.
  expect(crossings / 2 / (2_000 / 16_000)).toBeCloseTo(440, -1);
  expect(Math.max(...middle)).toBeCloseTo(0.25, 1);
  frames.close();
  frames.close();
  expect(frames.read(frameOf(TONE[0]!))).toBe("The call is over.");
});

test("what is no packet is refused; PCM is left as it is", async () => {
  const frames = await OpusFrames.open();
  expect(frames.read(frameOf(new Uint8Array([255, 255, 255, 255])))).toBe("The frame is not a packet of Opus.");
  const pcm = { type: FRAME_PCM16, flags: 0, seq: 0, timeMs: 0, audio: new Uint8Array(640) } as const;
  expect(frames.read(pcm)).toBe(pcm);
  frames.close();
});

test("a packet longer than any of a voice is refused, and takes nothing down", async () => {
  const frames = await OpusFrames.open();
  for (const length of [1, 2, 1_275, 3_840, 3_841, 16_372])
    for (const byte of [0x00, 0x0b, 0x48, 0xff]) {
      const read = frames.read(frameOf(new Uint8Array(length).fill(byte)));
      if (length > 3_840) expect(read).toBe("The frame is not a packet of Opus.");
      else if (typeof read !== "string") expect(read.audio.length).toBeLessThanOrEqual(3_840);
    }
  // The next packet is read as ever.
  expect(frames.read(frameOf(TONE[0]!))).toMatchObject({ type: FRAME_PCM16 });
  frames.close();
});
