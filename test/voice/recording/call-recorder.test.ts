import { describe, expect, test } from "vitest";
import type { RecordedPiece, Recordings } from "../../../server/conversation/ports/recordings.ts";
import { CallRecorder } from "../../../server/voice/recording/call-recorder.ts";
import { SILENCE, toMuLaw } from "../../../server/voice/recording/mu-law.ts";

const PLACE = { conversationId: "conversation-1", voiceCallId: "voice-call-1" } as const;
const FRAME_MS = 20;
const START = 1_000_000;

/** PCM of 16 bits, the same sample all the time: it says which second it is from. */
function tone(ms: number, value: number, sampleRate = 16_000): Uint8Array {
  const samples = new Int16Array((ms * sampleRate) / 1000).fill(value);
  return new Uint8Array(samples.buffer);
}
const heardAs = (value: number): number => toMuLaw(new Uint8Array(Int16Array.of(value).buffer))[0]!;

function open({ begins = true, append }: { begins?: boolean; append?: () => Promise<boolean> } = {}) {
  const pieces: RecordedPiece[] = [];
  const warned: string[] = [];
  const ended: number[] = [];
  let now = START;
  const recordings: Pick<Recordings, "begin" | "append" | "end"> = {
    begin: async () => begins,
    append: async (_place, more) => {
      pieces.push(...more);
      return append === undefined ? true : append();
    },
    end: async (_place, at, durationMs) => void ended.push(at, durationMs),
  };
  const log = { info: () => undefined, warn: (_about: object, words: string) => void warned.push(words), error: () => undefined };
  const recorder = new CallRecorder(
    { recordings: recordings as Recordings, clock: { now: () => now }, log },
    { ...PLACE, startedAt: START },
  );
  return {
    recorder,
    pieces,
    warned,
    ended,
    /** The time since the call began. */
    at: (ms: number) => void (now = START + ms),
    /** One side as a page plays it, a byte for each millisecond. */
    said: (side: RecordedPiece["side"], ms: number): readonly number[] => {
      const all = new Uint8Array(ms * 16).fill(SILENCE);
      for (const { side: of, from, audio } of pieces) if (of === side) all.set(audio, from);
      return Array.from({ length: ms }, (_, index) => all[index * 16 + 8]!);
    },
  };
}

const spans = (said: readonly number[]): readonly (readonly [number, number])[] => {
  const found: [number, number][] = [];
  for (const [ms, byte] of said.entries()) {
    if (byte === SILENCE) continue;
    const last = found.at(-1);
    if (last !== undefined && last[1] === ms) last[1] = ms + 1;
    else found.push([ms, ms + 1]);
  }
  return found;
};

describe("the recording of a call", () => {
  test("has what the customer said when they said it, whatever the page's clock says and however late frames come", async () => {
    const { recorder, at, said } = open();
    const page = 77_000;
    // 400 ms from before the start come at once, then a frame every 20 ms, two of them late.
    at(5_400);
    for (let ms = 5_000; ms < 5_400; ms += FRAME_MS) recorder.captured(tone(FRAME_MS, 900), page + ms);
    for (let ms = 5_400; ms < 6_000; ms += FRAME_MS) {
      at(ms + FRAME_MS + (ms === 5_500 || ms === 5_980 ? 300 : 0));
      recorder.captured(tone(FRAME_MS, 900), page + ms);
    }
    at(9_000);
    await recorder.end();
    expect(spans(said("customer", 9_000))).toEqual([[5_000, 6_000]]);
  });

  test("compares the clocks anew after a silence: a page's clock may have stood still, or be another page's", async () => {
    const { recorder, at, said } = open();
    for (const [heardAt, capturedMs] of [
      [1_000, 1_000],
      [20_000, 1_200],
    ] as const) {
      at(heardAt + 200);
      recorder.captured(tone(200, 900), capturedMs);
    }
    recorder.otherClock();
    at(21_200);
    recorder.captured(tone(200, 900), 5);
    at(30_000);
    await recorder.end();
    expect(spans(said("customer", 30_000))).toEqual([
      [1_000, 1_200],
      [20_000, 20_200],
      [21_000, 21_200],
    ]);
  });

  test("has of the answer what was heard, when it was heard, and nothing that was cut", async () => {
    const { recorder, at, said } = open();
    at(1_000);
    // All of it is sent at once, in two pieces.
    recorder.sent(tone(1_000, 500), 16_000, 0);
    recorder.sent(tone(2_000, 1_000), 16_000, 1_000);
    for (const [ms, heard] of [
      [1_500, 250],
      [1_760, 500],
      [1_990, 750],
      [2_250, 1_000],
      [2_500, 1_250],
    ] as const) {
      at(ms);
      recorder.heard(heard);
    }
    at(2_600);
    recorder.cut(1_350);
    at(4_000);
    recorder.sent(tone(500, 2_000), 16_000, 1_350);
    at(4_600);
    recorder.heard(1_850);
    at(5_000);
    await recorder.end();
    const heard = said("assistant", 5_000);
    expect(spans(heard)).toEqual([
      [1_250, 2_600],
      [4_100, 4_600],
    ]);
    // The second piece follows where the first was heard to its end.
    expect([1_300, 2_240, 2_260, 4_300].map((ms) => heard[ms])).toEqual([500, 500, 1_000, 2_000].map(heardAs));
  });

  test("brings the assistant's voice to the rate of the recording", async () => {
    const { recorder, at, said, pieces } = open();
    for (let place = 0; place < 1_000; place += 100) recorder.sent(tone(100, 8_000, 24_000), 24_000, place);
    at(1_000);
    recorder.heard(1_000);
    await recorder.end();
    expect(pieces.map(({ audio }) => audio.length)).toEqual([16_000]);
    expect(new Set(said("assistant", 1_000).slice(50, 900))).toEqual(new Set([heardAs(8_000)]));
  });

  test("is written while the call goes on, in pieces of at most five seconds", async () => {
    const { recorder, at, pieces } = open();
    for (let ms = 0; ms < 12_000; ms += 100) {
      at(ms + 100);
      recorder.captured(tone(100, 900), ms);
    }
    await expect
      .poll(() => pieces.map(({ from, audio }) => [from, audio.length]))
      .toEqual([
        [0, 80_000],
        [80_000, 80_000],
      ]);
    at(20_000);
    recorder.heard(0);
    await expect.poll(() => pieces.at(-1)).toMatchObject({ from: 160_000, audio: { length: 32_000 } });
  });

  test("is as long as the call, and takes nothing after it", async () => {
    const { recorder, at, pieces, ended } = open();
    at(3_000);
    await recorder.end();
    recorder.captured(tone(20, 900), 0);
    recorder.sent(tone(20, 900), 16_000, 0);
    recorder.heard(20);
    await recorder.end();
    expect(ended).toEqual([START + 3_000, 3_000]);
    expect(pieces).toEqual([]);
  });

  test("keeps two hours of a call", async () => {
    const { recorder, at, pieces, ended } = open();
    const hours = 2 * 60 * 60_000;
    at(hours);
    recorder.captured(tone(400, 900), hours - 400);
    at(hours + 60_000);
    recorder.captured(tone(400, 900), hours + 59_600);
    recorder.sent(tone(400, 900), 16_000, 0);
    recorder.heard(400);
    await recorder.end();
    expect(pieces.map(({ side, from, audio }) => [side, from + audio.length])).toEqual([["customer", hours * 16]]);
    expect(ended[1]).toBe(hours);
  });

  test("ends silently when its conversation is erased, and with a warning when it cannot be written", async () => {
    for (const [options, count] of [
      [{ begins: false }, 0],
      [{ append: async () => false }, 0],
      [{ append: () => Promise.reject(new Error("disk full")) }, 1],
    ] as const) {
      const { recorder, at, warned, ended } = open(options);
      at(1_000);
      recorder.captured(tone(200, 900), 0);
      at(8_000);
      recorder.captured(tone(200, 900), 7_000);
      await recorder.end();
      expect(warned).toHaveLength(count);
      expect(ended).toEqual([]);
    }
  });
});
