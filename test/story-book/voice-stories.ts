import type { VisibleEvent } from "../../protocol/events.ts";
import { NOTHING_FOLDED, refold } from "../../widget/thread/fold.ts";
import type { ThreadState } from "../../widget/thread/state.ts";
import { arabicAnswer, richAnswer } from "./answers.ts";
import { NOW, threadOf } from "./pieces.ts";
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
  "call without speech": { state: happened(started, ended("engine", 12_000)) },
};
