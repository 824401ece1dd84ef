import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { SpeakOptions, Speaking, WrittenPiece } from "../../../server/speech/ports/speaking.ts";
import { EngineSpeaking } from "../../../server/voice/speaking/engine-speaking.ts";
import { ManualClock } from "../../support/manual-clock.ts";

/** A voice that remembers what it said, and what of it was heard. */
function openVoice() {
  const asked: { text: string; piece: WrittenPiece | undefined }[] = [];
  const cuts: { written: string; heardMs: number }[] = [];
  const heard: string[] = [];
  const speaking: Speaking = {
    name: "voice",
    async *speak(text: string, { piece }: SpeakOptions) {
      asked.push({ text, piece });
      yield { pcm: new Uint8Array(32_000), sampleRate: 16_000 };
    },
    cut: ({ written }, heardMs) => void cuts.push({ written, heardMs }),
    heard: ({ written }) => void heard.push(written),
  };
  const none = (): void => undefined;
  const line = { say: none, frame: none, close: none, waitingBytes: 0, codec: "pcm" } as const;
  const news = new Proxy({}, { get: () => none }) as ConstructorParameters<typeof EngineSpeaking>[1];
  const side = new EngineSpeaking({ speaking, language: "en", line: () => line, clock: new ManualClock() }, news);
  const say = async (kind: "answer" | "question", ...sentences: string[]): Promise<void> => {
    const saying = side.begin({ kind });
    for (const spoken of sentences) saying.say({ written: `${spoken} `, spoken });
    saying.finish();
    for (let rounds = 0; rounds < 50; rounds += 1) await turn();
  };
  return { side, say, asked, cuts, heard };
}

test("a voice is told which piece of the model's answer it says, and of no other words that they are the model's", async () => {
  const { say, asked } = openVoice();
  await say("answer", "Shall I refund it?");
  await say("question", "Shall I refund it?");
  expect(asked.map(({ text, piece }) => [text, piece?.written])).toEqual([
    ["Shall I refund it?", "Shall I refund it? "],
    ["Shall I refund it?", undefined],
  ]);
});

test("a voice is told how much of each piece was heard, of those that were not heard whole", async () => {
  const { side, say, cuts } = openVoice();
  await say("answer", "One.", "Two.", "Three.");
  // A second each.
  side.cut("speech", 1_400);
  expect(cuts).toEqual([
    { written: "Two. ", heardMs: 400 },
    { written: "Three. ", heardMs: 0 },
  ]);
});

test("a voice is told of each piece, once, that it was heard to its end", async () => {
  const { side, say, heard } = openVoice();
  await say("answer", "One.", "Two.", "Three.");
  side.take({ type: "heard", untilMs: 900 });
  expect(heard).toEqual([]);
  side.take({ type: "heard", untilMs: 1_000 });
  side.take({ type: "heard", untilMs: 1_400 });
  expect(heard).toEqual(["One. "]);
  side.take({ type: "heard", untilMs: 3_000 });
  expect(heard).toEqual(["One. ", "Two. ", "Three. "]);
});

test("a voice is told that nothing is heard of what is not said after all, and is asked anew for the rest", async () => {
  const { side, say, asked, cuts } = openVoice();
  side.hold(true);
  const dropped = { kind: "answer", turnId: "turn-one", step: 0 } as const;
  const saying = side.begin(dropped);
  saying.say({ written: "One. ", spoken: "One." });
  saying.finish();
  await say("answer", "Two.");
  side.drop((of) => of === dropped, "speech");
  side.hold(false);
  for (let rounds = 0; rounds < 50; rounds += 1) await turn();
  expect(asked.map(({ text }) => text)).toEqual(["One.", "Two."]);
  expect(cuts.map(({ written }) => written)).toEqual(["One. ", "Two. "]);
});
