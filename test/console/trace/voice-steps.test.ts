import { expect, test } from "vitest";
import { axisOf } from "../../../console/screens/inbox/conversation/trace/axis.ts";
import { findStep } from "../../../console/screens/inbox/conversation/trace/search-steps.ts";
import type { Step } from "../../../console/screens/inbox/conversation/trace/step.ts";
import { stepsOf } from "../../../console/screens/inbox/conversation/trace/steps-of.ts";
import { BEGUN, CUSTOMER, numbered } from "./journal.ts";
import { voiceCallId, VOICE_STORY } from "./voice-journal.ts";

const story = numbered(VOICE_STORY);
const steps = stepsOf(story);
const rows = (found: readonly Step[]) =>
  found.map(({ kind, depth, outcome }) => [depth, kind, outcome].filter((part) => part !== undefined).join(" "));
const named = (start: string) => steps.find(({ name }) => name.startsWith(start))!;
/** Since the call began. */
const since = (at: number | undefined) => (at === undefined ? undefined : at - BEGUN);
const spansOf = ({ spans }: Step) => spans.map(({ from, to, tone }) => [tone, since(from), since(to)]);
const marksOf = ({ marks = [] }: Step) => marks.map(({ at, what }) => [what, since(at)]);

test("what was heard is named as it sounded, without the marks of Markdown", () => {
  expect(steps.filter(({ kind, outcome }) => kind === "speech" && outcome === "cut-speech").map(({ name }) => name)).toEqual([
    "Your order 1042 was delivered yesterday at four. If any",
  ]);
});

test("a call has a row over all of it and one for its end, and what was said aloud is under its answer", () => {
  expect(rows(steps)).toEqual([
    "0 voice-call hung-up",
    "0 message",
    "0 turn done",
    "1 model",
    "1 call ok",
    "1 speech",
    "1 model",
    "1 speech cut-speech",
    "1 end done",
    "0 message",
    "0 turn done",
    "1 model",
    "1 call ok",
    "2 approval approved",
    "1 speech",
    "1 model",
    "1 speech",
    "1 end done",
    "0 speech cut-lost",
    "0 voice-end hung-up",
  ]);
  const [call] = steps;
  expect(spansOf(call!)).toEqual([["call", 0, 25_896]]);
  expect(call!.events.map(({ type }) => type)).toEqual(["voice-call-started", "voice-call-ended"]);
});

test("a spoken message is as long as somebody spoke, then until it was understood, with the first words marked", () => {
  const message = named("Where is");
  expect(spansOf(message)).toEqual([
    ["speech", 1_200, 3_100],
    ["hearing", 3_100, 3_550],
  ]);
  expect(marksOf(message)).toEqual([["partial", 3_240]]);
  // On the axis of one answer, what was asked is there as well.
  expect(message.turnId).toBe("turn-0001");
});

test("what was said aloud is where it was heard, counted from the end of the customer's speech, and marked where it was cut", () => {
  const cut = named("Your order");
  expect(spansOf(cut)).toEqual([["speech", 3_100 + 4_260, 10_168]]);
  expect(marksOf(cut)).toEqual([
    ["first-audio", 3_100 + 4_120],
    ["cut", 10_168],
  ]);
  expect(cut).toMatchObject({ turnId: "turn-0001", isFailed: false });
  // Where nobody spoke before it, by how long it was heard.
  expect(spansOf(named("I have refunded"))).toEqual([
    ["speech", since(named("I have refunded").to!)! - 1_300, since(named("I have refunded").to)],
  ]);
  expect(named("Are you still")).toMatchObject({ isFailed: true, spans: [], outcome: "cut-lost" });
});

test("gaps in the audio are said of what was heard whole", () => {
  const gaps = story.map((event) => (event.type === "speech-heard" ? { ...event, underruns: 2, underrunMs: 400 } : event));
  expect(stepsOf(gaps).find(({ kind }) => kind === "speech")?.outcome).toBe("gaps");
});

test("a call that is under way has no end, and one that failed is failed", () => {
  const open = stepsOf(story.slice(0, 4));
  expect(open[0]).toMatchObject({ kind: "voice-call", spans: [{ tone: "call" }] });
  expect(open[0]).not.toHaveProperty("to");
  const failed = story.map((event) => (event.type === "voice-call-ended" ? { ...event, reason: "engine" as const } : event));
  expect(
    stepsOf(failed)
      .filter(({ kind }) => kind.startsWith("voice"))
      .map(({ isFailed }) => isFailed),
  ).toEqual([true, true]);
});

test("a journal that begins in the middle of a call has the rest of it, and no answer that is not loaded goes on for ever", () => {
  for (let from = 1; from < story.length; from += 1) {
    const part = stepsOf(story.slice(from));
    const call = part.find(({ kind }) => kind === "voice-call");
    expect([from, call?.from]).toEqual([from, story.at(-1)!.at - 25_896]);
    expect([from, part.filter(({ to }) => to === undefined).map(({ kind }) => kind)]).toEqual([from, []]);
    for (const { seq, type } of story.slice(from))
      if (type !== "turn-ended") expect([from, seq, findStep(part, String(seq))?.kind]).not.toContain(undefined);
    expect(new Set(part.map(({ id }) => id)).size).toBe(part.length);
  }
});

test("speech is drawn to scale, and the call over all of it counts by what is in it", () => {
  const axis = axisOf(steps, story.at(-1)!.at);
  const long = axisOf(stepsOf(numbered([...VOICE_STORY.slice(0, -1), [3_600_000, VOICE_STORY.at(-1)![1]]])), BEGUN + 4_000_000);
  const message = named("Where is");
  expect(axis.place(message.to!) - axis.place(message.from)).toBeGreaterThan(0.05);
  expect(long.breaks.map(({ from, to }) => to - from)).toEqual([expect.closeTo(3_600_000, -4)]);
});

test("an answer that was interrupted while it was written stands above its interruption", () => {
  const [turnId, messageId] = ["turn-0009", "message-9"];
  const cut = stepsOf(
    numbered([
      [0, { type: "turn-started", turnId, messageId }],
      [900, { type: "speech-cut", voiceCallId, kind: "answer", turnId, step: 1, text: "The shop", unheard: " is open", cutBy: "speech" }],
      [5, { type: "stop-requested", turnId, by: CUSTOMER }],
      [5, { type: "step-ended", turnId, step: 1, text: "The shop is open: Tues", cut: "stopped", durationMs: 800, firstTokenMs: 300 }],
      [1, { type: "turn-ended", turnId, outcome: "stopped" }],
    ]),
  );
  expect(rows(cut)).toEqual(["0 turn stopped", "1 model stopped", "1 speech cut-speech", "1 stop", "1 end stopped"]);
});
