import type { JournalEvent } from "../../protocol/events.ts";
import type { ApprovalMessage, ApprovalVoice, SpokenAnswer } from "./approval/approval-voice.ts";
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
