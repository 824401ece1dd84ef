import { expect, test } from "vitest";
import { callsOnce, say, textResult } from "../support/desk-scripts.ts";
import { alwaysAllow, assistant } from "../support/desk-assistant.ts";
import { CREATE } from "../contract/store-drafts.ts";
import { CONVERSATION, CUSTOMER, openDesk } from "../support/desk-harness.ts";
import { GatedDisk, turn } from "../support/gated-disk.ts";
import { waitFor } from "../support/wait-for.ts";

const MESSAGE = { conversationId: CONVERSATION, messageId: "message-1", text: "Hello" };

test("the model is asked while the disk is busy, and nothing of its answer is told before the message is kept", async () => {
  const disk = new GatedDisk();
  const desk = await openDesk({ script: () => say("Hi!"), disk: disk.files });
  let acknowledged = false;
  const sending = desk.desk.send(CUSTOMER, MESSAGE).then(() => void (acknowledged = true));
  await waitFor(() => desk.requests.length > 0);
  await turn();
  // One commit, and one sync for it.
  expect(disk.asked).toEqual(["log"]);
  expect([acknowledged, desk.room.texts, desk.room.journal]).toEqual([false, [], []]);
  await disk.pass();
  await sending;
  await waitFor(() => desk.room.texts.length > 0);
  expect(desk.room.journal.map(({ type }) => type)).toEqual(["message-received", "turn-started"]);
  disk.free();
  await desk.turnsEnded(1);
  expect((await desk.journal()).map(({ type }) => type)).toEqual(["message-received", "turn-started", "step-ended", "turn-ended"]);
  // The end of the turn, and the lease with it.
  expect(disk.asked).toEqual(["log", "log"]);
});

test("no call is made before the disk has that it starts", async () => {
  const disk = new GatedDisk();
  let calls = 0;
  const desk = await openDesk({
    script: callsOnce({ name: "orders__refund", arguments: {} }),
    tools: [{ tool: "refund", run: () => ((calls += 1), textResult("done")) }],
    permissions: { refund: alwaysAllow },
    disk: disk.files,
  });
  const sending = desk.desk.send(CUSTOMER, MESSAGE);
  await waitFor(() => desk.requests.length > 0);
  await disk.pass();
  await sending;
  await waitFor(() => disk.asked.length === 2);
  await turn();
  expect(calls).toBe(0);
  disk.free();
  await desk.turnsEnded(1);
  expect(calls).toBe(1);
});

test("a disk that fails keeps the message from its sender's answer, and the answer from everybody", async () => {
  const disk = new GatedDisk();
  const desk = await openDesk({ script: () => say("Hi!"), disk: disk.files });
  const sending = expect(desk.desk.send(CUSTOMER, MESSAGE)).rejects.toThrow("The disk did not keep what was written");
  await waitFor(() => desk.requests.length > 0);
  await disk.fail("EIO: i/o error");
  await sending;
  await waitFor(() => desk.runs() === 0);
  expect([desk.room.texts, desk.room.journal]).toEqual([[], []]);
});

test("what one sync brings is told in the order of the journal", async () => {
  const disk = new GatedDisk();
  const desk = await openDesk({ script: () => say("Hi!"), disk: disk.files });
  void desk.store.append({ conversationId: "conversation-two", at: 1, create: CREATE, events: [] });
  await waitFor(() => disk.waiting.length > 0);
  // Both wait for the next sync.
  const first = desk.desk.send(CUSTOMER, MESSAGE);
  await waitFor(() => desk.requests.length > 0);
  const second = desk.desk.send(CUSTOMER, { ...MESSAGE, messageId: "message-2" });
  await turn();
  disk.free();
  await Promise.all([first, second]);
  await desk.turnsEnded(2);
  expect(desk.room.journal.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("two messages at once are told in order", async () => {
  const desk = await openDesk({ script: () => say("Hi!") });
  await Promise.all([desk.desk.send(CUSTOMER, MESSAGE), desk.desk.send(CUSTOMER, { ...MESSAGE, messageId: "message-2" })]);
  await desk.turnsEnded(2);
  expect(desk.room.journal.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("a conversation that found a place elsewhere waits for none any more", async () => {
  let most = 1;
  let goOn = (): void => undefined;
  const first = new Promise<void>((resolve) => (goOn = resolve));
  let finish = (): void => undefined;
  const called = new Promise<void>((resolve) => (finish = resolve));
  let calls = 0;
  const given = () =>
    assistant({
      connectors: [{ server: "orders", permissions: { refund: alwaysAllow } }],
      limits: { ...assistant().limits, concurrentTurns: most },
    });
  const refund = callsOnce({ name: "orders__refund", arguments: {} });
  const desk = await openDesk({
    assistants: { find: () => given() },
    script: async function* (request, step, signal) {
      const isFirst = request.messages.some(({ text }) => text === "one");
      if (isFirst) await first;
      yield* isFirst ? say("One.") : refund(request, step, signal);
    },
    tools: [{ tool: "refund", run: async () => ((calls += 1), await called, textResult("done")) }],
  });
  await desk.desk.send(CUSTOMER, { ...MESSAGE, text: "one" });
  await waitFor(() => desk.requests.length === 1);
  await desk.desk.send(CUSTOMER, { ...MESSAGE, conversationId: "conversation-two", text: "two" });
  most = 3;
  await waitFor(() => calls === 1);
  goOn();
  await desk.turnsEnded(1);
  await turn();
  finish();
  await waitFor(async () => (await desk.journal("conversation-two")).some(({ type }) => type === "turn-ended"));
  const ended = (await desk.journal("conversation-two")).find(({ type }) => type === "tool-call-ended");
  expect([calls, ended]).toMatchObject([1, { outcome: "ok" }]);
});
