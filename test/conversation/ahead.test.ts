/** A model that is asked before the message is there: what it saves, and that nothing else happens before. */
import { describe, expect, test } from "vitest";
import type { ModelPart } from "../../server/conversation/ports/model.ts";
import { alwaysAllow, needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk, OTHER_CUSTOMER } from "../support/desk-harness.ts";
import { callsOnce, say, textResult } from "../support/desk-scripts.ts";
import { code, heard, rested, written } from "../support/desk-waits.ts";

const VOICE_CALL = "voice-call-1";
const LIKELY = { conversationId: CONVERSATION, text: "Where is it?", spoken: { voiceCallId: VOICE_CALL } };

/** A desk with a call that has begun. */
async function calling(options: HarnessOptions): Promise<Harness> {
  const desk = await openDesk(options);
  await desk.voice.started(CUSTOMER, { conversationId: CONVERSATION, voiceCallId: VOICE_CALL, via: "page" });
  return desk;
}
const begin = (desk: Harness, text = LIKELY.text) => desk.voice.begin(CUSTOMER, { ...LIKELY, text });
const tell = (desk: Harness, text = LIKELY.text, messageId = "message-1") =>
  desk.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId, text }, LIKELY.spoken);
const types = async (desk: Harness) => (await desk.journal()).map(({ type }) => type);

/** Says the beginning of an answer at once, and the rest when it may; hears where it is dropped. */
function slowly() {
  const rest = Promise.withResolvers<void>();
  const dropped: unknown[] = [];
  const script: HarnessOptions["script"] = async function* (_request, _step, signal) {
    signal.addEventListener("abort", () => dropped.push(signal.reason));
    yield { type: "text", text: "It left" };
    const aborted = new Promise<void>((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
    await Promise.race([rest.promise, aborted]);
    yield* say(" on Monday.");
  };
  return { script, rest, dropped };
}

describe("a model that is asked early", () => {
  test("is asked once, exactly what it would be asked, and its first words wait for nothing but the message", async () => {
    const { script, rest, dropped } = slowly();
    const desk = await calling({ script });
    expect(await begin(desk)).toBe(true);
    await expect.poll(() => desk.requests.length).toBe(1);
    expect(await types(desk)).toEqual(["voice-call-started"]);
    expect([desk.room.texts, desk.runs()]).toEqual([[], 0]);
    await tell(desk);
    // The model says nothing more until it may: what is heard now was said before the message.
    await desk.room.until((room) => room.texts.length > 0);
    expect(desk.room.texts).toMatchObject([{ text: "It left", offset: 0 }]);
    rest.resolve();
    await desk.turnsEnded(1);
    expect(desk.requests).toHaveLength(1);
    expect(await written(desk, "step-ended")).toMatchObject([{ text: "It left on Monday.", aheadMs: expect.any(Number) as number }]);
    expect(await types(desk)).toEqual(["voice-call-started", "message-received", "turn-started", "step-ended", "turn-ended"]);
    await rested(desk);
    const other = await calling({ script: () => say("It left on Monday.") });
    await tell(other);
    await other.turnsEnded(1);
    expect(desk.requests).toEqual(other.requests);
    expect((await written(other, "step-ended"))[0]).not.toHaveProperty("aheadMs");
    expect(dropped.every((reason) => reason === "dropped")).toBe(true);
  });

  test.each([
    ["other words came", (desk: Harness) => tell(desk, "Where is it? And when will it come?")],
    ["the same words were written", (desk: Harness) => desk.ask("Where is it?")],
  ])("is asked anew where %s, and what it said before is gone", async (_how, message) => {
    const desk = await calling({ script: (_request, step) => (step === 1 ? say("Early.") : say("Anew.")) });
    await desk.ask("Hello");
    await desk.voice.ended(CUSTOMER, { conversationId: CONVERSATION, voiceCallId: VOICE_CALL, reason: "hung-up", durationMs: 1 });
    await rested(desk);
    expect(await begin(desk)).toBe(true);
    await expect.poll(() => desk.requests.length).toBe(2);
    await message(desk);
    await desk.turnsEnded(2);
    expect(desk.requests).toHaveLength(3);
    expect((await written(desk, "step-ended")).map(({ text }) => text)).toEqual(["Early.", "Anew."]);
  });

  test("is stopped where the customer spoke on, and begun anew with what they said then", async () => {
    const { script, rest, dropped } = slowly();
    const desk = await calling({ script });
    await begin(desk, "Where is");
    await expect.poll(() => desk.requests.length).toBe(1);
    desk.voice.drop(OTHER_CUSTOMER, LIKELY);
    expect(dropped).toEqual([]);
    desk.voice.drop(CUSTOMER, LIKELY);
    expect(dropped).toEqual(["dropped"]);
    await begin(desk, "Where is it");
    await begin(desk);
    expect(dropped).toEqual(["dropped", "dropped"]);
    // Said again, it goes on.
    expect(await begin(desk)).toBe(true);
    rest.resolve();
    await tell(desk);
    await desk.turnsEnded(1);
    expect(desk.requests).toHaveLength(3);
  });

  test("may want a tool: nothing of it starts, and nobody is asked, before the message is there", async () => {
    for (const permission of [alwaysAllow, needsApproval]) {
      let calls = 0;
      const desk = await calling({
        script: callsOnce({ name: "orders__refund", arguments: {} }),
        tools: [{ tool: "refund", run: () => ((calls += 1), textResult("refunded")) }],
        permissions: { refund: permission },
      });
      await begin(desk, "Refund it");
      await expect.poll(() => desk.requests.length).toBe(1);
      // Nothing is left to do: what was said lies there.
      await expect.poll(() => desk.runs()).toBe(0);
      expect([calls, await types(desk)]).toEqual([0, ["voice-call-started"]]);
      await tell(desk, "Refund it");
      await heard(desk, permission === alwaysAllow ? "turn-ended" : "approval-requested");
      expect([calls, desk.requests.length]).toEqual(permission === alwaysAllow ? [1, 2] : [0, 1]);
    }
  });

  test("leaves nothing behind where the server dies before the message is there", async () => {
    const first = await calling({ script: slowly().script });
    await begin(first);
    await expect.poll(() => first.requests.length).toBe(1);
    const second = await first.crash({ script: () => say("Anew.") });
    expect(await types(second)).toEqual(["voice-call-started"]);
    await tell(second);
    await second.turnsEnded(1);
    expect(await written(second, "step-ended")).toMatchObject([{ text: "Anew." }]);
  });

  test("is stopped with the server, and while a person answers it is not asked", async () => {
    const { script, dropped } = slowly();
    const desk = await calling({ script });
    await begin(desk);
    await desk.people.join({ kind: "person", id: "kim", name: "Kim" }, { conversationId: CONVERSATION });
    expect(dropped).toEqual(["dropped"]);
    expect(await begin(desk)).toBe(false);
    await desk.people.handBack({ kind: "person", id: "kim", name: "Kim" }, { conversationId: CONVERSATION });
    await rested(desk);
    expect(await begin(desk)).toBe(true);
    await expect.poll(() => desk.requests.length).toBe(2);
    await desk.restart();
    expect(dropped).toEqual(["dropped", "dropped"]);
  });

  test("is not asked where something is unanswered, and not by a stranger", async () => {
    const desk = await calling({
      script: callsOnce({ name: "orders__refund", arguments: {} }),
      tools: [{ tool: "refund", run: () => textResult("refunded") }],
      permissions: { refund: needsApproval },
    });
    await expect(desk.voice.begin(OTHER_CUSTOMER, LIKELY)).rejects.toEqual(code("unknown-conversation"));
    expect(await desk.voice.begin(CUSTOMER, { ...LIKELY, conversationId: "conversation-of-nobody" })).toBe(false);
    expect(await begin(desk, " ")).toBe(false);
    await tell(desk, "Refund it");
    await heard(desk, "approval-requested");
    expect(await begin(desk)).toBe(false);
    await rested(desk);
    expect(await begin(desk)).toBe(false);
    expect(desk.requests).toHaveLength(1);
  });

  test("is asked by the run where the message is there before the question was made", async () => {
    const opening = Promise.withResolvers<void>();
    let opened = 0;
    const host = {
      open: async () => {
        opened += 1;
        if (opened === 1) await opening.promise;
        return { tools: [], unavailable: [] };
      },
      rest: () => {},
      close: async () => {},
    };
    const desk = await calling({ script: () => say("Hello."), host });
    const beginning = begin(desk);
    await expect.poll(() => opened).toBe(1);
    await tell(desk);
    await desk.turnsEnded(1);
    opening.resolve();
    expect(await beginning).toBe(false);
    expect(desk.requests).toHaveLength(1);
  });

  test("is asked anew where its settings or its tools have changed meanwhile", async () => {
    const changes: ((desk: Harness) => void)[] = [
      (desk) => desk.configure({ prompt: "You help a little." }),
      (desk) =>
        desk.configure({ model: { provider: "openai-compatible", model: "other", contextTokens: 100_000, maxOutputTokens: 1_000 } }),
      (desk) => desk.setTools([{ tool: "lookup", run: () => textResult("shipped") }]),
    ];
    for (const change of changes) {
      const desk = await calling({ script: (_request, step) => say(`Step ${step}.`) });
      await begin(desk);
      await expect.poll(() => desk.requests.length).toBe(1);
      change(desk);
      await tell(desk);
      await desk.turnsEnded(1);
      expect(await written(desk, "step-ended")).toMatchObject([{ text: "Step 2." }]);
    }
  });

  test("is asked anew where it failed, as if it had not been asked", async () => {
    const desk = await calling({
      script: (_request, step) => {
        if (step === 1) throw new Error("overloaded");
        return say("Hello.");
      },
      assistant: { limits: { messageCharacters: 8_000, messagesPerMinute: 9, messagesPerMinutePerAddress: 9, concurrentTurns: 1 } },
    });
    await begin(desk);
    await expect.poll(() => desk.clock.pending()).not.toContain(8_000);
    await tell(desk);
    await desk.turnsEnded(1);
    expect(await written(desk, "turn-ended")).toMatchObject([{ outcome: "done" }]);
    expect(desk.requests).toHaveLength(2);
  });

  test("is stopped by an interruption as any other, once the message is there", async () => {
    const { script, dropped } = slowly();
    const desk = await calling({ script });
    await begin(desk);
    await tell(desk);
    await desk.room.until((room) => room.texts.length > 0);
    const { turnId } = await heard(desk, "turn-started");
    expect(await desk.voice.interrupt(CUSTOMER, { conversationId: CONVERSATION, turnId })).toBe("stopped");
    await desk.turnsEnded(1);
    expect(dropped).toEqual(["stop"]);
    expect(await written(desk, "step-ended")).toMatchObject([{ text: "It left", cut: "stopped" }]);
  });

  test("waits no longer than some seconds for the message", async () => {
    const desk = await calling({ script: slowly().script });
    await begin(desk);
    expect(desk.clock.pending()).toContain(8_000);
    await tell(desk);
    await desk.room.until((room) => room.texts.length > 0);
    expect(desk.clock.pending()).not.toContain(8_000);
  });
});

describe("what is asked early is the same as what is asked then", () => {
  const model = (contextTokens: number) =>
    ({ provider: "openai-compatible", model: "scripted", contextTokens, maxOutputTokens: 100 }) as const;
  /** Looks things up for every second question, and summarises when it is asked to. */
  const script: HarnessOptions["script"] = ({ messages, tools }): ModelPart[] => {
    const last = messages.at(-1);
    if (tools.length === 0) return say("Summary.");
    const calls = callsOnce({ name: "orders__lookup", arguments: { order: last?.text } });
    if (messages.findLast(({ role }) => role === "user")?.text.includes("look") === true)
      return calls({ messages, tools, toolChoice: "auto", maxOutputTokens: 1 }, 1, new AbortController().signal) as ModelPart[];
    return say(`Answer to: ${last?.text ?? ""}. ${"word ".repeat(30)}`);
  };

  test.each([100_000, 1_000])("after calls, cuts, summaries and restarts (window of %i tokens)", async (contextTokens) => {
    let desk = await calling({
      script,
      tools: [{ tool: "lookup", run: ({ order }) => textResult(`Found ${String(order)}. ${"detail ".repeat(20)}`) }],
      permissions: { lookup: alwaysAllow },
      assistant: { model: model(contextTokens) },
    });
    let early = 0;
    for (let index = 0; index < 12; index += 1) {
      const text = index % 2 === 0 ? `look up ${index}` : `question ${index}`;
      await rested(desk);
      const [asked, ends] = [desk.requests.length, desk.room.journal.filter(({ type }) => type === "turn-ended").length];
      const begun = await begin(desk, text);
      if (begun) await expect.poll(() => desk.requests.length).toBe(asked + 1);
      await tell(desk, text, `message-${index}`);
      await desk.turnsEnded(ends + 1);
      const steps = (await written(desk, "step-ended")).filter(
        ({ turnId }) => turnId === desk.room.journal.findLast((event) => event.type === "turn-started")?.turnId,
      );
      // Each step was asked for once, whether early or not, but for summaries.
      expect(steps[0]?.aheadMs === undefined).toBe(!begun);
      if (begun) expect(desk.requests.length - asked).toBe(steps.length);
      early += begun ? 1 : 0;
      const { turnId, step, text: said } = steps.at(-1)!;
      const place = { conversationId: CONVERSATION, voiceCallId: VOICE_CALL, speechId: `${index}`, turnId, step, kind: "answer" } as const;
      if (index % 3 === 0) await desk.voice.cut(CUSTOMER, { ...place, text: said.slice(0, 9), unheard: said.slice(9), cutBy: "speech" });
      if (index % 4 === 3) desk = await desk.restart();
    }
    // Where a summary has to be written first, nothing is begun.
    if (contextTokens < 100_000) expect(early).toBeLessThan(12);
    else expect(early).toBe(12);
    expect(early).toBeGreaterThan(3);
  });
});
