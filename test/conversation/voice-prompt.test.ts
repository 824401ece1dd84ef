/** What the model reads of voice calls: in exact words, for they are all that it knows. */
import { describe, expect, test } from "vitest";
import type { EventDraft, EventOf } from "../../protocol/events.ts";
import type { PromptMessage } from "../../server/conversation/ports/model.ts";
import { modelRequest } from "../../server/conversation/prompt/prompt.ts";
import { PromptHistory } from "../../server/conversation/prompt/prompt-history.ts";
import { alwaysAllow, assistant } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { heard } from "../support/desk-waits.ts";

const NOTE =
  "The customer is talking with you in a voice call and hears your answer aloud. Speak as people speak: short sentences, the most important one first. Use no lists, tables, headings, links, code or emoji. Say numbers, dates, amounts and addresses as people say them. Ask one thing at a time. What the customer said was transcribed and may have mistakes: understand it as it was probably meant, and ask again where it matters.";

const by = { kind: "customer", id: CUSTOMER.id } as const;
const VOICE_CALL = "voice-call-1";
const spoken = { voiceCallId: VOICE_CALL };
const started = { type: "voice-call-started", voiceCallId: VOICE_CALL, by, via: "page" } as const;
const ended = { type: "voice-call-ended", voiceCallId: VOICE_CALL, reason: "hung-up", durationMs: 1 } as const;

const asked = (messageId: string, text: string, more: object = {}): EventDraft => ({
  type: "message-received",
  messageId,
  text,
  by,
  ...more,
});
const begins = (turnId: string, messageId: string): EventDraft => ({ type: "turn-started", turnId, messageId });
const says = (turnId: string, step: number, text: string): EventDraft => ({ type: "step-ended", turnId, step, text });
const ends = (turnId: string, outcome: "done" | "stopped" = "done"): EventDraft => ({ type: "turn-ended", turnId, outcome });
const cut = (turnId: string, step: number, [text, unheard]: [string, string], more: Partial<EventOf<"speech-cut">> = {}): EventDraft => ({
  type: "speech-cut",
  voiceCallId: VOICE_CALL,
  kind: "answer",
  turnId,
  step,
  text,
  unheard,
  cutBy: "speech",
  ...more,
});
const whole = (turnId: string, step: number, text: string): EventDraft => ({
  type: "speech-heard",
  voiceCallId: VOICE_CALL,
  kind: "answer",
  turnId,
  step,
  text,
});

function historyOf(...drafts: readonly EventDraft[]): PromptHistory {
  const history = new PromptHistory();
  drafts.forEach((draft, index) => history.apply({ ...draft, seq: index + 1, at: index }));
  return history;
}
/** Who said what, without the customer's first message. */
const read = (messages: readonly PromptMessage[]) => messages.slice(1).map(({ role, text }) => `${role}: ${text}`);
const readOf = (...drafts: readonly EventDraft[]) => read(historyOf(...drafts).messages());

const QUESTION = [asked("message-1", "Where is it?", { spoken }), begins("turn-0001", "message-1")];
const [HEARD, REST] = ["It left on Monday.", " It will be there on Friday."];
const ANSWER = says("turn-0001", 0, HEARD + REST);

describe("an answer that was cut while it was said", () => {
  test.each([
    ["speech", "(The customer interrupted you here and did not hear the rest.)"],
    ["button", "(The customer stopped you here and did not hear the rest.)"],
    ["lost", "(The line was lost or your voice failed here, so the customer did not hear the rest.)"],
  ] as const)("is read as far as it was heard, and why it was cut (%s)", (cutBy, note) => {
    expect(readOf(...QUESTION, ANSWER, ends("turn-0001"), cut("turn-0001", 0, [HEARD, REST], { cutBy }))).toEqual([
      `assistant: ${HEARD}`,
      `user: ${note}`,
    ]);
  });

  test.each([
    ["speech", "(The customer interrupted you before they heard anything of your answer.)"],
    ["button", "(The customer stopped you before they heard anything of your answer.)"],
    ["lost", "(The line was lost or your voice failed before the customer heard anything of your answer.)"],
  ] as const)("of which nothing was heard is not read at all (%s)", (cutBy, note) => {
    expect(readOf(...QUESTION, ANSWER, ends("turn-0001"), cut("turn-0001", 0, ["", HEARD + REST], { cutBy }))).toEqual([`user: ${note}`]);
  });

  test("reads the same whether the cut or the end of the step came first, and where Stop ended the turn", () => {
    const stop: EventDraft = { type: "stop-requested", turnId: "turn-0001", by };
    const cuts = cut("turn-0001", 0, [HEARD, " It will"]);
    const stopped = [stop, ANSWER, ends("turn-0001", "stopped")];
    const expected = [`assistant: ${HEARD}`, "user: (The customer interrupted you here and did not hear the rest.)"];
    expect(readOf(...QUESTION, cuts, ...stopped)).toEqual(expected);
    expect(readOf(...QUESTION, ...stopped, cuts)).toEqual(expected);
  });

  test("after all of it was heard is read whole", () => {
    const cuts = cut("turn-0001", 0, [`${HEARD}${REST} `, ""]);
    expect(readOf(...QUESTION, ANSWER, cuts, ends("turn-0001"))).toEqual([`assistant: ${HEARD}${REST}`]);
    expect(readOf(...QUESTION, ANSWER, cuts, ends("turn-0001", "stopped"))).toEqual([
      `assistant: ${HEARD}${REST}`,
      "user: (The customer stopped this answer here.)",
    ]);
  });

  test("is read whole where it was heard to its end after all, and where something else than the answer was cut", () => {
    const heardWhole = [cut("turn-0001", 0, [HEARD, REST], { cutBy: "lost" }), whole("turn-0001", 0, HEARD + REST)];
    const filler = cut("turn-0001", 0, ["One", " moment."], { kind: "filler" });
    for (const speech of [heardWhole, [filler], [whole("turn-0001", 0, HEARD + REST)]])
      expect(readOf(...QUESTION, ANSWER, ends("turn-0001"), ...speech)).toEqual([`assistant: ${HEARD}${REST}`]);
  });

  test("to which nobody listened from its beginning is read from its beginning", () => {
    expect(readOf(...QUESTION, ANSWER, ends("turn-0001"), cut("turn-0001", 0, ["on Monday.", REST]))).toEqual([
      `assistant: ${HEARD}`,
      "user: (The customer interrupted you here and did not hear the rest.)",
    ]);
  });

  test("before tools is cut in its place, and the results stay with their calls", () => {
    const tool = { source: "mcp", server: "orders", serverName: "Orders", tool: "look", title: "Look" } as const;
    const call = { turnId: "turn-0001", callId: "call-0001" };
    const calls = (speech: EventDraft): readonly string[] =>
      readOf(
        ...QUESTION,
        says("turn-0001", 0, "Let me look. One moment."),
        { ...call, type: "tool-call-proposed", step: 0, name: "orders__look", tool, arguments: {} },
        speech,
        { ...call, type: "tool-call-ended", outcome: "ok", text: "shipped" },
        says("turn-0001", 1, "It is on its way."),
        ends("turn-0001"),
      );
    expect(calls(cut("turn-0001", 0, ["Let me", " look. One moment."]))).toEqual([
      "assistant: Let me",
      "tool: shipped",
      "user: (What you said before using these tools was cut short: the customer heard no more of it than is written there.)",
      "assistant: It is on its way.",
    ]);
    expect(calls(cut("turn-0001", 0, ["", "Let me look. One moment."]))).toEqual([
      "assistant: ",
      "tool: shipped",
      "user: (The customer heard nothing of what you said before using these tools.)",
      "assistant: It is on its way.",
    ]);
    expect(calls(cut("turn-0001", 1, ["It is", " on its way."]))).toEqual([
      "assistant: Let me look. One moment.",
      "tool: shipped",
      "assistant: It is",
      "user: (The customer interrupted you here and did not hear the rest.)",
    ]);
  });

  test("of a turn that failed is cut in the turn that failed, and the message is answered again", () => {
    const failed: EventDraft = { type: "turn-ended", turnId: "turn-0001", outcome: "failed", error: "answer-broken" };
    const again: EventDraft = { type: "retry-requested", turnId: "turn-0001", messageId: "message-1" };
    const speech = cut("turn-0001", 0, [HEARD, REST], { cutBy: "lost" });
    expect(
      readOf(...QUESTION, { ...ANSWER, cut: "broken" } as EventDraft, failed, again, begins("turn-0002", "message-1"), speech),
    ).toEqual([
      `assistant: ${HEARD}`,
      "user: (The line was lost or your voice failed here, so the customer did not hear the rest.)",
      "user: (That did not work because of a technical fault. Please try once more.)",
    ]);
  });

  test("is told to a summary that stands for it already, and is in the words of one that is written later", () => {
    const other = [asked("message-2", "And?"), begins("turn-0002", "message-2")];
    const summary: EventDraft = { type: "summary-written", throughSeq: 4, text: "They asked where it is." };
    const late = cut("turn-0001", 0, [HEARD, REST]);
    const told = `They asked where it is.\n(Of one of your answers above, the customer heard only this: "${HEARD}")`;
    expect(historyOf(...QUESTION, ANSWER, ends("turn-0001"), ...other, summary, late).summary).toBe(told);
    // Between what the summary covers and the summary itself: as whoever begins to read at the summary reads it.
    expect(historyOf(...QUESTION, ANSWER, ends("turn-0001"), ...other, late, summary).summary).toBe(told);
    expect(historyOf(...QUESTION, ANSWER, late, ends("turn-0001"), ...other, { ...summary, throughSeq: 5 } as EventDraft).summary).toBe(
      "They asked where it is.",
    );
    const unheard = cut("turn-0001", 0, ["", HEARD + REST]);
    expect(historyOf(...QUESTION, ANSWER, ends("turn-0001"), ...other, summary, unheard).summary).toBe(
      "They asked where it is.\n(The customer heard nothing of one of your answers above.)",
    );
  });
});

describe("a turn in a voice call", () => {
  const request = (...drafts: readonly EventDraft[]): readonly string[] => {
    const history = historyOf(...drafts);
    const turn = drafts.findLast((draft) => draft.type === "turn-started");
    const parts = { assistant: assistant(), history, tools: [], lastStep: false, customer: "Ada is signed in." };
    return modelRequest({ ...parts, aloud: history.isAloud(turn?.turnId ?? "") }).messages.map(({ role, text }) => `${role}: ${text}`);
  };

  test("says once that the answer is heard, after whatever is the same in a chat", () => {
    const summary: EventDraft = { type: "summary-written", throughSeq: 1, text: "They said hello." };
    expect(request(ends("turn-0000"), summary, started, ...QUESTION)).toEqual([
      "system: You help.",
      "system: Ada is signed in.",
      "system: What was said earlier in this conversation, summarised:\nThey said hello.",
      `system: ${NOTE}`,
      "user: Where is it?",
    ]);
  });

  test("is one by what is said in it, and by what is written while it lasts, and none before and after", () => {
    const written = [asked("message-2", "By the way"), begins("turn-0002", "message-2")];
    const isAloud = (...drafts: readonly EventDraft[]) => request(...drafts).includes(`system: ${NOTE}`);
    expect(isAloud(...written)).toBe(false);
    expect(isAloud(started, ...written)).toBe(true);
    expect(isAloud(...QUESTION, ANSWER, ends("turn-0001"), ...written)).toBe(true);
    expect(isAloud(started, ...QUESTION, ANSWER, ends("turn-0001"), ended, ...written)).toBe(false);
    // Said, and answered only when the call is over.
    expect(isAloud(started, QUESTION[0]!, ended, QUESTION[1]!)).toBe(false);
    // The next call has begun when the one that it took over ends.
    expect(isAloud({ ...started, voiceCallId: "voice-call-0" }, started, { ...ended, voiceCallId: "voice-call-0" }, ...written)).toBe(true);
  });

  test("is none long after a call whose server died in it", () => {
    const history = new PromptHistory();
    const drafts = [started, asked("message-2", "Hello?"), begins("turn-0002", "message-2")];
    drafts.forEach((draft, index) => history.apply({ ...draft, seq: index + 1, at: index * 10 * 60_000 }));
    expect(history.isAloud("turn-0002")).toBe(false);
  });
});

describe("over a desk", () => {
  const tell = async (desk: Harness, messageId: string, text: string) => {
    await desk.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId, text }, spoken);
  };

  test("the next request has what was heard of an answer that was interrupted", async () => {
    const desk = await openDesk({
      script: async function* (_request, step, signal) {
        if (step > 1) return yield* say("On Friday.");
        yield { type: "text", text: "It left on Monday. And" };
        await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
      },
    });
    await desk.voice.started(CUSTOMER, { conversationId: CONVERSATION, voiceCallId: VOICE_CALL, via: "page" });
    await tell(desk, "message-1", "Where is it?");
    await desk.room.until((room) => room.texts.length > 0);
    const { turnId } = await heard(desk, "turn-started");
    const place = { conversationId: CONVERSATION, voiceCallId: VOICE_CALL, speechId: "1", turnId, step: 0 };
    await desk.voice.cut(CUSTOMER, { ...place, kind: "answer", text: "It left on", unheard: " Monday. And", cutBy: "speech" });
    expect(await desk.voice.interrupt(CUSTOMER, { conversationId: CONVERSATION, turnId })).toBe("stopped");
    await tell(desk, "message-2", "When will it be there?");
    await desk.turnsEnded(2);
    expect(desk.requests.at(-1)?.messages).toEqual([
      { role: "system", text: "You help." },
      { role: "system", text: NOTE },
      { role: "user", text: "Where is it?" },
      { role: "assistant", text: "It left on", toolCalls: [] },
      { role: "user", text: "(The customer interrupted you here and did not hear the rest.)" },
      { role: "user", text: "When will it be there?" },
    ]);
  });

  test("an owner who wants answers as in the chat has the model told nothing of the ear", async () => {
    const voice = { enabled: true, hearing: [], speaking: [], style: "plain" } as const;
    const desk = await openDesk({ script: () => say("On Friday."), assistant: { voice } });
    await tell(desk, "message-1", "Where is it?");
    desk.configure({ voice: { ...voice, style: "spoken" } });
    await desk.turnsEnded(1);
    await tell(desk, "message-2", "And now?");
    await desk.turnsEnded(2);
    expect(desk.requests.map(({ messages }) => messages.some(({ text }) => text === NOTE))).toEqual([false, true]);
  });

  test("the next step has what was cut while its tools ran", async () => {
    const running = Promise.withResolvers<void>();
    const desk = await openDesk({
      script: ({ messages }) =>
        messages.some(({ role }) => role === "tool")
          ? say("Shipped.")
          : [{ type: "text", text: "Let me look." }, ...callTools({ name: "orders__look", arguments: {} })],
      tools: [{ tool: "look", run: () => running.promise.then(() => textResult("shipped")) }],
      permissions: { look: alwaysAllow },
    });
    await tell(desk, "message-1", "Where is it?");
    const { turnId } = await heard(desk, "tool-call-started");
    const place = { conversationId: CONVERSATION, voiceCallId: VOICE_CALL, speechId: "1", turnId, step: 0 };
    await desk.voice.cut(CUSTOMER, { ...place, kind: "answer", text: "Let", unheard: " me look.", cutBy: "speech" });
    running.resolve();
    await desk.turnsEnded(1);
    expect(read(desk.requests.at(-1)!.messages.slice(1))).toEqual([
      "user: Where is it?",
      "assistant: Let",
      "tool: shipped",
      "user: (What you said before using these tools was cut short: the customer heard no more of it than is written there.)",
    ]);
  });
});
