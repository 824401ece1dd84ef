import { expect, test } from "vitest";
import { fromPcm16, toPcm16 } from "../../../voice/activity/pcm16.ts";
import { Resampler } from "../../../voice/activity/resampler.ts";
import { SpokenAnswer } from "../../../server/speech/realtime/spoken-answer.ts";
import { findSpeechPrograms, NO_SPEECH_PROGRAMS, startAudioServer } from "../../support/speech-programs.ts";
import { toneOf } from "../../support/realtime-answer.ts";
import { audioOf } from "../realtime-stage.ts";

const never = new AbortController().signal;
const MS_BYTES = 48;
const pieces = (...texts: string[]): { written: string }[] => texts.map((written) => ({ written }));
const programs = findSpeechPrograms();

function whole(...items: { text: string; audio: Buffer }[]): SpokenAnswer {
  const answer = new SpokenAnswer({ msPerCharacter: 65 });
  for (const [index, { text, audio }] of items.entries()) {
    answer.say(`item-${index}`, text);
    for (let at = 0; at < audio.length; at += 4_800) answer.sound(`item-${index}`, audio.subarray(at, at + 4_800));
  }
  answer.end();
  return answer;
}

test("pieces have all of the audio between them, in their order, also those that nobody asks for", async () => {
  const text = "One is here. Two is there, and so on. Three.";
  const audio = toneOf(text);
  const answer = whole({ text, audio });
  const [first, , third] = pieces("One is here. ", "Two is there, and so on. ", "Three.");
  if (first === undefined || third === undefined) throw new Error("There are three.");
  expect(answer.claim(first)).toBe(true);
  expect(answer.claim(third)).toBe(true);
  const heard = [await audioOf(answer.audioOf(first, never)), await audioOf(answer.audioOf(third, never))];
  expect(Buffer.concat(heard).equals(audio)).toBe(true);
});

test("words that are not among what is left of it are not its own", () => {
  const answer = whole({ text: "One. Two.", audio: toneOf("One. Two.") });
  const [one, two, other] = pieces("One. ", "Two.", "Three.");
  expect([two, one, other].map((piece) => piece !== undefined && answer.claim(piece))).toEqual([true, false, false]);
});

test("where an item of the provider ends, so does the audio of its last words", async () => {
  const [first, second] = [toneOf("A short one.", 300), toneOf("And a longer one.", 500)];
  const answer = whole({ text: "A short one.", audio: first }, { text: "And a longer one.", audio: second });
  expect(answer.text).toBe("A short one.\n\nAnd a longer one.");
  const [one, two] = pieces("A short one.\n\n", "And a longer one.");
  if (one === undefined || two === undefined) throw new Error("There are two.");
  for (const piece of [one, two]) answer.claim(piece);
  expect((await audioOf(answer.audioOf(one, never))).equals(first)).toBe(true);
  expect((await audioOf(answer.audioOf(two, never))).equals(second)).toBe(true);
  // And what was heard is told for each.
  answer.cut(two, 100);
  expect(answer.heardOfItems()).toEqual([{ itemId: "item-1", endMs: 100 }]);
});

test("what was heard to its end is not kept; what comes after it is", async () => {
  const text = "One is here. Two is there.";
  const audio = toneOf(text);
  const answer = whole({ text, audio });
  const [one, two] = pieces("One is here. ", "Two is there.");
  if (one === undefined || two === undefined) throw new Error("There are two.");
  answer.claim(one);
  answer.claim(two);
  const first = await audioOf(answer.audioOf(one, never));
  answer.heard(one);
  const second = await audioOf(answer.audioOf(two, never));
  expect(Buffer.concat([first, second]).equals(audio)).toBe(true);
  answer.heard(two);
  answer.cut(one, 0);
  expect(answer.claim(one)).toBe(true);
  expect(await audioOf(answer.audioOf(one, never))).toHaveLength(0);
});

test("what is said again after an interruption was heard as far as it was the first time, and is not cut any more", () => {
  const text = "One is here. Two is there.";
  const answer = whole({ text, audio: toneOf(text) });
  const [one, again] = pieces("One is here. ", "One is here. ");
  if (one === undefined || again === undefined) throw new Error("There are two.");
  answer.claim(one);
  answer.cut(one, 300);
  expect(answer.isCut).toBe(true);
  expect(answer.claim(again)).toBe(true);
  expect(answer.isCut).toBe(false);
  answer.cut(again, 100);
  expect(answer.isCut).toBe(true);
  expect(answer.heardOfItems()).toEqual([{ itemId: "item-0", endMs: 300 }]);
});

test("an abort ends a piece at once, with its reason, and what follows begins there", async () => {
  const answer = new SpokenAnswer({ msPerCharacter: 65 });
  answer.say("item", "A sentence. Another. ");
  const [one, two] = pieces("A sentence. ", "Another. ");
  if (one === undefined || two === undefined) throw new Error("There are two.");
  answer.claim(one);
  answer.claim(two);
  const abort = new AbortController();
  const audio = audioOf(answer.audioOf(one, abort.signal));
  abort.abort(new Error("they speak"));
  await expect(audio).rejects.toThrow("they speak");
  answer.sound("item", toneOf("Another."));
  answer.end();
  expect((await audioOf(answer.audioOf(two, never))).equals(toneOf("Another."))).toBe(true);
});

test.skipIf(programs === undefined)(
  `sentences of a real voice are told apart where it pauses${programs === undefined ? `: ${NO_SPEECH_PROGRAMS}` : ""}`,
  async () => {
    if (programs === undefined) return;
    const sentences = [
      "Your order left our house yesterday evening. ",
      "It should be with you tomorrow, before noon. ",
      "If nobody is at home, the neighbours may take it. ",
      "Yes. ",
      "Is there anything else that I can do for you?",
    ];
    const server = await startAudioServer(programs);
    const audio: Buffer[] = [];
    for (const input of sentences) {
      const body = JSON.stringify({ input, response_format: "pcm" });
      const said = await (await fetch(`${server.url}/audio/speech`, { method: "POST", body })).arrayBuffer();
      const samples = new Resampler(16_000, 24_000).resample([fromPcm16(new Uint8Array(said))]);
      audio.push(Buffer.from(toPcm16(samples)));
    }
    await server.close();
    const [text, sound] = [sentences.join(""), Buffer.concat(audio)];
    const offs: number[] = [];
    // As it comes in time, and all at once.
    for (const isWhole of [false, true]) {
      const answer = new SpokenAnswer({ msPerCharacter: 65 });
      const asked = pieces(...sentences);
      answer.say("item", text);
      if (isWhole) {
        answer.sound("item", sound);
        answer.end();
      }
      for (const piece of asked) answer.claim(piece);
      const heard = Promise.all(asked.map((piece) => audioOf(answer.audioOf(piece, never))));
      if (!isWhole) {
        for (let at = 0; at < sound.length; at += 9_600) {
          answer.sound("item", sound.subarray(at, at + 9_600));
          await new Promise(setImmediate);
        }
        answer.end();
      }
      let [ended, should] = [0, 0];
      for (const [index, one] of (await heard).slice(0, -1).entries()) {
        ended += one.length;
        should += audio[index]?.length ?? 0;
        offs.push(Math.abs(ended - should) / MS_BYTES);
      }
    }
    console.log(
      `Sentences end within ${Math.round(Math.max(...offs))} ms, half of them within ${Math.round(offs.toSorted((a, b) => a - b)[Math.floor(offs.length / 2)] ?? 0)} ms.`,
    );
    expect(Math.max(...offs)).toBeLessThan(900);
    expect(offs.toSorted((a, b) => a - b)[Math.floor(offs.length / 2)]).toBeLessThan(50);
  },
);
