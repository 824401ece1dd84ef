import { expect, test } from "vitest";
import type { ModelPart } from "../../server/conversation/ports/model.ts";
import type { ToolResult } from "../../server/conversation/ports/tools.ts";
import { alwaysAllow } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";

const never = (): Promise<ToolResult> => new Promise(() => {});
const ends = async (desk: Harness) => (await desk.journal()).filter((event) => event.type === "tool-call-ended");

/** A server that goes away while the tool runs, and the one that comes after it. */
async function interrupted(safeToRepeat: boolean): Promise<{ desk: Harness; ran: () => number }> {
  let runs = 0;
  const options: HarnessOptions = {
    script: (request) => (request.messages.at(-1)?.role === "tool" ? say("Told.") : callTools({ name: "orders__charge", arguments: {} })),
    tools: [{ tool: "charge", run: () => ((runs += 1), runs === 1 ? never() : textResult("charged")) }],
    permissions: { "*": { ...alwaysAllow, safeToRepeat } },
  };
  const first = await openDesk(options);
  await first.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Charge" });
  await first.room.until(() => runs === 1 || first.room.journal.some((event) => event.type === "tool-call-started"));
  const desk = await first.restart();
  await desk.turnsEnded(1);
  return { desk, ran: () => runs };
}

test("a call whose process is gone is unknown: never repeated, and the model is told to say so", async () => {
  const { desk, ran } = await interrupted(false);
  expect(ran()).toBe(1);
  expect(await ends(desk)).toEqual([expect.objectContaining({ outcome: "unknown", text: expect.stringContaining("not known") })]);
});

test("a call that its owner marked safe to repeat is made again, and counted", async () => {
  const { desk, ran } = await interrupted(true);
  expect(ran()).toBe(2);
  expect(await ends(desk)).toEqual([expect.objectContaining({ outcome: "ok", text: "charged" })]);
  const started = (await desk.journal()).filter((event) => event.type === "tool-call-started");
  expect(started.map((event) => event.attempt)).toEqual([1, 2]);
});

test("a person can settle an unknown call, and the journal keeps both", async () => {
  const { desk } = await interrupted(false);
  const [call] = await ends(desk);
  const callId = call?.type === "tool-call-ended" ? call.callId : "";
  await desk.staff.settleCall(
    { kind: "person", id: "staff-1", name: "Kim" },
    { conversationId: CONVERSATION, callId, outcome: "ok", note: "Seen in the bank." },
  );
  expect((await desk.journal()).at(-1)).toMatchObject({ type: "tool-call-settled", outcome: "ok", by: { name: "Kim" } });
});

test("Stop tells a running tool to cancel, and does not claim that nothing happened", async () => {
  const desk = await openDesk({
    script: () => callTools({ name: "orders__charge", arguments: {} }),
    tools: [
      {
        tool: "charge",
        run: (_input, context) =>
          new Promise((resolve) => context.signal.addEventListener("abort", () => resolve({ outcome: "cancelled", content: [] }))),
      },
    ],
    permissions: { "*": alwaysAllow },
  });
  await desk.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Charge" });
  await desk.room.until((room) => room.journal.some((event) => event.type === "tool-call-started"));
  const turn = desk.room.journal.find((event) => event.type === "turn-started");
  await desk.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId: turn?.type === "turn-started" ? turn.turnId : "" });
  await desk.turnsEnded(1);
  expect(await ends(desk)).toEqual([expect.objectContaining({ outcome: "cancelled", text: expect.stringContaining("not known") })]);
  expect((await desk.journal()).at(-1)).toMatchObject({ type: "turn-ended", outcome: "stopped" });
});

test("a shutdown in the middle of a model's step writes nothing, and the next process asks again", async () => {
  let lives = 0;
  const options: HarnessOptions = {
    script: async function* (_request, _step, signal): AsyncGenerator<ModelPart> {
      lives += 1;
      if (lives > 1) return yield* say("Whole.");
      yield { type: "text", text: "Ha" };
      await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
    },
  };
  const first = await openDesk(options);
  await first.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Hi" });
  await first.room.until((room) => room.texts.length > 0);
  const second = await first.restart();
  await second.turnsEnded(1);
  const journal = await second.journal();
  expect(journal.map((event) => event.type)).toEqual(["message-received", "turn-started", "step-ended", "turn-ended"]);
  expect(journal[2]).toMatchObject({ text: "Whole." });
});

test("turns over the limit wait in order, and more than that are turned away with when to come back", async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const desk = await openDesk({
    script: async function* () {
      await gate;
      yield* say("Done.");
    },
    assistant: { limits: { messageCharacters: 8_000, messagesPerMinute: 100, messagesPerMinutePerAddress: 100, concurrentTurns: 1 } },
  });
  const send = (name: string) =>
    desk.desk.send(CUSTOMER, { conversationId: `conversation-${name}`, messageId: `message-${name}`, text: "Hi" });
  await send("a");
  await send("b");
  await expect(send("c")).rejects.toMatchObject({ code: "busy", retryAfterMs: expect.any(Number) as number });
  expect(await desk.store.find("conversation-c")).toBeUndefined();
  release();
  await desk.turnsEnded(2);
  await send("c");
  await desk.turnsEnded(3);
});

test("progress moves while a call runs, and a late joiner gets it with the text so far", async () => {
  let finish = () => {};
  const desk = await openDesk({
    script: (request) =>
      request.messages.at(-1)?.role === "tool"
        ? say("Done.")
        : [{ type: "text", text: "Let me look." }, ...callTools({ name: "orders__track", arguments: {} })],
    tools: [
      {
        tool: "track",
        run: (_input, context) => {
          context.onProgress({ progress: 1, total: 4, message: "Asking the carrier" });
          return new Promise<ToolResult>((resolve) => (finish = () => resolve(textResult("there"))));
        },
      },
    ],
    permissions: { "*": alwaysAllow },
  });
  await desk.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Track" });
  await desk.room.until((room) => room.progresses.length > 0);
  const opened = await desk.desk.open(CUSTOMER, { conversationId: CONVERSATION });
  expect(opened.progress).toEqual([expect.objectContaining({ progress: 1, total: 4, message: "Asking the carrier" })]);
  finish();
  await desk.turnsEnded(1);
  expect((await desk.desk.open(CUSTOMER, { conversationId: CONVERSATION })).progress).toEqual([]);
});
