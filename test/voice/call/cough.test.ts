/** A sound in which nothing is said takes no answer away, whenever it comes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { openStage, type Stage } from "./call-stage.ts";
import { beginAnswer, cough, endAnswer, interrupted, quiet, sent, TOOL } from "./interrupting.ts";

test("while the model writes: it is not stopped, and all of the answer is heard", async () => {
  const stage = openStage();
  const page = await beginAnswer(stage, "It is on its way. It comes ");
  await page.play(300);
  await page.begin();
  await page.cut();
  expect(page.phase).toBe("listening");
  await stage.text("tomorrow. Really.", { offset: 27 });
  await quiet(stage, page);
  expect(interrupted(stage)).toBe(0);
  await endAnswer(stage, "It is on its way. It comes tomorrow. Really.", 44);
  await page.playOut();
  await page.playOut();
  expect(page.sayings).toEqual(["It is on its way.", "It is on its way.", "It comes tomorrow.", "Really."]);
  expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "It is on its way. It comes tomorrow. Really." });
  expect(page.of("hush")).toHaveLength(1);
});

test("between two sentences, while the model thinks of the next: what follows is said", async () => {
  const stage = openStage();
  const page = await beginAnswer(stage, "It is on its way. And");
  await page.playOut();
  await cough(stage, page);
  await stage.text(" that is all.", { offset: 21 });
  await endAnswer(stage, "It is on its way. And that is all.", 34);
  await page.playOut();
  expect(page.sayings).toEqual(["It is on its way.", "And that is all."]);
  expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "It is on its way. And that is all." });
});

test("after the last word of a step that is not over yet: the journal says that all of it was heard", async () => {
  const stage = openStage();
  const page = await beginAnswer(stage, "It is on its way. ");
  await page.playOut();
  await cough(stage, page);
  await endAnswer(stage, "It is on its way. ", 18);
  await page.playOut();
  expect(page.sayings).toEqual(["It is on its way."]);
  expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "It is on its way. " });
});

test("while a tool runs: what it cut is said again before what is said after the tool", async () => {
  const stage = openStage();
  const page = await beginAnswer(stage, "Let me look that up for you.");
  await stage.emit(
    { type: "step-ended", turnId: "turn-one", step: 0, text: "Let me look that up for you." },
    { type: "tool-call-started", ...TOOL, attempt: 1 },
  );
  await page.play(300);
  await page.begin();
  await page.cut();
  await stage.emit({ type: "tool-call-ended", ...TOOL, outcome: "ok" });
  await stage.text("It is here.", { step: 1 });
  await stage.emit(
    { type: "step-ended", turnId: "turn-one", step: 1, text: "It is here." },
    { type: "turn-ended", turnId: "turn-one", outcome: "done" },
  );
  await quiet(stage, page);
  await page.playOut();
  await page.playOut();
  expect(page.sayings.slice(1)).toEqual(["Let me look that up for you.", "It is here."]);
  expect(
    stage
      .heard()
      .slice(-2)
      .map(({ type }) => type),
  ).toEqual(["speech-heard", "speech-heard"]);
});

test("in the greeting, and in a notice: they are said again", async () => {
  const stage = openStage({ voice: { greeting: "Hello, this is the shop." } });
  const page = await stage.call();
  await page.play(300);
  await cough(stage, page);
  await page.playOut();
  expect(page.sayings).toEqual(["Hello, this is the shop.", "Hello, this is the shop."]);
  expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "Hello, this is the shop." });
});

test("the page stops for a sound that never becomes a turn: the answer goes on", async () => {
  const stage = openStage();
  const page = await beginAnswer(stage, "It is on its way. It comes tomorrow.");
  await page.play(300);
  await page.cut();
  await endAnswer(stage, "It is on its way. It comes tomorrow.", 36);
  await page.playOut();
  await page.play(1_000);
  await page.playOut();
  expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "It is on its way. It comes tomorrow." });
});

test("two coughs, one after the other: the answer goes on after the second", async () => {
  const stage = openStage();
  const page = await beginAnswer(stage, "It is on its way. It comes ");
  await page.play(300);
  await page.begin();
  await page.cut();
  await page.quiet();
  await stage.forward(620);
  // It is heard again before it is known what the first one was.
  await page.begin();
  stage.hearing.session.final("");
  await stage.settle();
  await stage.text("tomorrow.", { offset: 27 });
  await stage.forward(300);
  expect(page.sayings).toHaveLength(1);
  await quiet(stage, page);
  await endAnswer(stage, "It is on its way. It comes tomorrow.", 36);
  await page.playOut();
  await page.playOut();
  expect(interrupted(stage)).toBe(0);
  expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "It is on its way. It comes tomorrow." });
});

/** What a step writes, piece by piece; a tool runs between the two. */
const STEPS = [
  ["Let me look that up ", "for you. One ", "moment. "],
  ["It is on its way. ", "It comes tomorrow, at ", "noon. And ", "that is all."],
];

test("coughs at any moments: all of the answer is heard at last, nothing is stopped, and no message is sent", async () => {
  const moments = fc.array(fc.constantFrom("write", "write", "play", "cough", "begin", "cut", "end", "lose"), {
    minLength: 4,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(moments, async (names) => {
      const stage = openStage();
      const answer = writer(stage);
      let page = await stage.call();
      let isHeard = false;
      const end = async (): Promise<void> => {
        if (isHeard) await quiet(stage, page);
        isHeard = false;
      };
      const actions: Record<string, () => Promise<unknown>> = {
        write: () => answer.write(),
        play: () => page.play(400),
        cut: () => page.cut(),
        begin: async () => {
          if (!isHeard) await page.begin();
          isHeard = true;
        },
        end,
        cough: async () => (isHeard ? undefined : cough(stage, page)),
        lose: async () => {
          await end();
          await page.lose();
          page = await stage.call();
        },
      };
      for (const name of names) await actions[name]?.();
      await end();
      while (answer.isOpen) await answer.write();
      await page.play(1_100);
      for (let times = 0; times < 9; times++) await page.playOut();
      const last = (step: number) => stage.written.findLast((one) => "step" in one && one.step === step);
      for (const [step, pieces] of STEPS.entries()) expect(last(step)).toMatchObject({ type: "speech-heard", text: pieces.join("") });
      expect([interrupted(stage), sent(stage)]).toEqual([0, 0]);
      await page.take({ type: "call-end" });
      expect(stage.clock.next()).toBeUndefined();
    }),
    { numRuns: 40 },
  );
});

/** Writes the steps, a piece, a step's end, or the tool's end at each `write`. */
function writer(stage: Stage) {
  const turn = { turnId: "turn-one" };
  const tool = { ...turn, callId: "tool-call-one" };
  async function* write(): AsyncGenerator<void, void> {
    await stage.emit({ type: "turn-started", ...turn, messageId: "message-one" });
    for (const [step, pieces] of STEPS.entries()) {
      let text = "";
      for (const piece of pieces) {
        await stage.text(piece, { step, offset: text.length });
        text += piece;
        yield;
      }
      await stage.emit({ type: "step-ended", ...turn, step, text });
      if (step === 0) await stage.emit({ type: "tool-call-started", ...tool, attempt: 1 });
      yield;
      if (step === 0) await stage.emit({ type: "tool-call-ended", ...tool, outcome: "ok" });
    }
    await stage.emit({ type: "turn-ended", ...turn, outcome: "done" });
  }
  const writing = write();
  const one = {
    isOpen: true,
    write: async () => void (one.isOpen = (await writing.next()).done !== true),
  };
  return one;
}
