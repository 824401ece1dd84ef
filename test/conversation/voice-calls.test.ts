import { describe, expect, test } from "vitest";
import { requestSchemas } from "../../protocol/frames.ts";
import { alwaysAllow, needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, openDesk, OTHER_CUSTOMER } from "../support/desk-harness.ts";
import { callsOnce, callTools, say, textResult } from "../support/desk-scripts.ts";
import { code, heard, rested, send, written } from "../support/desk-waits.ts";

const VOICE_CALL = "voice-call-1";
const IN_CALL = { conversationId: CONVERSATION, voiceCallId: VOICE_CALL };
const STARTED = { ...IN_CALL, via: "page" } as const;
const ENDED = { ...IN_CALL, reason: "hung-up", durationMs: 60_000 } as const;
const HEARD = { ...IN_CALL, speechId: "1", kind: "answer", turnId: "turn-0001", step: 0, text: "It is on its way." } as const;
const CUT = { ...HEARD, speechId: "2", text: "It is", unheard: " on its way.", cutBy: "speech" } as const;

describe("a voice call in the journal", () => {
  test("may begin a conversation, and has what was said, heard and cut, each once however often it is told", async () => {
    const desk = await openDesk({ script: () => say("It is on its way.") });
    const spoken = { voiceCallId: VOICE_CALL, transcriptMs: 120, confidence: 0.9 };
    for (let time = 0; time < 2; time += 1) {
      expect(await desk.voice.started(CUSTOMER, { ...STARTED, recorded: true })).toEqual({ seq: 1 });
      await desk.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Where is it?" }, spoken);
      await desk.turnsEnded(1);
      await rested(desk);
      expect(await desk.voice.heard(CUSTOMER, HEARD)).toEqual({ seq: 6 });
      expect(await desk.voice.cut(CUSTOMER, CUT)).toEqual({ seq: 7 });
      expect(await desk.voice.ended(CUSTOMER, ENDED)).toEqual({ seq: 8 });
    }
    const events = await desk.journal();
    expect(events).toMatchObject([
      { type: "voice-call-started", voiceCallId: VOICE_CALL, by: { kind: "customer", id: CUSTOMER.id }, via: "page", recorded: true },
      { type: "message-received", text: "Where is it?", spoken },
      { type: "turn-started" },
      { type: "step-ended" },
      { type: "turn-ended" },
      { type: "speech-heard", text: "It is on its way." },
      { type: "speech-cut", text: "It is", unheard: " on its way." },
      { type: "voice-call-ended", reason: "hung-up", durationMs: 60_000 },
    ]);
    expect(events).toHaveLength(8);
    expect(events.some((event) => "speechId" in event || "conversationId" in event)).toBe(false);
  });

  test("is its customer's: nobody else begins, hears, cuts, interrupts or ends anything in it", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.voice.started(CUSTOMER, STARTED);
    for (const attempt of [
      desk.voice.started(OTHER_CUSTOMER, { ...STARTED, voiceCallId: "voice-call-2" }),
      desk.voice.heard(OTHER_CUSTOMER, HEARD),
      desk.voice.cut(OTHER_CUSTOMER, CUT),
      desk.voice.ended(OTHER_CUSTOMER, ENDED),
      desk.voice.interrupt(OTHER_CUSTOMER, { conversationId: CONVERSATION, turnId: "turn-0001" }),
      desk.voice.ended(CUSTOMER, { ...ENDED, conversationId: "conversation-of-nobody" }),
    ])
      await expect(attempt).rejects.toEqual(code("unknown-conversation"));
    expect(await desk.journal()).toHaveLength(1);
  });

  test("begins no run by what nobody has to answer", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    const counts = { leases: 0, looks: 0 };
    const { acquireLease, listDue } = desk.store;
    desk.store.acquireLease = (request) => ((counts.leases += 1), acquireLease.call(desk.store, request));
    desk.store.listDue = (...asked) => ((counts.looks += 1), listDue.apply(desk.store, asked));
    await desk.voice.started(CUSTOMER, STARTED);
    await desk.voice.heard(CUSTOMER, HEARD);
    await desk.voice.cut(CUSTOMER, CUT);
    await desk.voice.ended(CUSTOMER, ENDED);
    const before = counts.looks;
    await expect.poll(() => counts.looks).toBeGreaterThan(before + 2);
    expect(counts.leases).toBe(0);
  });

  test("leaves a message one commit until the model is asked, as without a call", async () => {
    const appends: string[] = [];
    const desk = await openDesk({
      script: () => say("Hello."),
      dieAt: (events) => void appends.push(events.map(({ type }) => type).join(" ")) as undefined,
    });
    await desk.voice.started(CUSTOMER, STARTED);
    await desk.ask("One");
    await desk.voice.heard(CUSTOMER, HEARD);
    await rested(desk);
    appends.length = 0;
    await desk.ask("Two");
    expect(appends).toEqual(["message-received", "step-ended turn-ended"]);
  });

  test("is no word of the customer line's: a frame that says that a message was spoken says nothing", () => {
    const frame = { conversationId: CONVERSATION, messageId: "message-1", text: "Hi", spoken: { voiceCallId: VOICE_CALL } };
    expect(requestSchemas["message-send"].parse(frame)).toEqual({ conversationId: CONVERSATION, messageId: "message-1", text: "Hi" });
  });
});

describe("an interruption", () => {
  const turnIdOf = async (desk: Harness) => (await heard(desk, "turn-started")).turnId;
  const interrupt = async (desk: Harness) => desk.voice.interrupt(CUSTOMER, { conversationId: CONVERSATION, turnId: await turnIdOf(desk) });
  const ends = async (desk: Harness) => (await written(desk, "turn-ended")).map(({ outcome }) => outcome);

  test("stops the model while it writes, and the journal says who and where", async () => {
    const desk = await openDesk({
      script: async function* (_request, _step, signal) {
        yield { type: "text", text: "Once upon a time" };
        await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
      },
    });
    await send(desk, "Tell me a story");
    await desk.room.until((room) => room.texts.length > 0);
    expect(await interrupt(desk)).toBe("stopped");
    await desk.turnsEnded(1);
    expect((await desk.journal()).slice(2)).toMatchObject([
      { type: "stop-requested", by: { kind: "customer", id: CUSTOMER.id } },
      { type: "step-ended", text: "Once upon a time", cut: "stopped" },
      { type: "turn-ended", outcome: "stopped" },
    ]);
    expect(await interrupt(desk)).toBe("ended");
  });

  test("stops a model that has not said a word, and the next message is answered", async () => {
    const desk = await openDesk({
      script: async function* (_request, step, signal) {
        if (step > 1) return yield* say("Hello.");
        await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
      },
    });
    await send(desk);
    await expect.poll(() => desk.requests.length).toBe(1);
    expect(await interrupt(desk)).toBe("stopped");
    await desk.turnsEnded(1);
    await desk.ask("Hello?");
    expect(await ends(desk)).toEqual(["stopped", "done"]);
    expect(await written(desk, "stop-requested")).toHaveLength(1);
  });

  test("leaves a tool that runs alone, and says so", async () => {
    const running = Promise.withResolvers<void>();
    const desk = await openDesk({
      script: callsOnce({ name: "orders__refund", arguments: {} }),
      tools: [{ tool: "refund", run: () => running.promise.then(() => textResult("refunded")) }],
      permissions: { refund: alwaysAllow },
    });
    await send(desk);
    await heard(desk, "tool-call-started");
    expect(await interrupt(desk)).toBe("working");
    running.resolve();
    await desk.turnsEnded(1);
    expect(await written(desk, "tool-call-ended")).toMatchObject([{ outcome: "ok" }]);
    expect(await ends(desk)).toEqual(["done"]);
    expect(await written(desk, "stop-requested")).toEqual([]);
  });

  test("leaves an approval waiting", async () => {
    const desk = await openDesk({
      script: callsOnce({ name: "orders__refund", arguments: {} }),
      tools: [{ tool: "refund", run: () => textResult("refunded") }],
      permissions: { refund: needsApproval },
    });
    await send(desk);
    await heard(desk, "approval-requested");
    expect(await interrupt(desk)).toBe("working");
    await rested(desk);
    expect(await interrupt(desk)).toBe("working");
    expect(await written(desk, "approval-decided")).toEqual([]);
  });

  test("in the moment in which the model is done either comes before its calls, or stops none of them", async () => {
    let moment = 0;
    let interrupted: Promise<{ outcome: string; steps: number }> | undefined;
    const desk: Harness = await openDesk({
      script: async function* ({ messages }) {
        if (messages.at(-1)?.role === "tool") return yield* say("Done.");
        const [call, finish] = callTools({ name: "orders__refund", arguments: {} });
        yield call!;
        const { turnId } = (await written(desk, "turn-started")).at(-1)!;
        interrupted = (async () => {
          for (let waited = 0; waited < moment; waited += 1) await Promise.resolve();
          const outcome = await desk.voice.interrupt(CUSTOMER, { conversationId: CONVERSATION, turnId });
          return { outcome, steps: desk.requests.length };
        })();
        yield finish!;
      },
      tools: [{ tool: "refund", run: () => textResult("refunded") }],
      permissions: { refund: alwaysAllow },
    });
    const outcomes = new Set<string>();
    for (; moment < 60; moment += 1) {
      const [asked, ran] = [desk.requests.length, (await written(desk, "tool-call-ended")).length];
      await desk.ask("Refund it");
      const { outcome, steps } = (await interrupted)!;
      outcomes.add(outcome);
      const calls = (await written(desk, "tool-call-ended")).slice(ran).map((call) => call.outcome);
      expect(calls).toEqual(outcome === "stopped" && steps === asked + 1 ? [] : ["ok"]);
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(["stopped", "working"]));
  });
});
