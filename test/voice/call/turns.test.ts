import { expect, test } from "vitest";
import { SpeechError } from "../../../server/speech/ports/speech-error.ts";
import { openStage, type Stage } from "./call-stage.ts";

const sent = ({ asked }: Stage) => asked.flatMap(([method, request]) => (method === "send" ? [(request as { text: string }).text] : []));
const broken = new SpeechError("broken", "The ears broke.");

test("push-to-talk: a turn is as long as the key is held, whatever is heard meanwhile", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.take({ type: "talk", held: true, atMs: 1_000 });
  expect(page.phase).toBe("listening");
  await stage.forward(5_000);
  await page.quiet();
  await stage.forward(2_000);
  expect(stage.hearing.session.ended).toBe(0);
  await page.take({ type: "talk", held: false, atMs: 8_000 });
  expect(stage.hearing.session.ended).toBe(1);
  expect(page.phase).toBe("understanding");
  stage.hearing.session.final("where is my order");
  await stage.settle();
  expect(sent(stage)).toEqual(["where is my order"]);
});

test("muted, nothing is heard, and what was being said is over", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  await stage.forward(500);
  await page.take({ type: "mute", muted: true });
  expect(stage.hearing.session.ended).toBe(1);
  stage.hearing.session.final("hello");
  await page.begin();
  page.call.frame({ type: 1, flags: 0, seq: 0, timeMs: 0, audio: new Uint8Array(640) });
  await stage.forward(5_000);
  expect(stage.hearing.session).toMatchObject({ ended: 1, bytes: 0 });
  await page.take({ type: "mute", muted: false });
  await page.speak("I am back");
  expect(sent(stage)).toEqual(["hello", "I am back"]);
});

test("what is said after a turn has ended, before the speech has, is the next one", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.speak("where is my order");
  await page.take({ type: "speech", event: "resumed", atMs: 7_000 });
  expect(page.phase).toBe("listening");
  await stage.forward(400);
  await page.quiet();
  await stage.forward(620);
  stage.hearing.session.final("the red one");
  await stage.settle();
  expect(sent(stage)).toEqual(["where is my order", "the red one"]);
});

test("a pause inside a number does not end the turn", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  await stage.forward(500);
  stage.hearing.session.partial("order one thousand and 42");
  await stage.settle();
  await page.quiet();
  await stage.forward(1_000);
  expect(stage.hearing.session.ended).toBe(0);
  await stage.forward(220);
  expect(stage.hearing.session.ended).toBe(1);
});

test("the owner says how long it has to be quiet", async () => {
  const stage = openStage({ voice: { turns: { endMs: 1_000 } } });
  const page = await stage.call();
  await page.begin();
  await stage.forward(500);
  await page.quiet();
  await stage.forward(900);
  expect(stage.hearing.session.ended).toBe(0);
  await stage.forward(120);
  expect(stage.hearing.session.ended).toBe(1);
});

test("a page that says nothing more of a turn does not hold the call", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  await stage.answer("It is here.");
  await page.play(2_900);
  expect(page.sayings).toEqual([]);
  await page.play(200);
  stage.hearing.session.final("");
  await page.playOut();
  expect(page.sayings).toEqual(["It is here."]);
});

test("a television does not hold the call: a turn ends after a minute", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  for (let second = 0; second < 61; second++) {
    page.call.frame({ type: 1, flags: 0, seq: second, timeMs: 6_000 + second * 1_000, audio: new Uint8Array(640) });
    await stage.forward(1_000);
  }
  expect(stage.hearing.session.ended).toBe(1);
});

test("nothing understood of a long sound is said to be; of a short one nothing is", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.speak("", 300);
  expect(page.of("trouble")).toEqual([]);
  await page.speak("", 1_500);
  expect(page.of("trouble")).toEqual([{ type: "trouble", code: "nothing-understood" }]);
  expect(sent(stage)).toEqual([]);
});

test("an engine that fails in a turn: the customer is told, and the next turn is heard by a new session", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.begin();
  await stage.forward(500);
  await page.quiet();
  await stage.forward(620);
  stage.hearing.session.fail(broken);
  await stage.settle();
  expect(page.of("trouble")).toEqual([{ type: "trouble", code: "not-heard" }]);
  await page.playOut();
  expect(page.sayings).toEqual(["Sorry, I could not hear that. Could you say it again?"]);
  expect(stage.hearing.sessions).toHaveLength(2);
  await page.speak("where is my order");
  expect(sent(stage)).toEqual(["where is my order"]);
  expect(stage.logged.join(" ")).toContain("The ears broke.");
});

test("an engine that fails while nobody speaks is opened again, without a word", async () => {
  const stage = openStage();
  const page = await stage.call();
  stage.hearing.session.fail(broken);
  await stage.forward(100);
  expect(page.of("trouble")).toEqual([]);
  await page.speak("where is my order");
  expect(sent(stage)).toEqual(["where is my order"]);
});

test("an engine that never hears anything ends the call", async () => {
  const stage = openStage();
  const page = await stage.call();
  for (let times = 0; times < 4; times++) {
    stage.hearing.session.fail(broken);
    await stage.forward(2_100);
  }
  expect(stage.written.at(-1)).toMatchObject({ type: "ended", call: { reason: "engine", cause: "The ears broke." } });
  expect(page.told.at(-1)).toEqual({ type: "call-end", reason: "engine" });
});

test("a voice that fails: what was sent is heard, the rest is written as unheard, and the next answer is tried again", async () => {
  const stage = openStage();
  const page = await stage.call();
  stage.speaking.fails = (text) => text.includes("tomorrow");
  await stage.answer("It is on its way. It comes tomorrow. Bye now, then.");
  await page.playOut();
  expect(page.of("trouble")).toEqual([{ type: "trouble", code: "not-spoken" }]);
  expect(stage.heard()).toEqual([{ type: "speech-cut", text: "It is on its way. ", unheard: "It comes tomorrow. Bye now, then." }]);
  await stage.answer("And that is all.", "turn-two");
  await page.playOut();
  expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "And that is all." });
  expect(page.phase).toBe("listening");
});

test("a voice that fails while the next answer waits says the next answer", async () => {
  const stage = openStage();
  const page = await stage.call();
  stage.speaking.fails = (text) => text.includes("way");
  await stage.answer("It is on its way.");
  await stage.answer("And that is all.", "turn-two");
  await page.playOut();
  await page.playOut();
  expect(page.sayings).toEqual(["And that is all."]);
  expect(stage.heard()).toEqual([
    { type: "speech-cut", text: "", unheard: "It is on its way." },
    { type: "speech-heard", text: "And that is all." },
  ]);
});

test("a voice that breaks off in a sentence: what was sent of it is heard, and the next answer is said", async () => {
  const stage = openStage();
  const page = await stage.call();
  stage.speaking.breaks = (text) => text.includes("way");
  const long = `It is on its way, ${"and on and on ".repeat(8)}.`;
  await stage.answer(long);
  await stage.answer("And that is all.", "turn-two");
  await page.playOut();
  await page.playOut();
  expect(page.sayings).toEqual([expect.stringContaining("It is on its way"), "And that is all."]);
  const [cut, heard] = stage.heard();
  expect(cut).toMatchObject({ type: "speech-cut", text: expect.stringMatching(/^It is on its way/) });
  expect(cut!.text + cut!.unheard!).toBe(long);
  expect(heard).toEqual({ type: "speech-heard", text: "And that is all." });
});

test("a voice that breaks off in the last sentence of an answer: the next answer is said and heard whole", async () => {
  const stage = openStage();
  const page = await stage.call();
  stage.speaking.breaks = (text) => text.includes("tomorrow");
  await stage.answer("It is on its way. It comes tomorrow, at noon.");
  await page.playOut();
  expect(page.of("trouble")).toEqual([{ type: "trouble", code: "not-spoken" }]);
  await stage.answer("It was sent. It is all paid for.", "turn-two");
  await page.playOut();
  await page.playOut();
  expect(page.sayings.slice(2)).toEqual(["It was sent.", "It is all paid for."]);
  expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "It was sent. It is all paid for." });
  expect(page.phase).toBe("listening");
});

test("a voice that says nothing for two seconds is a trouble, and comes through when it does", async () => {
  const stage = openStage();
  const page = await stage.call();
  const more = Promise.withResolvers<void>();
  stage.speaking.waits = more.promise;
  await stage.answer("It is on its way.");
  await stage.forward(1_900);
  expect(page.of("trouble")).toEqual([]);
  await stage.forward(200);
  expect(page.of("trouble")).toEqual([{ type: "trouble", code: "not-spoken" }]);
  more.resolve();
  await page.playOut();
  expect(stage.heard()).toEqual([{ type: "speech-heard", text: "It is on its way." }]);
});

test("a page that reads nothing is sent no more audio", async () => {
  const stage = openStage();
  const page = await stage.call();
  page.waitingBytes = 2_000_000;
  await stage.answer("It is on its way.");
  await stage.forward(1_000);
  expect(page.frames).toEqual([]);
  page.waitingBytes = 0;
  await stage.forward(100);
  expect(page.frames.length).toBeGreaterThan(0);
});

test("the browser's own recogniser and voice take the place of engines", async () => {
  const stage = openStage({
    voice: { hearing: [{ provider: "browser" }] as never, speaking: [{ provider: "browser", language: "en" }] as never },
  });
  const page = await stage.call();
  expect(page.told[0]).toMatchObject({ hearing: "browser", speaking: "browser", language: "en" });
  await page.take({ type: "transcript", text: "where is", final: false });
  expect(page.phase).toBe("listening");
  await page.take({ type: "transcript", text: "where is my order", final: true, confidence: 0.7 });
  expect(sent(stage)).toEqual(["where is my order"]);
  expect(stage.asked[0]![2]).toMatchObject({ engine: "the browser", confidence: 0.7 });
  await stage.answer("It is on its way. It comes tomorrow.");
  expect(page.sayings).toEqual(["It is on its way."]);
  await page.take({ type: "spoke", piece: 0, characters: 17, done: true });
  expect(page.sayings).toEqual(["It is on its way.", "It comes tomorrow."]);
  await page.take({ type: "spoke", piece: 1, characters: 8, done: false });
  await page.take({ type: "cut", untilMs: 0, by: "speech" });
  expect(stage.heard()).toEqual([{ type: "speech-cut", text: "It is on its way. It comes", unheard: " tomorrow." }]);
  expect(stage.speaking.said).toEqual([]);
  expect(stage.hearing.sessions).toEqual([]);
});

test("what a browser's recogniser began and never finished is a message all the same", async () => {
  const stage = openStage({ voice: { hearing: [{ provider: "browser" }] as never } });
  const page = await stage.call();
  await page.take({ type: "transcript", text: "where is my order", final: false });
  await stage.forward(5_000);
  expect(sent(stage)).toEqual(["where is my order"]);
});
