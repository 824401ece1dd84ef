import { expect, test } from "vitest";
import { alwaysAllow, needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { decision, heard, written } from "../support/desk-waits.ts";

const types = (events: readonly { type: string }[]) => events.map((event) => event.type);

test("a question is answered, and the journal has it in order", async () => {
  const desk = await openDesk({ script: () => say("Hello.") });
  const events = await desk.ask("Hi");
  expect(types(events)).toEqual(["message-received", "turn-started", "step-ended", "turn-ended"]);
  expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4]);
  expect(desk.room.texts.map((frame) => frame.text).join("")).toBe("Hello.");
});

test("a tool that is always allowed runs, and its result reaches the model", async () => {
  const desk = await openDesk({
    script: (_request, step) => (step === 1 ? callTools({ name: "orders__lookup", arguments: { id: 1042 } }) : say("On its way.")),
    tools: [{ tool: "lookup", run: (input) => textResult(`order ${String(input["id"])} shipped`) }],
    permissions: { lookup: alwaysAllow },
  });
  const events = await desk.ask("Where is order 1042?");
  expect(types(events)).toEqual([
    "message-received",
    "turn-started",
    "step-ended",
    "tool-call-proposed",
    "tool-call-started",
    "tool-call-ended",
    "step-ended",
    "turn-ended",
  ]);
  expect(desk.requests[1]?.messages.at(-1)).toMatchObject({ role: "tool", text: "order 1042 shipped", failed: false });
});

test("a tool that nothing names waits for the customer, survives a restart, and runs once", async () => {
  let ran = 0;
  const options: HarnessOptions = {
    script: (request) =>
      request.messages.at(-1)?.role === "tool" ? say("Done.") : callTools({ name: "orders__refund", arguments: { id: 7 } }),
    tools: [{ tool: "refund", run: () => ((ran += 1), textResult("refunded")) }],
  };
  const first = await openDesk(options);
  await first.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Refund 7" });
  await first.room.until((room) => room.journal.some((event) => event.type === "approval-requested"));
  expect(ran).toBe(0);
  const second = await first.restart();
  const [asked] = await written(second, "approval-requested");
  await second.desk.decide(CUSTOMER, "approval-decide", decision(asked!));
  await second.turnsEnded(1);
  expect(ran).toBe(1);
  expect(types(await second.journal()).slice(-6)).toEqual([
    "approval-requested",
    "approval-decided",
    "tool-call-started",
    "tool-call-ended",
    "step-ended",
    "turn-ended",
  ]);
});

test("Stop keeps the partial answer, marked, and the next message is answered", async () => {
  const desk = await openDesk({
    script: async function* (_request, step, signal) {
      yield { type: "text", text: "Once upon" };
      if (step === 1) await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
      yield { type: "finish", reason: "stop", usage: {} };
    },
  });
  await desk.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "A story" });
  await desk.room.until((room) => room.texts.length > 0);
  const turn = desk.room.texts[0]?.turnId ?? "";
  await desk.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId: turn });
  await desk.turnsEnded(1);
  const events = await desk.ask("Go on");
  expect(events.find((event) => event.type === "step-ended")).toMatchObject({ text: "Once upon", cut: "stopped" });
  expect(events.filter((event) => event.type === "turn-ended").map((event) => event.outcome)).toEqual(["stopped", "done"]);
});

test("messages that come while a turn waits are answered after it, in order", async () => {
  const desk = await openDesk({
    script: (request) => {
      const last = request.messages.at(-1);
      if (last?.role === "user" && last.text === "Refund") return callTools({ name: "orders__refund", arguments: {} });
      return say(`About ${last?.text ?? ""}`);
    },
    tools: [{ tool: "refund", run: () => textResult("ok") }],
    permissions: { refund: needsApproval },
  });
  await desk.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Refund" });
  const asked = await heard(desk, "approval-requested");
  await desk.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-2", text: "second" });
  await desk.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-3", text: "third" });
  await desk.desk.decide(CUSTOMER, "approval-decide", decision(asked, { decision: "rejected", reason: "too late" }));
  await desk.turnsEnded(3);
  const events = await desk.journal();
  expect(events.filter((event) => event.type === "turn-started").map((event) => event.messageId)).toEqual([
    "message-1",
    "message-2",
    "message-3",
  ]);
  expect(events.find((event) => event.type === "tool-call-ended")).toMatchObject({ outcome: "refused", refusal: "rejected" });
  expect(events.filter((event) => event.type === "step-ended").map((event) => event.text)).toEqual([
    "",
    expect.stringContaining("too late"),
    "About second",
    "About third",
  ]);
});
