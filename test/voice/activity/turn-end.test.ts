import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quietNeeded, TurnEnd, type TurnEvent } from "../../../voice/activity/turn-end.ts";

/** Somebody spoke until 5,000 ms, and this was understood. */
function after(text: string): TurnEnd {
  const turn = new TurnEnd();
  turn.accept({ type: "speech-started", atMs: 4064, voiceMs: 4000, fromMs: 3600 });
  turn.understood(text, 4900);
  turn.accept({ type: "speech-paused", atMs: 5096, sinceMs: 5000 });
  return turn;
}

const types = (events: readonly TurnEvent[]): readonly string[] => events.map(({ type }) => type);

describe("how long it has to be quiet", () => {
  test.each([
    ["", 600],
    ["where is my order", 600],
    ["yes", 350],
    ["Yes, please.", 350],
    ["Ja, genau!", 350],
    ["d'accord", 350],
    ["yes but", 1200],
    ["Yes, and", 1200],
    ["because", 1200],
    ["my name is Anna,", 1200],
    ["it is 10", 1200],
    ["The number is 1042.", 1200],
    ["ich hätte gern ein", 1200],
    ["what is that", 600],
    ["yes it is", 600],
    ["please cancel it.", 600],
  ])("%j: %d ms", (text, expected) => {
    expect(quietNeeded(text)).toBe(expected);
  });
});

test("the model may begin after 350 ms, and the turn ends after 600 ms", () => {
  const turn = after("where is my order");
  expect(turn.nextMs).toBe(5350);
  expect(turn.passTo(5349)).toEqual([]);
  expect(turn.passTo(5350)).toEqual([{ type: "turn-likely", atMs: 5350, text: "where is my order" }]);
  expect(turn.nextMs).toBe(5600);
  expect(turn.passTo(5599)).toEqual([]);
  expect(turn.passTo(5600)).toEqual([{ type: "turn-ended", atMs: 5600, sinceMs: 5000, text: "where is my order" }]);
  expect(turn.nextMs).toBeUndefined();
  expect(turn.passTo(9000)).toEqual([]);
});

test("after a confirming word it ends at once, without a beginning", () => {
  expect(types(after("yes").passTo(5350))).toEqual(["turn-ended"]);
});

test("what the model began is void when they speak on", () => {
  const turn = after("where is my order");
  turn.passTo(5350);
  expect(turn.accept({ type: "speech-resumed", atMs: 5400 })).toEqual([{ type: "turn-resumed", atMs: 5400 }]);
  expect(turn.passTo(9000)).toEqual([]);
});

test("and when more was understood; not when only its punctuation changed", () => {
  const turn = after("where is my");
  turn.passTo(5350);
  expect(types(turn.understood("where is my order", 5400))).toEqual(["turn-resumed", "turn-likely"]);
  expect(turn.understood("Where is my order?", 5500)).toEqual([]);
  expect(turn.passTo(5600)).toMatchObject([{ type: "turn-ended", text: "Where is my order?" }]);
});

test("a word that arrives late may make it longer", () => {
  const turn = after("where is my order");
  turn.passTo(5350);
  expect(types(turn.understood("where is my order and", 5500))).toEqual(["turn-resumed", "turn-likely"]);
  expect(turn.passTo(6199)).toEqual([]);
  expect(types(turn.passTo(6200))).toEqual(["turn-ended"]);
});

test("what was due before an event happened before it", () => {
  const turn = after("where is my order");
  expect(types(turn.accept({ type: "speech-resumed", atMs: 5700 }))).toEqual(["turn-ended"]);
});

test("what is understood after the end belongs to no new turn", () => {
  const turn = after("where is my order");
  turn.passTo(5600);
  expect(turn.understood("where is my order please", 5700)).toEqual([]);
  turn.accept({ type: "speech-started", atMs: 8000, voiceMs: 7936, fromMs: 7600 });
  turn.accept({ type: "speech-paused", atMs: 8196, sinceMs: 8100 });
  expect(turn.passTo(8700)).toMatchObject([{ type: "turn-ended", text: "" }]);
});

test("in any order of events a turn ends once, and only what began is resumed", () => {
  const speech = fc.constantFrom("speech-started", "speech-paused", "speech-resumed", "speech-ended", "doubt", "doubt-over");
  const act = fc.oneof(speech, fc.constantFrom("say where is it", "say yes", "say and", "pass"));
  fc.assert(
    fc.property(fc.array(fc.tuple(act, fc.integer({ min: 0, max: 700 })), { maxLength: 100 }), (acts) => {
      const turn = new TurnEnd();
      let [atMs, isOpen, isLikely] = [0, false, false];
      for (const [name, waitMs] of acts) {
        atMs += waitMs;
        const events = name.startsWith("say")
          ? turn.understood(name.slice(4), atMs)
          : name === "pass"
            ? turn.passTo(atMs)
            : turn.accept({ type: name, atMs, voiceMs: atMs - 64, fromMs: atMs - 400, sinceMs: atMs - 96 } as never);
        for (const { type } of events) {
          expect(isOpen).toBe(true);
          if (type === "turn-likely") expect(isLikely).toBe(false);
          if (type === "turn-resumed") expect(isLikely).toBe(true);
          isLikely = type === "turn-likely";
          if (type === "turn-ended") isOpen = false;
        }
        if (name === "speech-started") isOpen = true;
        // Nothing that is due is left waiting.
        expect(turn.nextMs ?? Infinity).toBeGreaterThan(atMs);
      }
    }),
  );
});
