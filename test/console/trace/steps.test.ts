import { expect, test } from "vitest";
import { axisOf } from "../../../console/screens/inbox/conversation/trace/axis.ts";
import { findStep, searchSteps } from "../../../console/screens/inbox/conversation/trace/search-steps.ts";
import { durationOf } from "../../../console/screens/inbox/conversation/trace/step.ts";
import { stepsOf } from "../../../console/screens/inbox/conversation/trace/steps-of.ts";
import { longStory, numbered, REFUND_STORY } from "./journal.ts";

const story = numbered(REFUND_STORY);
const steps = stepsOf(story);
const END = story.at(-1)!.at;
const rows = (found: typeof steps) =>
  found.map(({ kind, depth, outcome }) => [depth, kind, outcome].filter((part) => part !== undefined).join(" "));
const one = (kind: string, name?: string) => steps.find((step) => step.kind === kind && (name === undefined || step.name === name))!;

test("a journal has a row for each step, the parts of a turn under it, and what a call waited for under the call", () => {
  expect(rows(steps)).toEqual([
    "0 message",
    "0 turn failed",
    "1 model",
    "1 call ok",
    "1 model",
    "1 call settled",
    "2 approval approved-changed",
    "2 sign-in connected",
    "2 question accept",
    "2 sampling ok",
    "1 model broken",
    "1 end failed",
    "0 note",
    "0 settled",
    "0 person",
    "0 person",
    "0 person",
    "0 person",
    "0 summary",
    "0 feedback",
    "0 person",
  ]);
});

test("a model step begins so long before its event, and its first token is marked", () => {
  const { from, to, marks, spans } = one("model");
  expect(to! - from).toBe(2_380);
  expect(marks).toEqual([{ at: from + 610, what: "first-token" }]);
  expect(spans).toEqual([{ from, to, tone: "model" }]);
});

test("a call is busy while the server works, waits while people do, and is failed where it ended so", () => {
  const { spans } = one("call", "Refund an order");
  expect(spans.map(({ from, to, tone }) => [tone, to! - from])).toEqual([
    ["tool", 300],
    ["tool", 400],
    ["failed", 1_600],
  ]);
  const waited = ["approval", "sign-in", "question"].map((kind) => [one(kind).spans.map(({ tone }) => tone), durationOf(one(kind), END)]);
  expect(waited).toEqual([
    [["waiting"], 7_200_000],
    [["waiting"], 45_000],
    [["waiting"], 30_000],
  ]);
});

test("who gave the approval, and what they changed, is among its events", () => {
  expect(one("approval").events.map(({ type }) => type)).toEqual(["approval-requested", "approval-given", "approval-decided"]);
});

test("what somebody settled is a step of its own at its time, and the call keeps what was known then", () => {
  const settled = one("settled");
  const call = one("call", "Refund an order");
  expect(settled.from - call.to!).toBeGreaterThanOrEqual(60_000);
  expect(settled).toMatchObject({ depth: 0, name: "Refund an order: Seen in the bank's list." });
  expect(call).toMatchObject({ outcome: "settled", isFailed: false });
  const left = story.map((event) => (event.type === "tool-call-settled" ? { ...event, outcome: "unknown" as const } : event));
  expect(stepsOf(left).find(({ name }) => name === "Refund an order")).toMatchObject({ outcome: "unknown", isFailed: true });
  const later = stepsOf(story.filter(({ type }) => type === "tool-call-settled"));
  expect(rows(later)).toEqual(["0 settled"]);
});

test("a turn under way has a row for the model while nothing else is, and none while a call waits", () => {
  const asked = numbered(REFUND_STORY.slice(0, 2));
  expect(rows(stepsOf(asked))).toEqual(["0 message", "0 turn", "1 model"]);
  expect(stepsOf(asked).at(-1)).toMatchObject({ from: asked[1]!.at, spans: [{ tone: "model" }] });
  expect(rows(stepsOf(numbered(REFUND_STORY.slice(0, 9)))).at(-1)).toBe("2 approval");
  expect(one("turn").to).toBeDefined();
});

test("a journal that begins in the middle of a turn has the rest of it, and every event of it is found by its number", () => {
  for (let from = 0; from < story.length; from += 1) {
    const part = stepsOf(story.slice(from));
    for (const { seq, type } of story.slice(from)) {
      // The beginning of a turn and its end are its own row's; all others are some row's.
      if (type !== "turn-ended") expect([from, seq, findStep(part, String(seq))?.kind]).not.toContain(undefined);
    }
  }
});

test("words find the steps that hold them all, in names and in events", () => {
  expect(searchSteps(steps, "refund LID").map(({ kind }) => kind)).toEqual(["approval"]);
  expect(searchSteps(steps, "bank's list").map(({ kind }) => kind)).toEqual(["call", "settled"]);
  expect(searchSteps(steps, "  ")).toHaveLength(steps.length);
});

test("hours of waiting take little room, with a break in sight, and seconds stay apart", () => {
  const axis = axisOf(steps, END);
  const model = one("model");
  expect(axis.place(model.to!) - axis.place(model.from)).toBeGreaterThan(0.05);
  expect(axis.breaks.length).toBeGreaterThan(1);
  expect(axis.breaks.reduce((sum, { start, end }) => sum + end - start, 0)).toBeLessThanOrEqual(0.41);
  expect(Math.max(...axis.breaks.map(({ from, to }) => to - from))).toBe(3_600_000);
  expect(axis.place(steps[0]!.from)).toBe(0);
  expect(axis.place(END)).toBe(1);
});

test("the axis never goes backwards, and its ticks are in order and apart", () => {
  for (const given of [steps, stepsOf(numbered(longStory(400))), steps.slice(0, 1), []]) {
    const axis = axisOf(given, END);
    const times = given.flatMap(({ from, to }) => [from, to ?? END]).toSorted((a, b) => a - b);
    const places = times.map(axis.place);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places.every((place) => place >= 0 && place <= 1)).toBe(true);
    const ticks = axis.ticks.map(({ at }) => at);
    expect(ticks.every((at, index) => index === 0 || at - ticks[index - 1]! >= 0.119)).toBe(true);
  }
});

test("sixty thousand events are read into steps without a pause that is felt", () => {
  const events = numbered(longStory(7_500));
  const begun = performance.now();
  const found = stepsOf(events);
  const spent = performance.now() - begun;
  expect(found).toHaveLength(45_000);
  expect(spent).toBeLessThan(3_000);
});
