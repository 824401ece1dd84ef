import { expect, test } from "vitest";
import type { OpenedStore } from "../../server/store/opened-store.ts";
import { alwaysAllow } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk, OTHER_CUSTOMER } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { code } from "../support/desk-waits.ts";

let harness: Harness;
const chatty: HarnessOptions = { script: () => say("Yes.") };

const secretTool: HarnessOptions = {
  script: (request) =>
    request.messages.at(-1)?.role === "tool" ? say("Done.") : callTools({ name: "orders__lookup", arguments: { id: "secret-argument" } }),
  tools: [
    {
      tool: "lookup",
      run: () => ({
        outcome: "ok",
        content: [
          { kind: "text", text: "secret-result" },
          { kind: "image", mimeType: "image/png", data: "aGVsbG8=" },
        ],
      }),
    },
  ],
  permissions: { "*": alwaysAllow },
};

test("the same message sent again changes nothing and gets the same number", async () => {
  harness = await openDesk(chatty);
  const message = { conversationId: CONVERSATION, messageId: "message-1", text: "Hi" };
  const replies = await Promise.all([1, 2, 3].map(() => harness.desk.send(CUSTOMER, message)));
  await harness.turnsEnded(1);
  expect(replies).toEqual([{ seq: 1 }, { seq: 1 }, { seq: 1 }]);
  expect((await harness.journal()).filter((event) => event.type === "message-received")).toHaveLength(1);
});

test("a conversation is its customer's alone", async () => {
  harness = await openDesk(chatty);
  await harness.ask("Hi");
  const turn = (await harness.journal()).find((event) => event.type === "turn-started");
  const turnId = turn?.type === "turn-started" ? turn.turnId : "";
  const { desk } = harness;
  const refused = code("unknown-conversation");
  await expect(desk.open(OTHER_CUSTOMER, { conversationId: CONVERSATION })).rejects.toEqual(refused);
  await expect(desk.page(OTHER_CUSTOMER, { conversationId: CONVERSATION, before: 3 })).rejects.toEqual(refused);
  await expect(desk.send(OTHER_CUSTOMER, { conversationId: CONVERSATION, messageId: "message-9", text: "Hi" })).rejects.toEqual(refused);
  await expect(desk.stop(OTHER_CUSTOMER, { conversationId: CONVERSATION, turnId })).rejects.toEqual(refused);
  await expect(desk.retry(OTHER_CUSTOMER, { conversationId: CONVERSATION, turnId })).rejects.toEqual(refused);
  await expect(desk.readCall(OTHER_CUSTOMER, { conversationId: CONVERSATION, callId: "call-0001" })).rejects.toEqual(refused);
  expect(await desk.canListen(OTHER_CUSTOMER, CONVERSATION)).toBe(false);
  expect(await desk.canListen({ ...CUSTOMER, assistant: "other" }, CONVERSATION)).toBe(false);
  expect((await harness.journal()).map((event) => event.type)).toEqual(["message-received", "turn-started", "step-ended", "turn-ended"]);
});

test("what was missed comes after the number that was seen; too far behind, the last page comes instead", async () => {
  harness = await openDesk(chatty);
  for (let turn = 0; turn < 40; turn += 1) await harness.ask(`Question ${turn}`);
  const { desk } = harness;
  const opened = await desk.open(CUSTOMER, { conversationId: CONVERSATION });
  expect(opened).toMatchObject({ lastSeq: 160, more: true, reset: false });
  expect(opened.events.map((event) => event.seq)).toEqual(Array.from({ length: 100 }, (_, index) => index + 61));
  const resumed = await desk.open(CUSTOMER, { conversationId: CONVERSATION, after: 150 });
  expect(resumed.events.map((event) => event.seq)).toEqual([151, 152, 153, 154, 155, 156, 157, 158, 159, 160]);
  expect(resumed.reset).toBe(false);
  expect(await desk.open(CUSTOMER, { conversationId: CONVERSATION, after: 3 })).toMatchObject({ reset: true, lastSeq: 160 });
  expect(await desk.open(CUSTOMER, { conversationId: CONVERSATION, after: 999 })).toMatchObject({ reset: true, lastSeq: 160 });
  const page = await desk.page(CUSTOMER, { conversationId: CONVERSATION, before: 61 });
  expect(page.events).toHaveLength(60);
  expect(page.more).toBe(false);
});

test("a conversation that nobody began is empty, and asking does not make it", async () => {
  harness = await openDesk(chatty);
  expect(await harness.desk.open(CUSTOMER, { conversationId: "conversation-none" })).toMatchObject({ events: [], lastSeq: 0 });
  expect(await harness.store.find("conversation-none")).toBeUndefined();
});

test("a message that is too long is refused with both numbers", async () => {
  harness = await openDesk(chatty);
  const long = { conversationId: CONVERSATION, messageId: "message-1", text: "x".repeat(8_001) };
  await expect(harness.desk.send(CUSTOMER, long)).rejects.toMatchObject({
    code: "too-long",
    detail: expect.stringContaining("8001") as string,
  });
});

test("a customer's view has no arguments, results, causes, models, costs or hashes in it", async () => {
  harness = await openDesk({ ...secretTool, unavailable: [{ server: "stock", serverName: "Stock", cause: "secret-cause" }] });
  await harness.ask("Look");
  const { events } = await harness.desk.open(CUSTOMER, { conversationId: CONVERSATION });
  const seen = JSON.stringify(events);
  for (const hidden of ["secret-argument", "secret-result", "secret-cause", "scripted", "inputTokens", "definitionHash", "session-one"])
    expect(seen).not.toContain(hidden);
  expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
});

test.each([
  ["full", true],
  ["summary", false],
  ["hidden", false],
] as const)("trace %s: the raw call is %s to be read, its picture always", async (trace, raw) => {
  harness = await openDesk({ ...secretTool, assistant: { ...secretTool.assistant, trace } });
  const journal = await harness.ask("Look");
  const call = journal.find((event) => event.type === "tool-call-ended");
  const details = await harness.desk.readCall(CUSTOMER, {
    conversationId: CONVERSATION,
    callId: call?.type === "tool-call-ended" ? call.callId : "",
  });
  expect(JSON.stringify(details).includes("secret-argument")).toBe(raw);
  expect(JSON.stringify(details).includes("secret-result")).toBe(raw);
  expect(details.content[1]).toEqual({ kind: "image", mimeType: "image/png", data: "aGVsbG8=" });
});

test("only the newest answer can be tried again, and only when it failed", async () => {
  harness = await openDesk(chatty);
  await harness.ask("Hi");
  const turn = (await harness.journal()).find((event) => event.type === "turn-started");
  const turnId = turn?.type === "turn-started" ? turn.turnId : "";
  await expect(harness.desk.retry(CUSTOMER, { conversationId: CONVERSATION, turnId })).rejects.toEqual(code("unknown-turn"));
  await expect(harness.desk.retry(CUSTOMER, { conversationId: CONVERSATION, turnId: "turn-none" })).rejects.toEqual(code("unknown-turn"));
  await harness.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId });
  expect((await harness.journal()).at(-1)?.type).toBe("turn-ended");
});

test("an event that the journal kept is heard by every listener once, in order", async () => {
  harness = await openDesk({ ...secretTool, tools: [{ tool: "lookup", run: () => textResult("x") }] });
  await harness.ask("One");
  await harness.ask("Two");
  expect(harness.room.journal.map((event) => event.seq)).toEqual((await harness.journal()).map((event) => event.seq));
});

test("whoever writes into a conversation that is being erased meets one that is not there", async () => {
  harness = await openDesk(chatty);
  await harness.ask("Hello");
  const store = harness.store as OpenedStore;
  const before = await store.find(CONVERSATION);
  await store.customerData.beginErasing([CONVERSATION], harness.clock.now());
  const refused = code("unknown-conversation");
  const late = { conversationId: CONVERSATION, messageId: "message-two", text: "Are you there?" };
  await expect(harness.desk.send(CUSTOMER, late)).rejects.toEqual(refused);
  // The staff looked at it a moment before.
  store.find = async () => before;
  await expect(harness.people.join({ kind: "person", id: "anna", name: "Anna" }, { conversationId: CONVERSATION })).rejects.toEqual(
    refused,
  );
});
