/** Turns of which an engine lost the beginning: their end alone is not judged. */
import { expect, test } from "vitest";
import { SpeechError } from "../../../server/speech/ports/speech-error.ts";
import { calls, hears } from "./approval-stage.ts";
import { openStage, type Stage } from "./call-stage.ts";
import { beginAnswer, cough, interrupted } from "./interrupting.ts";

const PHRASE = "Yes, approve it.";
const broken = new SpeechError("broken", "The ears broke.");
const sent = ({ asked }: Stage) => asked.flatMap(([method, request]) => (method === "send" ? [(request as { text: string }).text] : []));

test("an engine that fails while the customer speaks: the end alone is not judged, and they are told once they are done", async () => {
  const call = await calls();
  await hears(call);
  const { stage, page, decided } = call;
  await page.begin();
  await stage.forward(500);
  stage.hearing.session.partial("do not");
  await stage.settle();
  stage.hearing.session.fail(broken);
  await stage.forward(100);
  expect(stage.hearing.sessions).toHaveLength(2);
  page.call.frame({ type: 1, flags: 0, seq: 0, timeMs: 6_000, audio: new Uint8Array(3_200) });
  await stage.forward(500);
  expect(page.of("trouble")).toEqual([]);
  await page.quiet();
  await stage.forward(700);
  // The new session has heard nothing of it.
  expect(stage.hearing.session).toMatchObject({ bytes: 0, ended: 0 });
  expect(page.of("trouble")).toEqual([{ type: "trouble", code: "not-heard" }]);
  await page.playOut();
  expect(page.sayings.at(-1)).toBe("Sorry, I could not hear that. Could you say it again?");
  expect(decided).toEqual([]);
  // What is said then is heard as ever.
  await stage.forward(1_000);
  await page.speak(PHRASE);
  expect(decided).toMatchObject([{ decision: "approved" }]);
  expect(sent(stage)).toEqual([]);
});

test("the model is not begun on words of a turn that is lost", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  await stage.forward(500);
  stage.hearing.session.partial("please do not cancel it");
  await stage.settle();
  stage.hearing.session.fail(broken);
  await stage.settle();
  await page.quiet();
  await stage.forward(700);
  expect(stage.asked.map(([method]) => method)).not.toContain("ahead");
});

test("a turn that begins while there is no engine is lost, though there is one at its end", async () => {
  const stage = openStage();
  const page = await stage.call();
  stage.hearing.session.fail(broken);
  await stage.settle();
  await stage.forward(20);
  stage.hearing.session.fail(broken);
  await stage.settle();
  // The next one comes after half a second.
  await page.begin();
  await stage.forward(600);
  expect(stage.hearing.sessions).toHaveLength(3);
  page.call.frame({ type: 1, flags: 0, seq: 0, timeMs: 6_000, audio: new Uint8Array(3_200) });
  await page.quiet();
  await stage.forward(700);
  expect(stage.hearing.session).toMatchObject({ bytes: 0, ended: 0 });
  expect(page.of("trouble")).toEqual([{ type: "trouble", code: "not-heard" }]);
});

test("of two turns that one engine takes along the customer is told once", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  await stage.forward(500);
  await page.quiet();
  await stage.forward(700);
  await page.begin();
  await stage.forward(300);
  stage.hearing.session.fail(broken);
  await stage.forward(100);
  await page.quiet();
  await stage.forward(700);
  await page.playOut();
  expect(page.sayings).toEqual(["Sorry, I could not hear that. Could you say it again?"]);
  await page.speak("where is my order");
  expect(sent(stage)).toEqual(["where is my order"]);
});

test("an interruption whose words were lost is over: the answer goes on once, and a cough later brings nothing back", async () => {
  const stage = openStage();
  const page = await stage.call();
  await stage.answer("It is on its way. It comes tomorrow.");
  await page.play(300);
  await page.begin();
  await page.cut();
  await stage.forward(300);
  stage.hearing.session.fail(broken);
  await stage.forward(100);
  await page.quiet();
  await stage.forward(700);
  await page.playOut();
  const answer = ["It is on its way.", "It comes tomorrow."];
  const said = [...answer, ...answer, "Sorry, I could not hear that. Could you say it again?"];
  expect(stage.speaking.said).toEqual(said);
  await page.speak("", 300);
  await page.playOut();
  expect(stage.speaking.said).toEqual(said);
});

test("an answer that was lost is waited for no longer than one that nobody gave", async () => {
  const call = await calls();
  await hears(call);
  const { stage, page } = call;
  await page.begin();
  await stage.forward(500);
  stage.hearing.session.fail(broken);
  await stage.forward(100);
  await page.quiet();
  await stage.forward(700);
  await page.playOut();
  await stage.forward(8_000);
  expect(page.sayings).toContain("Once more, about Refund order.");
});

test("a page that is gone in the middle of an interruption, and comes back with nothing to say: the answer goes on", async () => {
  const stage = openStage();
  const page = await stage.call();
  await stage.answer("It is on its way. It comes tomorrow.");
  await page.play(300);
  await page.begin();
  await page.cut();
  // Longer than a page takes to tell of a sound.
  await stage.forward(1_500);
  await page.lose();
  await stage.forward(2_000);
  const back = await stage.call();
  await back.play(1_200);
  await back.playOut();
  expect(back.sayings).toEqual(["It is on its way.", "It comes tomorrow."]);
  expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "It is on its way. It comes tomorrow." });
});

test("a page that is back and says again what interrupted: it interrupts", async () => {
  const stage = openStage();
  const page = await stage.call();
  await stage.answer("It is on its way. It comes tomorrow.");
  await page.play(300);
  await page.begin();
  await page.cut();
  await stage.forward(300);
  await page.lose();
  // What was understood of it counts for nothing.
  stage.hearing.session.final("no, the");
  await stage.forward(2_000);
  const back = await stage.call();
  await back.speak("no, the other order");
  await back.playOut();
  expect(back.sayings).toEqual([]);
  expect(sent(stage)).toEqual(["no, the other order"]);
});

test("an interruption in a turn that an engine took along, of which the customer knows already: the answer goes on", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  await stage.forward(500);
  await page.quiet();
  await stage.forward(700);
  // What the engine understood of it is not there yet.
  await stage.answer("It is on its way. It comes tomorrow.");
  await page.begin();
  await page.cut();
  await stage.forward(300);
  stage.hearing.session.fail(broken);
  await stage.forward(2_000);
  await page.quiet();
  await stage.forward(700);
  await page.play(1_200);
  await page.playOut();
  expect(page.sayings).toEqual(["It is on its way.", "It comes tomorrow.", "Sorry, I could not hear that. Could you say it again?"]);
});

test("words of a turn that counts for nothing stop no model at the next cough", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  stage.hearing.session.partial("where is");
  await stage.settle();
  await page.lose();
  const back = await beginAnswer(stage, "It is on its way. It comes ");
  await back.play(300);
  await cough(stage, back);
  expect(interrupted(stage)).toBe(0);
});
