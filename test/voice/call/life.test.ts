import { expect, test } from "vitest";
import { RequestError } from "../../../protocol/errors.ts";
import { CALLER, CONVERSATION, openStage, type Stage } from "./call-stage.ts";

const ends = ({ written }: Stage) => written.flatMap((one) => (one.type === "ended" ? [one.call] : []));
const other = { ...CALLER, id: "customer-two" };

test("a call is written when it begins and when it ends, with how long it was", async () => {
  const stage = openStage();
  const page = await stage.call();
  await stage.forward(2_000);
  await page.take({ type: "call-end" });
  expect(stage.written).toEqual([
    { type: "begun", call: { conversationId: CONVERSATION, voiceCallId: "call-0001", via: "page" } },
    { type: "ended", call: { conversationId: CONVERSATION, voiceCallId: "call-0001", reason: "hung-up", durationMs: 2_000 } },
  ]);
  expect(page.told.at(-1)).toEqual({ type: "call-end", reason: "hung-up" });
  expect(page.isClosed).toBe(true);
  expect(stage.hearing.session.isClosed).toBe(true);
  expect(stage.calls.size).toBe(0);
});

test("what is being said when the customer hangs up was heard as far as it was", async () => {
  const stage = openStage();
  const page = await stage.call();
  await stage.answer("It is on its way. ");
  await page.play(300);
  stage.speaking.waits = new Promise(() => undefined);
  await stage.emit({ type: "reply-sent", messageId: "reply-0001", text: "It comes tomorrow.", by: { kind: "staff", id: "ada" } });
  await page.take({ type: "call-end" });
  await stage.settle();
  expect(stage.written.slice(-3)).toMatchObject([
    { type: "speech-cut", text: "It is", unheard: " on its way. ", cutBy: "button" },
    { type: "speech-cut", text: "", unheard: "It comes tomorrow.", cutBy: "button" },
    { type: "ended" },
  ]);
  expect(stage.speaking.ended).toBe(1);
});

test("a token is good once, for half a minute, and only the newest of a customer is", async () => {
  const { calls, forward, call } = openStage();
  const start = async () => (await calls.start(CALLER, { conversationId: CONVERSATION, voiceCallId: "call-0001", takeOver: false })).token;
  const line = { say: () => {}, frame: () => {}, waitingBytes: 0, codec: "pcm", close: () => {} } as const;
  const first = await start();
  const second = await start();
  expect(second).not.toBe(first);
  await expect(calls.open(first, line)).rejects.toMatchObject({ code: "call-over" });
  await forward(30_000);
  await expect(calls.open(second, line)).rejects.toMatchObject({ code: "call-over" });
  await expect(calls.open("", line)).rejects.toMatchObject({ code: "call-over" });
  const third = await start();
  await calls.open(third, line);
  await expect(calls.open(third, line)).rejects.toMatchObject({ code: "call-over" });
  await expect(call({ voiceCallId: "call-0002" })).rejects.toMatchObject({ code: "call-elsewhere" });
});

test("an assistant without a voice is not called, and a conversation of somebody else neither", async () => {
  const stage = openStage({ voice: { enabled: false } });
  await expect(stage.call()).rejects.toMatchObject({ code: "no-voice" });
  stage.assistant = { ...stage.assistant, voice: { enabled: true, hearing: [], speaking: [{ provider: "openai" }] } };
  await expect(stage.call()).rejects.toMatchObject({ code: "no-voice" });
  await expect(stage.call({ caller: { ...CALLER, assistant: "none" } })).rejects.toMatchObject({ code: "unknown-assistant" });
});

test("a customer has one call; another tab takes it over, where it is asked to", async () => {
  const stage = openStage();
  const page = await stage.call();
  await expect(stage.call({ voiceCallId: "call-0002" })).rejects.toMatchObject({ code: "call-elsewhere" });
  const second = await stage.call({ voiceCallId: "call-0002", takeOver: true });
  expect(page.told.at(-1)).toEqual({ type: "call-end", reason: "taken-over" });
  expect(page.isClosed).toBe(true);
  expect(second.told[0]).toMatchObject({ type: "call-ready", voiceCallId: "call-0002" });
  expect(ends(stage)).toMatchObject([{ voiceCallId: "call-0001", reason: "taken-over" }]);
  expect(stage.calls.size).toBe(1);
});

test("a call that names the one in its way ends that one, and no other", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.lose();
  await expect(stage.call({ voiceCallId: "call-0003", takeOver: "call-0002" })).rejects.toMatchObject({ code: "call-elsewhere" });
  await stage.call({ voiceCallId: "call-0003", takeOver: "call-0001" });
  expect(ends(stage)).toMatchObject([{ voiceCallId: "call-0001", reason: "left" }]);
});

test("an assistant takes so many calls as its limits say, and one more once one is over", async () => {
  const stage = openStage({ voice: { concurrentCalls: 1 } });
  const page = await stage.call();
  const again = { caller: other, voiceCallId: "call-0002", conversationId: "conversation-two" };
  await expect(stage.call(again)).rejects.toMatchObject({ code: "too-many-calls", retryAfterMs: 60_000 });
  await page.take({ type: "call-end" });
  await stage.call(again);
});

test("a page that is gone has ten seconds, then the call is over", async () => {
  const stage = openStage();
  const page = await stage.call();
  await page.lose();
  await stage.forward(9_000);
  expect(ends(stage)).toEqual([]);
  await stage.forward(1_000);
  expect(ends(stage)).toMatchObject([{ reason: "left" }]);
  await expect(stage.call()).rejects.toMatchObject({ code: "call-over" });
});

test("a page that comes back in time goes on, and hears what it did not hear", async () => {
  const stage = openStage();
  const page = await stage.call();
  await stage.answer("It is on its way. It comes tomorrow.");
  await page.play(300);
  await page.lose();
  await stage.forward(5_000);
  const back = await stage.call();
  expect(back.told[0]).toMatchObject({ type: "call-ready", resumed: true });
  await back.playOut();
  await back.playOut();
  expect(back.sayings).toEqual(["It is on its way.", "It comes tomorrow."]);
  expect(stage.heard()).toEqual([
    { type: "speech-cut", text: "It is", unheard: " on its way. It comes tomorrow." },
    { type: "speech-heard", text: "It is on its way. It comes tomorrow." },
  ]);
  // Places go on where they were, so nothing counts twice.
  expect(back.of("saying")[0]!.fromMs).toBeGreaterThan(500);
  await stage.forward(20_000);
  expect(ends(stage)).toEqual([]);
  await back.speak("thank you");
  expect(stage.asked.filter(([method]) => method === "send")).toHaveLength(1);
});

test("what was heard to its end is not said again, and what the journal has begins where the answer does", async () => {
  const stage = openStage();
  const page = await stage.call();
  await stage.answer("It is on its way. It comes tomorrow, at noon. Bye.");
  await page.play(1_500);
  await page.lose();
  const back = await stage.call();
  await back.playOut();
  await back.playOut();
  expect(back.sayings).toEqual(["It comes tomorrow, at noon.", "Bye."]);
  expect(stage.heard()).toEqual([
    { type: "speech-cut", text: "It is on its way. It comes", unheard: " tomorrow, at noon. Bye." },
    { type: "speech-heard", text: "It is on its way. It comes tomorrow, at noon. Bye." },
  ]);
});

test("what is written while the page is gone is said when it is back", async () => {
  const stage = openStage();
  const page = await stage.call();
  await stage.emit({ type: "turn-started", turnId: "turn-one", messageId: "message-one" });
  await stage.text("It is on its way. It ");
  await page.play(300);
  await page.lose();
  await stage.text("comes tomorrow.", { offset: 21 });
  await stage.emit({ type: "step-ended", turnId: "turn-one", step: 0, text: "It is on its way. It comes tomorrow." });
  const back = await stage.call();
  await back.playOut();
  await back.playOut();
  expect(back.sayings).toEqual(["It is on its way.", "It comes tomorrow."]);
  expect(stage.heard().at(-1)).toEqual({ type: "speech-heard", text: "It is on its way. It comes tomorrow." });
});

test("a page that never comes back: what nobody heard is written once", async () => {
  const stage = openStage();
  const page = await stage.call();
  await stage.answer("It is on its way. It comes tomorrow.");
  await page.play(300);
  await page.lose();
  await stage.forward(10_000);
  expect(stage.heard()).toHaveLength(1);
  expect(ends(stage)).toMatchObject([{ reason: "left" }]);
});

test("the same call in a page that was loaded anew before the old line was lost goes on there", async () => {
  const stage = openStage();
  const page = await stage.call();
  await stage.answer("It is on its way.");
  await page.play(300);
  const back = await stage.call();
  expect(page.isClosed).toBe(true);
  await back.playOut();
  await back.playOut();
  expect(back.sayings).toEqual(["It is on its way."]);
  expect(back.told[0]).toMatchObject({ type: "call-ready", resumed: true });
  // The old line's end is not the call's.
  page.call.detach(page);
  await stage.forward(11_000);
  expect(ends(stage)).toEqual([]);
});

test("nobody speaks: the call ends, but not while the assistant works", async () => {
  const stage = openStage({ voice: { idleMs: 60_000 } });
  const page = await stage.call();
  await stage.forward(50_000);
  await page.speak("where is my order");
  await stage.forward(50_000);
  await stage.emit({ type: "turn-started", turnId: "turn-one", messageId: "message-one" });
  await stage.emit({ type: "tool-call-started", turnId: "turn-one", callId: "tool-call-one", attempt: 1 });
  await page.play(120_000);
  expect(ends(stage)).toEqual([]);
  await stage.emit({ type: "tool-call-ended", turnId: "turn-one", callId: "tool-call-one", outcome: "ok" });
  await stage.emit({ type: "turn-ended", turnId: "turn-one", outcome: "done" });
  await page.play(10_000);
  await stage.forward(62_000);
  expect(ends(stage)).toMatchObject([{ reason: "idle" }]);
  expect(page.told.at(-1)).toEqual({ type: "call-end", reason: "idle" });
});

test("a call is no longer than it may be", async () => {
  const stage = openStage({ voice: { longestMs: 5_000, idleMs: 60_000 } });
  await stage.call();
  await stage.forward(5_000);
  expect(ends(stage)).toMatchObject([{ reason: "limit", durationMs: 5_000 }]);
});

test("a conversation that is erased, or whose customer signs in, has no call any more", async () => {
  const stage = openStage();
  await stage.call();
  stage.calls.letGo(CONVERSATION);
  await stage.settle();
  expect(ends(stage)).toMatchObject([{ reason: "person" }]);
  await stage.call({ voiceCallId: "call-0002" });
  await stage.emit({ type: "customer-identified", customerId: "id_one", before: "customer-one" } as never);
  expect(ends(stage)).toMatchObject([{ reason: "person" }, { reason: "left" }]);
});

test("an assistant whose voice is turned off ends its calls with the next word", async () => {
  const stage = openStage();
  const page = await stage.call();
  stage.assistant = { ...stage.assistant, voice: { enabled: false, hearing: [], speaking: [] } };
  await page.speak("where is my order");
  expect(ends(stage)).toMatchObject([{ reason: "assistant" }]);
});

test("a server that stops ends its calls and says so", async () => {
  const stage = openStage();
  const page = await stage.call();
  await stage.calls.close();
  expect(ends(stage)).toMatchObject([{ reason: "stopping" }]);
  expect(page.told.at(-1)).toEqual({ type: "call-end", reason: "stopping" });
});

test("a greeting is said once, when the call begins", async () => {
  const stage = openStage({ voice: { greeting: "Lull, good morning." } });
  const page = await stage.call();
  await page.playOut();
  expect(page.sayings).toEqual(["Lull, good morning."]);
  await page.lose();
  const back = await stage.call();
  await back.playOut();
  expect(back.sayings).toEqual([]);
});

test("two tabs that begin at the same moment: one of them is in the call", async () => {
  const stage = openStage();
  const both = await Promise.allSettled([stage.call(), stage.call({ voiceCallId: "call-0002", takeOver: true })]);
  expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(stage.calls.size).toBe(1);
});

test("a call that cannot be written does not begin, and holds nothing", async () => {
  const stage = openStage();
  stage.refusals.set("begun", new RequestError("unknown-conversation"));
  await expect(stage.call()).rejects.toMatchObject({ code: "unknown-conversation" });
  expect(stage.calls.size).toBe(0);
  stage.refusals.clear();
  await stage.call({ voiceCallId: "call-0002" });
});

test("a message that is refused is said to be, and the call goes on", async () => {
  const stage = openStage();
  const page = await stage.call();
  stage.refusals.set("count", new RequestError("rate-limited"));
  await page.speak("where is my order");
  await page.playOut();
  expect(page.sayings).toEqual(["Sorry, I cannot answer right now. Please try again in a moment."]);
  stage.refusals.clear();
  await page.speak("where is my order");
  expect(stage.asked.filter(([method]) => method === "send")).toHaveLength(1);
});

test("a call whose conversation cannot be read leaves nothing behind", async () => {
  const stage = openStage({ lastEvents: () => Promise.reject(new Error("The disk is gone.")) });
  await expect(stage.call()).rejects.toThrow("The disk is gone.");
  await stage.settle();
  expect(ends(stage)).toMatchObject([{ reason: "engine" }]);
  expect(stage.hearing.session.isClosed).toBe(true);
  expect(stage.calls.hears(CONVERSATION)).toBe(false);
});

test("a conversation that is erased while a call is opened in it is not called", async () => {
  const stage: Stage = openStage({
    lastEvents: async () => {
      stage.calls.letGo(CONVERSATION);
      return [];
    },
  });
  await expect(stage.call()).rejects.toMatchObject({ code: "call-over" });
  expect(stage.calls.size).toBe(0);
});
