/** Words take an answer away, and nothing else that is said. */
import { expect, test } from "vitest";
import { openStage } from "./call-stage.ts";
import { BY_CUSTOMER, beginAnswer, endAnswer, interrupted, quiet, sent, TOOL } from "./interrupting.ts";

test("a cough, and then words: what the cough cut is not said any more", async () => {
  const stage = openStage();
  const page = await beginAnswer(stage, "It is on its way. It comes ");
  await page.play(300);
  await page.begin();
  await page.cut();
  await page.quiet();
  await stage.forward(620);
  await page.begin();
  stage.hearing.session.final("");
  await stage.settle();
  await quiet(stage, page, "what about tomorrow");
  await page.playOut();
  expect(interrupted(stage)).toBe(1);
  expect(sent(stage)).toBe(1);
  expect(page.sayings).toHaveLength(1);
});

test("words stop the model as soon as there are any, and what it wrote until then is not said", async () => {
  const stage = openStage();
  const page = await beginAnswer(stage, "It is on its way. It comes ");
  await page.play(300);
  await page.begin();
  await page.cut();
  expect(interrupted(stage)).toBe(0);
  stage.hearing.session.partial("");
  await stage.settle();
  expect(interrupted(stage)).toBe(0);
  stage.hearing.session.partial("what");
  await stage.settle();
  stage.hearing.session.partial("what about");
  await stage.settle();
  expect(interrupted(stage)).toBe(1);
  await stage.emit(
    { type: "stop-requested", turnId: "turn-one", by: BY_CUSTOMER },
    { type: "step-ended", turnId: "turn-one", step: 0, text: "It is on its way. It comes tomorrow.", cut: "stopped" },
    { type: "turn-ended", turnId: "turn-one", outcome: "stopped" },
  );
  await quiet(stage, page, "what about tomorrow");
  await page.playOut();
  expect(interrupted(stage)).toBe(1);
  expect(page.sayings).toEqual(["It is on its way."]);
  expect(stage.heard()).toEqual([{ type: "speech-cut", text: "It is", unheard: " on its way. " }]);
});

test("words that were none after all: what was written is said, and the customer is asked to say it again", async () => {
  const stage = openStage();
  const page = await beginAnswer(stage, "It is on its way. It comes ");
  await page.play(300);
  await page.begin();
  await page.cut();
  stage.hearing.session.partial("hum");
  await stage.settle();
  await stage.emit(
    { type: "stop-requested", turnId: "turn-one", by: BY_CUSTOMER },
    { type: "step-ended", turnId: "turn-one", step: 0, text: "It is on its way. It comes ", cut: "stopped" },
    { type: "turn-ended", turnId: "turn-one", outcome: "stopped" },
  );
  await quiet(stage, page);
  for (let times = 0; times < 3; times++) await page.playOut();
  expect(page.sayings.slice(1)).toEqual(["It is on its way.", "It comes", "Sorry, I could not hear that. Could you say it again?"]);
});

test("ears that break in the sound: what it cut is said, and the customer is asked to say it again", async () => {
  const stage = openStage();
  const page = await beginAnswer(stage, "It is on its way.");
  await endAnswer(stage, "It is on its way.", 17);
  await page.play(300);
  await page.begin();
  await page.cut();
  await page.quiet();
  await stage.forward(620);
  stage.hearing.session.fail();
  await stage.settle();
  await page.playOut();
  await page.playOut();
  expect(page.sayings.slice(1)).toEqual(["It is on its way.", "Sorry, I could not hear that. Could you say it again?"]);
});

test("words that are understood before the page says that it stopped stop the answer all the same", async () => {
  const stage = openStage({ voice: { hearing: [{ provider: "browser" }] as never } });
  const page = await beginAnswer(stage, "It is on its way. It comes ");
  await page.play(300);
  await page.take({ type: "transcript", text: "what about tomorrow", final: true });
  await page.cut();
  expect(interrupted(stage)).toBe(1);
  await page.play(3_000);
  expect(page.sayings).toEqual(["It is on its way."]);
  // A cough in the next answer is none of it.
  await stage.emit({ type: "turn-ended", turnId: "turn-one", outcome: "stopped" });
  await stage.answer("Tomorrow it comes.", "turn-two");
  await page.play(300);
  await page.cut();
  await page.play(1_000);
  await page.playOut();
  expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "Tomorrow it comes." });
});

test("what is written after a tool while the customer speaks is said, though they interrupted what came before it", async () => {
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
  await quiet(stage, page, "please hurry");
  await stage.emit({ type: "step-ended", turnId: "turn-one", step: 1, text: "It is here." });
  await page.playOut();
  await page.playOut();
  expect(interrupted(stage)).toBe(0);
  expect(page.sayings.slice(1)).toEqual(["It is here."]);
});
