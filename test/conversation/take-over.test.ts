import { describe, expect, test } from "vitest";
import type { JournalEvent } from "../../protocol/events.ts";
import type { ModelRequest } from "../../server/conversation/ports/model.ts";
import { alwaysAllow, needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { code, decision, heard, rested, send, written } from "../support/desk-waits.ts";

const ANNA = { kind: "person", id: "anna", name: "Anna" } as const;
const BEN = { kind: "person", id: "ben", name: "Ben" } as const;
const HERE = { conversationId: CONVERSATION };

const join = (desk: Harness, staff = ANNA as typeof ANNA | typeof BEN, more: { insteadOf?: string } = {}) =>
  desk.people.join(staff, { ...HERE, ...more });
const reply = (desk: Harness, text: string, messageId = `reply-${text.length}-0001`) => desk.people.reply(ANNA, { ...HERE, messageId, text });
const handBack = (desk: Harness, more: { summary?: string; answer?: boolean } = {}) => desk.people.handBack(ANNA, { ...HERE, ...more });

const types = (events: readonly { type: string }[]) => events.map((event) => event.type);
const read = (request: ModelRequest | undefined) => request?.messages.map(({ role, text }) => `${role}: ${text}`) ?? [];

/** What only the assistant does, where a person answered at that moment. */
function saidBeside(events: readonly JournalEvent[]): readonly JournalEvent[] {
  let person = false;
  return events.filter((event) => {
    if (event.type === "person-joined") person = true;
    if (event.type === "handed-back") person = false;
    const assistants =
      event.type === "turn-started" || event.type === "tool-call-proposed" || (event.type === "step-ended" && event.cut === undefined);
    return person && assistants;
  });
}

/** Speaks a little, then nothing until it is stopped. */
const slow: HarnessOptions["script"] = async function* (_request, step, signal) {
  yield { type: "text", text: "Once upon" };
  if (step === 1) await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
  yield { type: "finish", reason: "stop", usage: {} };
};

/** A tool that runs until the test lets it end. */
function heldTool() {
  const { promise: started, resolve: start } = Promise.withResolvers<AbortSignal>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const run = async (_input: unknown, { signal }: { signal: AbortSignal }) => {
    start(signal);
    const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    await Promise.race([released, stopped]);
    return signal.aborted ? ({ outcome: "cancelled", content: [] } as const) : textResult("refunded 1042");
  };
  return { started, release, tool: { tool: "refund", run } };
}

const refunds: HarnessOptions["script"] = (request) =>
  request.messages.at(-1)?.role === "tool" || request.messages.some(({ role }) => role === "tool")
    ? say("Done.")
    : callTools({ name: "orders__refund", arguments: { id: 1042 } });

describe("a person joins", () => {
  test("during a model step: it is stopped at once, and the partial answer is kept", async () => {
    const desk = await openDesk({ script: slow });
    await send(desk, "A story");
    await desk.room.until((room) => room.texts.length > 0);
    await join(desk);
    await desk.turnsEnded(1);
    const events = await desk.journal();
    expect(types(events)).toEqual(["message-received", "turn-started", "person-joined", "step-ended", "turn-ended"]);
    expect(events[3]).toMatchObject({ text: "Once upon", cut: "stopped" });
    expect(events[4]).toMatchObject({ outcome: "stopped" });
  });

  test("in the moment in which the answer is done: it counts as stopped", async () => {
    let desk: Harness | undefined;
    let joined = false;
    desk = await openDesk({
      script: () => say("Hello."),
      beforeAppend: async (events) => {
        if (joined || !events.some(({ type }) => type === "step-ended")) return;
        joined = true;
        await join(desk!);
      },
    });
    await send(desk);
    await desk.turnsEnded(1);
    const events = await desk.journal();
    expect(saidBeside(events)).toEqual([]);
    expect(types(events)).toEqual(["message-received", "turn-started", "person-joined", "step-ended", "turn-ended"]);
    expect(desk.requests).toHaveLength(1);
  });

  test("while a call runs: it may end, and the model is not asked about it until the conversation is handed back", async () => {
    const held = heldTool();
    const desk = await openDesk({ script: refunds, tools: [held.tool], permissions: { refund: alwaysAllow } });
    await send(desk, "Refund 1042");
    await held.started;
    await join(desk);
    held.release();
    await desk.turnsEnded(1);
    expect((await written(desk, "tool-call-ended"))[0]).toMatchObject({ outcome: "ok", text: "refunded 1042" });
    await reply(desk, "I have done it.");
    await handBack(desk, { summary: "Refunded; the customer is content." });
    await rested(desk);
    expect(desk.requests).toHaveLength(1);
    await desk.ask("Thank you");
    expect(read(desk.requests[1]).slice(1)).toEqual([
      "user: Refund 1042",
      "assistant: ",
      "tool: refunded 1042",
      "user: (A member of the team took over here, so this answer was not finished.)",
      "user: (Anna, a member of the team, joined the conversation. From here on they answered, and you were silent.)",
      "assistant: [Anna, a member of the team, wrote:]\nI have done it.",
      "user: (Anna, a member of the team, has left the conversation and handed it back to you. From here on you answer again, as yourself. They say of it: Refunded; the customer is content.)",
      "user: Thank you",
    ]);
    expect(saidBeside(await desk.journal())).toEqual([]);
  });

  test("while a call runs, and cancels it", async () => {
    const held = heldTool();
    const desk = await openDesk({ script: refunds, tools: [held.tool], permissions: { refund: alwaysAllow } });
    await send(desk, "Refund 1042");
    await held.started;
    const { callId } = await heard(desk, "tool-call-started");
    await expect(desk.people.cancelCall(ANNA, { ...HERE, callId })).rejects.toEqual(code("not-joined"));
    await join(desk);
    await expect(desk.people.cancelCall(BEN, { ...HERE, callId })).rejects.toEqual(code("person-answers", "Anna"));
    await desk.people.cancelCall(ANNA, { ...HERE, callId });
    await desk.turnsEnded(1);
    expect((await written(desk, "tool-call-ended"))[0]).toMatchObject({ outcome: "cancelled" });
    await expect(desk.people.cancelCall(ANNA, { ...HERE, callId })).rejects.toEqual(code("request-over"));
  });

  test("at any moment of a turn with a call: the assistant says and begins nothing from then on", async () => {
    for (let moment = 1; moment <= 5; moment += 1) {
      let appends = 0;
      let desk: Harness | undefined;
      const joined = Promise.withResolvers<void>();
      desk = await openDesk({
        script: (request) =>
          request.messages.at(-1)?.role === "tool" ? say("Done.") : callTools({ name: "orders__refund", arguments: { id: 1 } }),
        tools: [{ tool: "refund", run: () => textResult("refunded") }],
        permissions: { refund: alwaysAllow },
        beforeAppend: async (events) => {
          if (events.some(({ type }) => type === "person-joined")) return;
          appends += 1;
          if (appends !== moment) return;
          // The first append makes the conversation; before it nobody can join.
          if (moment > 1) await join(desk!);
          joined.resolve();
        },
      });
      await send(desk, "Refund");
      if (moment === 1) await join(desk);
      await Promise.race([joined.promise, desk.turnsEnded(1)]);
      await rested(desk);
      const events = await desk.journal();
      expect(saidBeside(events), `moment ${moment}: ${types(events).join(" ")}`).toEqual([]);
    }
  });

  test("before the turn of a queued message begins: it does not begin", async () => {
    let desk: Harness | undefined;
    let joined = false;
    desk = await openDesk({
      script: () => say("Hello."),
      beforeAppend: async (events) => {
        if (joined || !events.some(({ type }) => type === "turn-started")) return;
        joined = true;
        await join(desk!);
      },
    });
    await send(desk, "First", "message-one");
    await send(desk, "Second", "message-two");
    await expect.poll(() => joined).toBe(true);
    await rested(desk);
    const events = await desk.journal();
    expect(saidBeside(events)).toEqual([]);
    expect(await written(desk, "turn-started")).toHaveLength(1);
  });
});

describe("while a person answers", () => {
  test("a message starts no turn, also after a restart, and is answered at hand-back where the person wants it", async () => {
    const first = await openDesk({ script: () => say("Hello again.") });
    await first.ask("Hi");
    await join(first);
    await rested(first);
    await send(first, "Are you there?", "message-two");
    await rested(first);
    const desk = await first.restart();
    await send(desk, "I am waiting.", "message-three");
    await rested(desk);
    expect(await written(desk, "turn-started")).toHaveLength(1);
    await handBack(desk, { answer: true });
    await desk.turnsEnded(1);
    await rested(desk);
    expect(await written(desk, "turn-started")).toHaveLength(2);
    expect(read(desk.requests[0]).slice(-5)).toEqual([
      "user: (Anna, a member of the team, joined the conversation. From here on they answered, and you were silent.)",
      "user: Are you there?",
      "user: I am waiting.",
      "user: (Anna, a member of the team, has left the conversation and handed it back to you. From here on you answer again, as yourself.)",
      "user: (Please answer now what the customer wrote last.)",
    ]);
  });

  test("what they replied to is theirs: hand-back answers nothing, and the next message is the assistant's", async () => {
    const desk = await openDesk({ script: () => say("Hello again.") });
    await desk.ask("Hi");
    await join(desk);
    await send(desk, "Are you there?", "message-two");
    await reply(desk, "I am.");
    await handBack(desk, { answer: true });
    await rested(desk);
    expect(desk.requests).toHaveLength(1);
    await desk.ask("Good");
    expect(desk.requests).toHaveLength(2);
  });

  test("a hand-back without an answer drops what waited, and one with it takes up the turn that was stopped", async () => {
    for (const answer of [false, true]) {
      const desk = await openDesk({ script: slow });
      await send(desk, "A story");
      await desk.room.until((room) => room.texts.length > 0);
      await join(desk);
      await desk.turnsEnded(1);
      await handBack(desk, { answer });
      if (answer) await desk.turnsEnded(2);
      await rested(desk);
      expect(desk.requests).toHaveLength(answer ? 2 : 1);
    }
  });

  test("an approval that waited can still be decided; its call runs, and the model reads of it after the hand-back", async () => {
    const desk = await openDesk({
      script: refunds,
      tools: [{ tool: "refund", run: () => textResult("refunded 1042") }],
      permissions: { refund: needsApproval },
    });
    await send(desk, "Refund 1042");
    const asked = await heard(desk, "approval-requested");
    await join(desk);
    await rested(desk);
    await desk.desk.decide(CUSTOMER, "approval-decide", decision(asked));
    await desk.turnsEnded(1);
    expect((await written(desk, "turn-ended"))[0]).toMatchObject({ outcome: "stopped" });
    expect(desk.requests).toHaveLength(1);
    await handBack(desk);
    await desk.ask("And?");
    expect(read(desk.requests[1])).toContain("tool: refunded 1042");
  });

  test("a call whose process died is not repeated for them, and its end is unknown", async () => {
    const held = heldTool();
    const first = await openDesk({ script: refunds, tools: [held.tool], permissions: { refund: alwaysAllow } });
    await send(first, "Refund 1042");
    await held.started;
    await join(first);
    const desk = await first.crash();
    await desk.turnsEnded(1);
    expect((await written(desk, "tool-call-ended"))[0]).toMatchObject({ outcome: "unknown" });
    expect(desk.requests).toHaveLength(0);
  });
});

describe("who answers", () => {
  test("two who press Join at once: one has it, the other hears who", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    const settled = await Promise.allSettled([join(desk, ANNA), join(desk, BEN)]);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const [joined] = await written(desk, "person-joined");
    const refused = settled.find(({ status }) => status === "rejected") as PromiseRejectedResult;
    expect(refused.reason).toEqual(code("person-answers", joined!.by.name));
    expect(await written(desk, "person-joined")).toHaveLength(1);
  });

  test("whoever takes over from a colleague says from whom, and the colleague can reply no more", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    await join(desk, ANNA);
    await expect(join(desk, BEN)).rejects.toEqual(code("person-answers", "Anna"));
    await join(desk, BEN, { insteadOf: "anna" });
    await expect(reply(desk, "Mine")).rejects.toEqual(code("person-answers", "Ben"));
    await expect(join(desk, ANNA, { insteadOf: "carl" })).rejects.toEqual(code("person-answers", "Ben"));
  });

  test("nobody replies, hands back or cancels who has not joined, and joining twice is once", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    await expect(reply(desk, "Hello")).rejects.toEqual(code("not-joined"));
    await expect(handBack(desk)).rejects.toEqual(code("not-joined"));
    await join(desk);
    await join(desk);
    expect(await written(desk, "person-joined")).toHaveLength(1);
  });

  test("a reply that is sent again is written once", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    await join(desk);
    const [one, two] = [await reply(desk, "Hello", "reply-one"), await reply(desk, "Hello", "reply-one")];
    expect(two).toEqual(one);
    expect(await written(desk, "reply-sent")).toHaveLength(1);
  });

  test("a conversation that its person closes is handed back, and the next message is the assistant's", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    await join(desk);
    await expect(desk.people.close(BEN, HERE)).rejects.toEqual(code("person-answers", "Anna"));
    await desk.people.close(ANNA, HERE);
    expect(await desk.store.find(CONVERSATION)).toMatchObject({ closedAt: expect.any(Number) });
    await desk.ask("One more thing");
    expect(await desk.store.find(CONVERSATION)).not.toHaveProperty("closedAt");
    expect(desk.requests).toHaveLength(2);
    expect(types(await desk.journal())).toEqual(expect.arrayContaining(["person-joined", "handed-back", "conversation-closed"]));
  });

  test("notes are read by no model", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    await desk.people.note(BEN, { ...HERE, text: "A difficult one" });
    await desk.ask("Hi again");
    expect(JSON.stringify(desk.requests)).not.toContain("difficult");
  });
});

describe("a draft", () => {
  test("is what the model says to all that was said, without tools, and nothing of it is kept", async () => {
    const desk = await openDesk({
      script: () => say("Your order is on its way."),
      tools: [{ tool: "refund", run: () => textResult("no") }],
      permissions: { refund: alwaysAllow },
    });
    await desk.ask("Hi");
    await join(desk);
    await send(desk, "Where is it?", "message-two");
    const before = await desk.journal();
    const draft = await desk.people.draftReply(ANNA, { ...HERE, signal: new AbortController().signal });
    expect(draft).toEqual({ text: "Your order is on its way." });
    expect(desk.requests.at(-1)).toMatchObject({ tools: [], toolChoice: "none" });
    expect(read(desk.requests.at(-1)).slice(-2)).toEqual(["user: Where is it?", expect.stringContaining("for Anna")]);
    expect(await desk.journal()).toEqual(before);
  });
});
