/** A model that is asked early is paid for, and takes room as any answer does. */
import { expect, test } from "vitest";
import type { Budget } from "../../server/conversation/ports/assistant.ts";
import type { Conversation } from "../../server/conversation/ports/store.ts";
import { Ahead } from "../../server/conversation/turn/ahead.ts";
import type { RunPorts } from "../../server/conversation/turn/run-ports.ts";
import { assistant } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { say } from "../support/desk-scripts.ts";
import { rested, written } from "../support/desk-waits.ts";
import { ManualClock } from "../support/manual-clock.ts";

const VOICE_CALL = "voice-call-1";
const BUDGET: Budget = { warnAt: 0.8, stop: true, timeZone: "UTC" };
/** What one step of the scripted model takes. */
const STEP = 15;

async function calling(options: HarnessOptions, ...others: readonly string[]): Promise<Harness> {
  const desk = await openDesk(options);
  for (const conversationId of [CONVERSATION, ...others])
    await desk.voice.started(CUSTOMER, { conversationId, voiceCallId: VOICE_CALL, via: "page" });
  return desk;
}
const begin = (desk: Harness, conversationId = CONVERSATION) =>
  desk.voice.begin(CUSTOMER, { conversationId, text: "Where is it?", spoken: { voiceCallId: VOICE_CALL } });
const tell = (desk: Harness, messageId: string, conversationId = CONVERSATION) =>
  desk.desk.send(CUSTOMER, { conversationId, messageId, text: "Where is it?" }, { voiceCallId: VOICE_CALL });
const outcomes = async (desk: Harness) => (await written(desk, "turn-ended")).map(({ outcome, error }) => error ?? outcome);

const endless: HarnessOptions["script"] = async function* (_request, _step, signal) {
  yield { type: "text", text: "It left" };
  await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("dropped"))));
};

test("a budget that is used up has nothing begun", async () => {
  const desk = await calling({ script: () => say("Hello."), budgets: true, assistant: { budget: { ...BUDGET, tokensPerDay: STEP } } });
  await tell(desk, "message-1");
  await desk.turnsEnded(1);
  await rested(desk);
  expect(await begin(desk)).toBe(false);
  expect(desk.requests).toHaveLength(1);
});

test("what was begun and used by nobody is counted, as the model says or by a guess, also after a restart", async () => {
  const finished: HarnessOptions = {
    script: () => say("Hello."),
    budgets: true,
    assistant: { budget: { ...BUDGET, tokensPerDay: STEP + 1 } },
  };
  const cut: HarnessOptions = { ...finished, script: endless, assistant: { budget: { ...BUDGET, tokensPerDay: 1 } } };
  for (const [options, times] of [
    [finished, 2],
    [cut, 1],
  ] as const) {
    const first = await calling(options);
    for (let time = 1; time <= times; time += 1) {
      expect(await begin(first)).toBe(true);
      await expect.poll(() => first.requests.length).toBe(time);
      first.voice.drop(CUSTOMER, { conversationId: CONVERSATION });
    }
    expect(await begin(first)).toBe(false);
    const second = await first.restart({ script: () => say("Hello.") });
    expect(await begin(second)).toBe(false);
    await tell(second, "message-1");
    await second.turnsEnded(1);
    expect([second.requests.length, await outcomes(second)]).toEqual([0, ["budget-reached"]]);
  }
});

test("one that failed before a word is not counted", async () => {
  const desk = await calling({
    script: (_request, step) => {
      if (step === 1) throw new Error("overloaded");
      return say("Hello.");
    },
    budgets: true,
    assistant: { budget: { ...BUDGET, tokensPerDay: 1 } },
  });
  await begin(desk);
  await expect.poll(() => desk.clock.pending()).not.toContain(8_000);
  await tell(desk, "message-1");
  await desk.turnsEnded(1);
  expect(await outcomes(desk)).toEqual(["done"]);
});

test("the place in the budget is the answer's own: it is set aside once, and given back", async () => {
  const last = await calling({ script: () => say("Hello."), budgets: true, assistant: { budget: { ...BUDGET, tokensPerDay: 1 } } });
  await begin(last);
  await tell(last, "message-1");
  await last.turnsEnded(1);
  expect([await outcomes(last), last.requests.length]).toEqual([["done"], 1]);
  // Room for one answer, and what three of them take.
  const desk = await calling({ script: () => say("Hello."), budgets: true, assistant: { budget: { ...BUDGET, tokensPerDay: 4_500 } } });
  for (const messageId of ["message-1", "message-2", "message-3"]) {
    expect(await begin(desk)).toBe(true);
    await tell(desk, messageId);
    await desk.turnsEnded(Number(messageId.slice(-1)));
    await rested(desk);
    expect(await begin(desk)).toBe(true);
    desk.voice.drop(CUSTOMER, { conversationId: CONVERSATION });
  }
  expect(await outcomes(desk)).toEqual(["done", "done", "done"]);
});

test("what is begun takes one of the places for turns, which its message has then, and nobody waits for one to begin", async () => {
  const limits = { messageCharacters: 8_000, messagesPerMinute: 99, messagesPerMinutePerAddress: 99, concurrentTurns: 1 };
  const other = "conversation-two";
  const desk = await calling({ script: () => say("Hello."), assistant: { limits } }, other);
  const answered = async (conversationId: string) =>
    (await desk.journal(conversationId)).filter(({ type }) => type === "turn-ended").length;
  expect(await begin(desk)).toBe(true);
  expect(await begin(desk, other)).toBe(false);
  await tell(desk, "message-1", other);
  await tell(desk, "message-1");
  // Its own place: it does not wait behind the other, which waits for both.
  await desk.turnsEnded(2);
  const order = desk.room.journal.filter((event) => event.type === "turn-ended").map(({ turnId }) => turnId);
  const [first] = (await desk.journal()).filter((event) => event.type === "turn-ended");
  expect(order[0]).toBe(first?.turnId);
  await rested(desk);
  // What is dropped gives its place back, to whoever waits.
  expect(await begin(desk)).toBe(true);
  await tell(desk, "message-2", other);
  expect(await answered(other)).toBe(1);
  desk.voice.drop(CUSTOMER, { conversationId: CONVERSATION });
  await desk.turnsEnded(3);
  expect(await answered(other)).toBe(2);
});

/** Asks a model that says a little and then nothing, once it is found. */
function lonely() {
  const clock = new ManualClock();
  const [asked, dropped, places]: [unknown[], unknown[], string[]] = [[], [], []];
  const found = Promise.withResolvers<void>();
  const shop = assistant({ connectors: [] });
  const model = {
    async *stream(request: unknown, signal: AbortSignal) {
      asked.push(request);
      signal.addEventListener("abort", () => dropped.push(signal.reason));
      yield { type: "text", text: "It left" } as const;
      await new Promise(() => {});
    },
  };
  const ports = {
    clock,
    store: { readFrom: async () => [] },
    assistants: { find: () => shop },
    tools: { open: async () => ({ tools: [], unavailable: [] }) },
    models: { of: () => found.promise.then(() => model) },
  } as unknown as RunPorts;
  const host = {
    take: (name: string) => (places.push(`take ${name}`), true),
    giveBack: (name: string) => void places.push(`give ${name} back`),
    rest: (conversationId: string) => void places.push(`rest ${conversationId}`),
  };
  const ahead = new Ahead(ports, { peek: () => undefined }, host);
  const conversation: Conversation = {
    id: CONVERSATION,
    assistant: "shop",
    customerId: CUSTOMER.id,
    lastSeq: 0,
    openSeq: 1,
    summarySeq: 0,
  };
  const message = { text: "Where is it?", sessionId: "session-1", spoken: { voiceCallId: VOICE_CALL } };
  return { ahead, clock, asked, dropped, places, found, begin: () => ahead.begin(conversation, "shop", message) };
}
const GIVEN_BACK = ["take shop", "give shop back", `rest ${CONVERSATION}`];

test("what no message comes for is dropped after eight seconds, and its room given back", async () => {
  const { clock, dropped, places, found, begin: beginning } = lonely();
  found.resolve();
  expect(await beginning()).toBe(true);
  clock.forward(7_999);
  expect(dropped).toEqual([]);
  clock.forward(1);
  expect([dropped, places]).toEqual([["dropped"], GIVEN_BACK]);
});

test("what is dropped while its model is looked for asks nothing", async () => {
  const { ahead, asked, places, found, begin: beginning } = lonely();
  const begun = beginning();
  ahead.drop(CONVERSATION);
  found.resolve();
  expect(await begun).toBe(false);
  expect([asked, places]).toEqual([[], GIVEN_BACK]);
});
