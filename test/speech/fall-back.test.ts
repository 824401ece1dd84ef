import { expect, test } from "vitest";
import { FallBackHearing, FallBackSpeaking } from "../../server/speech/engines/fall-back.ts";
import { type Hearing, type HearingSession, type Transcript } from "../../server/speech/ports/hearing.ts";
import type { Speaking } from "../../server/speech/ports/speaking.ts";
import { SpeechError } from "../../server/speech/ports/speech-error.ts";
import { Channel } from "../../server/speech/engines/channel.ts";
import { allOf } from "../contract/speaking.ts";
import { listen } from "../contract/listening.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { waitFor } from "../support/wait-for.ts";
import { countedPcm } from "./speech-ports.ts";

const DOWN = new SpeechError("unreachable", "It cannot be reached.");
const PCM = countedPcm(400);

function voice(name: string, does: (text: string) => AsyncGenerator<Buffer, void>): Speaking & { asked: string[] } {
  const asked: string[] = [];
  return {
    name,
    asked,
    async *speak(text) {
      asked.push(text);
      for await (const pcm of does(text)) yield { pcm, sampleRate: 24_000 };
    },
  };
}

const works = async function* (): AsyncGenerator<Buffer, void> {
  yield PCM;
};
const fails = async function* (): AsyncGenerator<Buffer, void> {
  yield* [];
  throw DOWN;
};

function ports() {
  const failures: unknown[] = [];
  const clock = new ManualClock();
  return {
    clock,
    failures,
    onFailure: (error: SpeechError, engine: string, next: string | undefined) => void failures.push([error.kind, engine, next]),
  };
}

const { signal } = new AbortController();

test("a voice that says nothing for two seconds gives way, the last one does not", async () => {
  const told = ports();
  const silent = (name: string): Speaking => ({
    name,
    async *speak(_text, { signal: heard }) {
      yield* [];
      await new Promise((resolve) => heard.addEventListener("abort", resolve));
      throw heard.reason;
    },
  });
  const second = voice("second", works);
  const spoken = allOf(new FallBackSpeaking([silent("first"), second], told).speak("One.", { signal }));
  await waitFor(() => told.clock.next() !== undefined);
  told.clock.forward(1_999);
  expect(second.asked).toEqual([]);
  told.clock.forward(1);
  expect((await spoken).pcm).toEqual(PCM);
  expect(told.failures).toEqual([["silent", "first", "second"]]);

  const leave = new AbortController();
  const alone = allOf(new FallBackSpeaking([silent("alone")], told).speak("One.", { signal: leave.signal }));
  await waitFor(() => true);
  expect(told.clock.next()).toBeUndefined();
  leave.abort(new Error("gone"));
  await expect(alone).rejects.toThrow("gone");
});

test("a voice that gives no sound for words has failed: what nobody can hear is not taken for heard", async () => {
  const mute = async function* (): AsyncGenerator<Buffer, void> {
    yield* [];
  };
  const told = ports();
  const second = voice("second", works);
  const speaking = new FallBackSpeaking([voice("first", mute), second], told);
  expect((await allOf(speaking.speak("Amount: 23.50 euros.", { signal }))).pcm).toEqual(PCM);
  expect(told.failures).toEqual([["silent", "first", "second"]]);
  const alone = new FallBackSpeaking([voice("alone", mute)], told);
  await expect(allOf(alone.speak("Amount: 23.50 euros.", { signal }))).rejects.toMatchObject({ kind: "silent" });
  // Of these no voice says anything.
  for await (const audio of alone.speak("🙂 …", { signal })) expect(audio).toBeUndefined();
});

test("the next voice speaks where one fails before its first audio, and goes first for a minute", async () => {
  const [first, second] = [voice("first", fails), voice("second", works)];
  const told = ports();
  const speaking = new FallBackSpeaking([first, second], told);
  expect((await allOf(speaking.speak("One.", { signal }))).pcm).toEqual(PCM);
  expect((await allOf(speaking.speak("Two.", { signal }))).pcm).toEqual(PCM);
  expect(told.failures).toEqual([["unreachable", "first", "second"]]);
  expect(first.asked).toEqual(["One."]);
  told.clock.forward(60_000);
  await allOf(speaking.speak("Three.", { signal }));
  expect(first.asked).toEqual(["One.", "Three."]);
});

test("nothing is said twice: a voice that fails in the middle is not replaced in it", async () => {
  const second = voice("second", works);
  const half = async function* (): AsyncGenerator<Buffer, void> {
    yield PCM;
    throw new SpeechError("broken", "It broke off.");
  };
  const told = ports();
  const speaking = new FallBackSpeaking([voice("first", half), second], told);
  await expect(allOf(speaking.speak("One.", { signal }))).rejects.toMatchObject({ kind: "broken" });
  expect(second.asked).toEqual([]);
  await allOf(speaking.speak("Two.", { signal }));
  expect(second.asked).toEqual(["Two."]);
});

test("where all fail, or there is none, it says so", async () => {
  const told = ports();
  await expect(allOf(new FallBackSpeaking([voice("a", fails), voice("b", fails)], told).speak("x", { signal }))).rejects.toBe(DOWN);
  expect(told.failures).toEqual([
    ["unreachable", "a", "b"],
    ["unreachable", "b", undefined],
  ]);
  await expect(allOf(new FallBackSpeaking([], told).speak("x", { signal }))).rejects.toMatchObject({ kind: "misconfigured" });
});

test("an interruption is no failure", async () => {
  const abort = new AbortController();
  const cut = async function* (): AsyncGenerator<Buffer, void> {
    abort.abort(new Error("they speak"));
    yield* [];
    throw DOWN;
  };
  const second = voice("second", works);
  const told = ports();
  await expect(allOf(new FallBackSpeaking([voice("first", cut), second], told).speak("x", { signal: abort.signal }))).rejects.toBe(DOWN);
  expect([told.failures, second.asked]).toEqual([[], []]);
});

interface Ear extends Hearing {
  readonly sent: Buffer[];
  readonly ends: number[];
  readonly channel: Channel<Transcript>;
}

function ear(name: string): Ear {
  const sent: Buffer[] = [];
  const ends: number[] = [];
  const channel = new Channel<Transcript>();
  const session: HearingSession = {
    transcripts: channel,
    send: (pcm) => void sent.push(Buffer.from(pcm)),
    endTurn: () => void ends.push(sent.length),
    close: async () => channel.end(),
  };
  return { name, sent, ends, channel, open: () => session };
}

test("the next engine hears the whole turn of one that failed before a word of it, and turns are counted on", async () => {
  const [first, second] = [ear("first"), ear("second")];
  const told = ports();
  const session = new FallBackHearing([first, second], told).open({ signal });
  const listening = listen(session);
  session.send(PCM);
  session.endTurn();
  first.channel.put({ type: "final", turn: 0, text: "hello" });
  await waitFor(() => listening.heard.length === 1);
  session.send(PCM.subarray(0, 200));
  session.send(PCM.subarray(200, 400));
  session.endTurn();
  first.channel.fail(DOWN);
  await waitFor(() => second.ends.length === 1);
  session.send(PCM.subarray(400));
  second.channel.put({ type: "partial", turn: 0, text: "where" });
  second.channel.put({ type: "final", turn: 0, text: "where is it", confidence: 0.8 });
  second.channel.put({ type: "final", turn: 1, text: "thanks" });
  await waitFor(() => listening.heard.length === 4);
  expect(Buffer.concat(second.sent)).toEqual(Buffer.concat([PCM.subarray(0, 400), PCM.subarray(400)]));
  expect(second.ends).toEqual([2]);
  expect(listening.heard).toEqual([
    { type: "final", turn: 0, text: "hello" },
    { type: "partial", turn: 1, text: "where" },
    { type: "final", turn: 1, text: "where is it", confidence: 0.8 },
    { type: "final", turn: 2, text: "thanks" },
  ]);
  expect(told.failures).toEqual([["unreachable", "first", "second"]]);
  await session.close();
  expect(await listening.outcome).toBe("ended");
});

test("words that were told are not heard again by another engine", async () => {
  const [first, second] = [ear("first"), ear("second")];
  const session = new FallBackHearing([first, second], ports()).open({ signal });
  const listening = listen(session);
  session.send(PCM);
  first.channel.put({ type: "partial", turn: 0, text: "do not" });
  await waitFor(() => listening.heard.length === 1);
  first.channel.fail(new SpeechError("broken", "It broke off."));
  expect(await listening.outcome).toMatchObject({ kind: "broken" });
  expect(second.sent).toEqual([]);
});

test("the only engine, cut off before a word, hears the whole turn once more; the second time in a turn is told", async () => {
  const tries = [ear("only"), ear("only"), ear("only"), ear("only")];
  const left = [...tries];
  const only: Hearing = { name: "only", open: (options) => left.shift()!.open(options) };
  const told = ports();
  const session = new FallBackHearing([only], told).open({ signal });
  const listening = listen(session);
  const broken = new SpeechError("broken", "It closed the connection.");
  session.send(PCM.subarray(0, 200));
  tries[0]?.channel.fail(broken);
  // It may still be on its way to whoever reads.
  session.send(PCM.subarray(200));
  await waitFor(() => tries[1]?.sent.length === 2);
  session.endTurn();
  expect(Buffer.concat(tries[1]?.sent ?? [])).toEqual(PCM);
  expect(tries[1]?.ends).toEqual([2]);
  tries[1]?.channel.put({ type: "final", turn: 0, text: "where is my order" });
  await waitFor(() => listening.heard.length === 1);
  // What was understood is not said to it again.
  session.send(PCM);
  tries[1]?.channel.fail(DOWN);
  await waitFor(() => tries[2]?.sent.length === 1);
  tries[2]?.channel.fail(broken);
  expect(await listening.outcome).toBe(broken);
  expect(listening.heard).toEqual([{ type: "final", turn: 0, text: "where is my order" }]);
  expect(told.failures).toEqual([
    ["broken", "only", "only"],
    ["unreachable", "only", "only"],
    ["broken", "only", undefined],
  ]);
  expect(left).toHaveLength(1);
});

test.each(["key-refused", "quota", "busy", "misconfigured", "bad-audio", "silent"] as const)(
  "the only engine is not asked once more for what would come again: %s",
  async (kind) => {
    const only = ear("only");
    const told = ports();
    const listening = listen(new FallBackHearing([only], told).open({ signal }));
    only.channel.fail(new SpeechError(kind, "No."));
    expect(await listening.outcome).toMatchObject({ kind });
    expect(told.failures).toEqual([[kind, "only", undefined]]);
  },
);

test("without any engine a call hears why", async () => {
  const listening = listen(new FallBackHearing([], ports()).open({ signal }));
  expect(await listening.outcome).toMatchObject({ kind: "misconfigured" });
});
