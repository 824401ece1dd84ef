import { expect, test } from "vitest";
import { callsOnce, say, textResult } from "../support/desk-scripts.ts";
import { alwaysAllow } from "../support/desk-assistant.ts";
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
