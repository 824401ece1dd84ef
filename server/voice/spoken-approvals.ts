import type { EventOf, JournalEvent } from "../../protocol/events.ts";
import type { ApprovalMessage, ApprovalVoice, SpokenAnswer } from "./approval/approval-voice.ts";
import { callWords } from "./call-words.ts";
import type { Caller } from "./caller.ts";

/** Whose approvals are asked for aloud: those of one call. */
export interface ApprovalsOf {
  readonly caller: Caller;
  readonly conversationId: string;
  readonly voiceCallId: string;
  readonly language: string | undefined;
}

/** Asks for the approvals of one call, and hears the answers. */
export interface SpokenApprovals {
  /** Whether what the customer says next is an answer: nothing else may be begun on it. */
  readonly isAsking: boolean;
  /** What a page has to know that comes again. */
  readonly asking: readonly ApprovalMessage[];
  /** What happened in the conversation, in its order; with the call's begin, its last events. */
  accept(events: readonly JournalEvent[]): void;
  /** Somebody speaks. */
  speechBegan(): void;
  /** Every turn that ends, in their order. True: it is no message. */
  answer(answer: SpokenAnswer): boolean;
  close(): void;
}

export type OpenApprovals = (of: ApprovalsOf, voice: ApprovalVoice) => SpokenApprovals;

/** All approvals wait for the button, and the customer is told so. */
export function approvalsByButton({ language }: ApprovalsOf, voice: ApprovalVoice): SpokenApprovals {
  const waiting = new Map<string, AbortController>();
  const words = callWords(language);
  const request = ({ approvalId, approver }: EventOf<"approval-requested">): void => {
    const over = new AbortController();
    const isTeams = approver === "staff";
    waiting.set(approvalId, over);
    if (!isTeams) voice.tell({ type: "asking", approvalId });
    const sentence = isTeams ? words.approvedByTeam : words.approveByButton;
    void voice.say({ kind: isTeams ? "notice" : "question", approvalId, pieces: [sentence], signal: over.signal });
  };
  return {
    isAsking: false,
    asking: [],
    accept: (events) => {
      const decided = new Set(events.flatMap((event) => (event.type === "approval-decided" ? [event.approvalId] : [])));
      for (const event of events) {
        if (event.type === "approval-requested" && !decided.has(event.approvalId)) request(event);
        if (event.type !== "approval-decided") continue;
        waiting.get(event.approvalId)?.abort();
        if (waiting.delete(event.approvalId)) voice.tell({ type: "asked", approvalId: event.approvalId });
      }
    },
    speechBegan: () => undefined,
    answer: () => false,
    close: () => {
      for (const over of waiting.values()) over.abort();
    },
  };
}
