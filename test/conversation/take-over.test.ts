import { describe, expect, test } from "vitest";
import { alwaysAllow, needsApproval } from "../support/desk-assistant.ts";
import { CUSTOMER, openDesk, type Harness } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { code, decision, heard, rested, send, written } from "../support/desk-waits.ts";
import { ANNA, BEN, HERE, join, reply, handBack, types, read, saidBeside, slow, heldTool, refunds } from "./take-over-stage.ts";

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
