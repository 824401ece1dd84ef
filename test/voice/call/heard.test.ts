import { expect, test } from "vitest";
import { CHARACTER_MS } from "../../support/scripted-speech.ts";
import { openStage } from "./call-stage.ts";
import { beginAnswer, BY_CUSTOMER, interrupted } from "./interrupting.ts";

test("what is spoken is a message, with when it was said and how it was heard", async () => {
  const { call, asked, hearing, settle } = openStage();
  const page = await call();
  await page.begin();
  await page.play(1_000);
  await page.quiet();
  hearing.session.partial("where is");
  await page.play(600);
  hearing.session.partial("where is my order");
  await settle();
  await page.play(100);
  hearing.session.final("where is my order");
  await settle();
  expect(asked).toEqual([
    ["ahead", "where is"],
    [
      "send",
      { conversationId: "conversation-one", messageId: expect.any(String), text: "where is my order" },
      { voiceCallId: "call-0001", speechMs: 1_000, partialMs: 600, transcriptMs: 700, confidence: 0.9, engine: "scripted ears" },
    ],
  ]);
  expect(page.of("understood")).toMatchObject([
    { turn: 0, text: "where is", final: false },
    { turn: 0, text: "where is my order", final: false },
    { turn: 0, text: "where is my order", final: true, messageId: expect.any(String) },
  ]);
});

test("what was begun ahead is void when the customer goes on", async () => {
  const { call, asked, hearing } = openStage();
  const page = await call();
  await page.begin();
  await page.play(500);
  hearing.session.partial("I want to");
  await page.quiet();
  await page.play(400);
  await page.take({ type: "speech", event: "resumed", atMs: 5_900 });
  expect(asked).toEqual([["ahead", "I want to"], ["drop"]]);
});

test("a model that hears the customer itself is not begun on words that it has not heard yet", async () => {
  const { call, asked, hearing } = openStage({ voice: { realtime: { provider: "openai" } } });
  const page = await call();
  await page.begin();
  await page.play(500);
  hearing.session.partial("where is my order");
  await page.quiet();
  await page.play(700);
  expect(hearing.session.ended).toBe(1);
  expect(asked).toEqual([]);
});

test("an answer is said while it is written, and the journal has what was heard, word by word", async () => {
  const { call, answer, heard, speaking } = openStage();
  const page = await call();
  await answer("Your order is on its way. It comes tomorrow.");
  await page.play(200);
  expect(page.phase).toBe("speaking");
  expect(heard()).toEqual([]);
  await page.playOut();
  expect(page.sayings).toEqual(["Your order is on its way.", "It comes tomorrow."]);
  expect(speaking.said).toEqual(page.sayings);
  expect(heard()).toEqual([{ type: "speech-heard", text: "Your order is on its way. It comes tomorrow." }]);
  expect(page.phase).toBe("listening");
});

test("no more is sent than a few seconds ahead of what is heard", async () => {
  const { call, answer, forward } = openStage();
  const page = await call();
  const text = `${"A sentence that is long enough to be said alone. ".repeat(8)}`;
  await answer(text);
  await page.play(1_000);
  const sentMs = (): number => page.frames.reduce((sum, { audio }) => sum + audio.length / 32, 0);
  expect(sentMs()).toBeGreaterThan(3_000);
  expect(sentMs()).toBeLessThan(4_300);
  // A page that says nothing is believed to play, but not for ever.
  await forward(30_000);
  expect(sentMs()).toBeLessThan(text.length * CHARACTER_MS);
  await page.playOut();
  expect(sentMs()).toBeCloseTo(8 * 48 * CHARACTER_MS, -2);
});

test("an interruption is written with what was heard and what was not, and the model need not go on", async () => {
  const { call, emit, text, heard, asked, written, hearing, settle, forward } = openStage();
  const page = await call();
  await emit({ type: "turn-started", turnId: "turn-one", messageId: "message-one" });
  await text("Your order is on its way. It comes ");
  await page.play(600);
  await page.begin();
  await page.cut();
  expect(heard()).toEqual([{ type: "speech-cut", text: "Your order", unheard: " is on its way. " }]);
  hearing.session.partial("what about");
  await settle();
  expect(written.at(-1)).toMatchObject({ kind: "answer", turnId: "turn-one", step: 0, cutBy: "speech" });
  expect(asked).toEqual([["interrupt", { conversationId: "conversation-one", turnId: "turn-one" }]]);
  expect(page.of("hush")).toHaveLength(1);

  // What the model writes until it has stopped is not said.
  await text("tomorrow. Really.", { offset: 34 });
  await emit(
    { type: "stop-requested", turnId: "turn-one", by: { kind: "customer", id: "customer-one" } },
    { type: "step-ended", turnId: "turn-one", step: 0, text: "Your order is on its way. It comes tomorrow. Really.", cut: "stopped" },
    { type: "turn-ended", turnId: "turn-one", outcome: "stopped" },
  );
  await page.playOut();
  expect(page.sayings).toEqual(["Your order is on its way."]);
  expect(heard()).toHaveLength(1);
  expect(asked).toHaveLength(1);

  await page.quiet();
  await forward(620);
  hearing.session.final("what about tomorrow");
  await page.playOut();
  // The next answer is heard.
  await emit({ type: "turn-started", turnId: "turn-two", messageId: "message-two" });
  await text("Tomorrow it comes.", { turnId: "turn-two" });
  await emit({ type: "step-ended", turnId: "turn-two", step: 0, text: "Tomorrow it comes." });
  await page.playOut();
  expect(heard().at(-1)).toEqual({ type: "speech-heard", text: "Tomorrow it comes." });
});

test("an interruption while a tool runs cuts what is said, and lets the tool go on", async () => {
  const { call, emit, text, heard, asked } = openStage();
  const page = await call();
  const tool = { turnId: "turn-one", step: 0, callId: "tool-call-one" };
  await emit({ type: "turn-started", turnId: "turn-one", messageId: "message-one" });
  await text("Let me look that up for you.");
  await emit(
    { type: "step-ended", turnId: "turn-one", step: 0, text: "Let me look that up for you." },
    { type: "tool-call-started", turnId: tool.turnId, callId: tool.callId, attempt: 1 },
  );
  await page.play(500);
  await page.begin();
  await page.cut();
  await page.quiet();
  await page.play(700);
  expect(heard()).toEqual([{ type: "speech-cut", text: "Let me", unheard: " look that up for you." }]);
  expect(asked).toEqual([]);
});

test("the customer who speaks is not spoken over: what comes meanwhile waits", async () => {
  const { call, emit, text, hearing } = openStage();
  const page = await call();
  await emit({ type: "turn-started", turnId: "turn-one", messageId: "message-one" });
  await page.begin();
  await text("It is here. It is there.");
  await page.play(1_000);
  expect(page.sayings).toEqual([]);
  await page.quiet();
  await page.play(620);
  expect(hearing.session.ended).toBe(1);
  expect(page.sayings).toEqual([]);
  hearing.session.final("");
  await page.play(100);
  expect(page.sayings).toEqual(["It is here."]);
});

test("a cough before the answer swallows nothing, and one that cut it is gone on after", async () => {
  const { call, answer, heard, asked } = openStage();
  const page = await call();
  await page.speak("where is my order");
  await page.speak("", 300);
  await answer("It is on its way. It comes tomorrow.");
  await page.play(300);
  await page.cut();
  await page.speak("", 300);
  await page.playOut();
  expect(heard()).toEqual([
    { type: "speech-cut", text: "It is", unheard: " on its way. It comes tomorrow." },
    { type: "speech-heard", text: "It is on its way. It comes tomorrow." },
  ]);
  expect(asked.filter(([method]) => method === "send")).toHaveLength(1);
});

test("a cut by the button is not gone on after, whatever is heard", async () => {
  const { call, answer, heard } = openStage();
  const page = await call();
  await answer("It is on its way. It comes tomorrow.");
  await page.play(300);
  await page.cut("button");
  await page.speak("", 300);
  await page.playOut();
  expect(heard()).toEqual([{ type: "speech-cut", text: "It is", unheard: " on its way. It comes tomorrow." }]);
});

test("Stop in the chat ends what is said, once", async () => {
  const { call, emit, text, heard, asked } = openStage();
  const page = await call();
  await emit({ type: "turn-started", turnId: "turn-one", messageId: "message-one" });
  await text("It is on its way. It comes tomorrow.");
  await page.play(300);
  await emit({ type: "stop-requested", turnId: "turn-one", by: { kind: "customer", id: "customer-one" } });
  expect(heard()).toMatchObject([{ type: "speech-cut" }]);
  expect(page.of("hush")).toHaveLength(1);
  expect(asked).toEqual([]);
});

test("Stop in the chat ends what is said, also where the call could not stop that turn before", async () => {
  const stage = openStage();
  const { emit, text } = stage;
  const page = await beginAnswer(stage, "It is on its way. It comes ");
  await page.play(300);
  stage.refusals.set("interrupt", new Error("The disk is full."));
  await page.cut("button");
  await text("tomorrow.", { offset: 27 });
  await emit({ type: "step-ended", turnId: "turn-one", step: 0, text: "It is on its way. It comes tomorrow." });
  await text("And the other one is here. It ", { step: 1 });
  await page.play(300);
  expect(page.sayings.at(-1)).toBe("And the other one is here.");
  await emit({ type: "stop-requested", turnId: "turn-one", by: BY_CUSTOMER });
  expect(page.of("hush")).toHaveLength(2);
});

test("a voice that fails at the page: the model writes on for the chat, and what follows of it is not said", async () => {
  const stage = openStage({ voice: { speaking: [{ provider: "browser", language: "en" }] as never } });
  const page = await beginAnswer(stage, "It is on its way. It comes ");
  await page.take({ type: "cut", untilMs: 0, by: "failed" });
  await stage.text("tomorrow. Really.", { offset: 27 });
  await stage.emit({ type: "step-ended", turnId: "turn-one", step: 0, text: "It is on its way. It comes tomorrow. Really." });
  expect(interrupted(stage)).toBe(0);
  expect(page.sayings).toEqual(["It is on its way."]);
  expect(stage.written.at(-1)).toMatchObject({ type: "speech-cut", text: "", cutBy: "lost" });
  // The next one is tried again.
  await stage.text("It is here.", { step: 1 });
  await stage.emit({ type: "step-ended", turnId: "turn-one", step: 1, text: "It is here." });
  expect(page.sayings.at(-1)).toBe("It is here.");
});

test("what a person of the team replies is said as well", async () => {
  const { call, emit, heard } = openStage();
  const page = await call();
  await emit({
    type: "reply-sent",
    messageId: "reply-0001",
    text: "I am Ada. I will look.",
    by: { kind: "staff", id: "ada", name: "Ada" },
  });
  await page.playOut();
  expect(heard()).toEqual([{ type: "speech-heard", text: "I am Ada. I will look." }]);
});

test("code is not said, and what was heard around it is written as it was", async () => {
  const { call, answer, heard } = openStage();
  const page = await call();
  await answer("Type this here:\n```\nnpm start\n```\nThen wait.");
  await page.playOut();
  expect(page.sayings.join(" ")).not.toContain("npm");
  expect(heard()).toEqual([{ type: "speech-heard", text: "Type this here:\n```\nnpm start\n```\nThen wait." }]);
});

test("a place beyond what was sent counts as its end, and one that goes back changes nothing", async () => {
  const { call, answer, heard } = openStage();
  const page = await call();
  await answer("It is on its way.");
  await page.play(100);
  await page.take({ type: "heard", untilMs: 4_000_000 });
  await page.take({ type: "heard", untilMs: 3 });
  await page.cut();
  expect(heard()).toEqual([{ type: "speech-heard", text: "It is on its way." }]);
});
