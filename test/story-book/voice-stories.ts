import type { VisibleEvent } from "../../protocol/events.ts";
import { NOTHING_FOLDED, refold } from "../../widget/thread/fold.ts";
import type { CallState } from "../../widget/call/call-state.ts";
import type { ThreadState } from "../../widget/thread/state.ts";
import { arabicAnswer, longWord, richAnswer } from "./answers.ts";
import { NOW, refundOf, textOf, threadOf, turnOf } from "./pieces.ts";
import type { Story } from "./story.ts";

const by = { kind: "customer", id: "c" } as const;
const voiceCallId = "voice-call-1";

type Draft = { readonly [T in VisibleEvent["type"]]: Omit<Extract<VisibleEvent, { type: T }>, "seq" | "at"> }[VisibleEvent["type"]];

/** A thread in which this happened. */
function happened(...drafts: readonly Draft[]): ThreadState {
  const events = drafts.map((draft, index) => ({ ...draft, seq: index + 1, at: NOW - 300_000 + index * 1000 }) as VisibleEvent);
  return threadOf(refold(events, NOTHING_FOLDED));
}

const started: Draft = { type: "voice-call-started", voiceCallId, by, via: "page" };
const ended = (reason: "hung-up" | "limit" | "engine", durationMs = 184_000): Draft => ({
  type: "voice-call-ended",
  voiceCallId,
  reason,
  durationMs,
});

/** A spoken message, its answer, and how much of it was heard. */
function said(text: string, answer: string, heard?: number, cutBy: "speech" | "button" | "lost" = "speech"): readonly Draft[] {
  const id = `turn-of-${text}`;
  const cut: Draft = {
    type: "speech-cut",
    voiceCallId,
    kind: "answer",
    turnId: id,
    step: 0,
    text: answer.slice(0, heard),
    unheard: answer.slice(heard),
    cutBy,
  };
  return [
    { type: "message-received", messageId: `message-${text}`, text, by, spoken: { voiceCallId } },
    { type: "turn-started", turnId: id, messageId: `message-${text}` },
    { type: "step-ended", turnId: id, step: 0, text: answer },
    { type: "turn-ended", turnId: id, outcome: "done" },
    ...(heard === undefined ? [] : [cut]),
  ];
}

const answer = "Order **1042** left our workshop on Tuesday. It should be with you on **Friday**, by Parcel North.";

const asksRefund = threadOf({ turns: [turnOf("Please refund it", [refundOf()], { status: "waiting" })] });
const voice = { hearing: "server", speaking: "server" } as const;
/** A thread whose assistant can be called. */
const callable = (state: ThreadState): ThreadState => ({ ...state, assistant: { ...state.assistant!, voice } });
const talked = callable(happened(started, ...said("Where is my order", answer)));
const headset = { id: "headset", label: "Jabra Evolve2 40 SE (Mono, USB-C)" };
const builtIn = { id: "built-in", label: "MacBook Pro Microphone" };

/** A call in this state, begun by the customer. */
const inCall = (call: Partial<CallState>, more: Partial<Story> = {}): Story => ({ state: talked, call, press: ["Start call"], ...more });

/** Calls, from the button to the last word. */
const callStories: Readonly<Record<string, Story>> = {
  "may call": { state: callable(threadOf()) },
  "may call and stop": {
    state: callable(threadOf({ turns: [turnOf("How do I return a lamp?", [textOf("You have", { open: true })], { status: "running" })] })),
  },
  "call connects": inCall({ status: "starting" }),
  "call listens": inCall({ customerCaption: "and when does the other one come" }),
  "call speaks": inCall({
    phase: "speaking",
    isAudible: true,
    customerCaption: "And when does the other one come?",
    assistantCaption: "The other one left our workshop this morning, and it should be with you on Monday.",
  }),
  "call thinks": inCall({ phase: "thinking", customerCaption: "And when does the other one come?" }),
  "call muted": inCall({ isMuted: true }),
  "call by button": inCall({ choices: { mode: "push-to-talk", microphoneId: "", loudspeakerId: "", volume: 1 } }),
  "call by button, held": inCall({
    choices: { mode: "push-to-talk", microphoneId: "", loudspeakerId: "", volume: 1 },
    isHeld: true,
    customerCaption: "where",
  }),
  "call before hands-free": inCall({ activity: "loading" }),
  "call without hands-free": inCall({ activity: "never", fault: "no-activity" }),
  "call understood nothing": inCall({ fault: "nothing-understood" }),
  "call is silent": inCall({ fault: "silent" }),
  "call without its sound": inCall({ fault: "no-sound" }),
  "call lost": inCall({ status: "lost", customerCaption: "where is", assistantCaption: "One moment, please." }),
  "call returned": inCall({ status: "returned" }),
  "call to be recorded": inCall({ status: "asking", isRecorded: true }),
  "call recorded": inCall({ isRecorded: true }),
  "call elsewhere": inCall({ status: "elsewhere" }),
  "call taken over": inCall({ status: "over", end: "taken-over" }),
  "call without a microphone": inCall({ status: "over", fault: "no-microphone" }),
  "call not allowed": inCall({ status: "over", fault: "denied" }),
  "call on an insecure page": inCall({ status: "over", fault: "insecure" }),
  "call refused": inCall({
    status: "over",
    error: { code: "too-many-calls", message: "Too many people are in a call right now. Try again in a minute." },
  }),
  "call ended by its engine": inCall({ status: "over", end: "engine" }),
  "call asks for approval": inCall({ asked: { approvalId: "approval-1", phrase: "yes, approve it" } }, { state: callable(asksRefund) }),
  "call settings": inCall(
    { microphones: [headset, builtIn], loudspeakers: [{ id: "speaker", label: "" }] },
    { press: ["Start call", "Call settings"] },
  ),
  "call with long words": inCall({
    customerCaption: `${"and then I told them that ".repeat(9)}it broke`,
    assistantCaption: longWord,
  }),
  "call from right to left": inCall({ customerCaption: "أين طلبي", assistantCaption: arabicAnswer.slice(0, 90) }),
  "leaving a call": inCall({}, { press: ["Start call", "New conversation"] }),
  "closed in a call": inCall({}, { press: ["Start call", "Close chat"] }),
};

/** What a thread says of voice calls. */
export const voiceStories: Readonly<Record<string, Story>> = {
  "spoken and heard": { state: happened(started, ...said("Where is my order", answer), ended("hung-up")) },
  "answer interrupted": { state: happened(started, ...said("Where is my order", answer, 45), ...said("And the other one", answer)) },
  "answer interrupted before a word": { state: happened(started, ...said("Where is my order", answer, 0)) },
  "answer interrupted in a list": {
    state: happened(started, ...said("How do I return a lamp", richAnswer, richAnswer.indexOf(" parcel shop"), "button")),
  },
  "answer interrupted from right to left": { state: happened(started, ...said("أين طلبي", arabicAnswer, 40, "lost")) },
  "call at its limit": { state: happened(started, ...said("Where is my order", answer), ended("limit")) },
  ...callStories,
  "call without speech": { state: happened(started, ended("engine", 12_000)) },
};
