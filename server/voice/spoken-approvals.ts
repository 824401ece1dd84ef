import type { EventOf } from "../../protocol/events.ts";
import type { Assistant } from "../conversation/ports/assistant.ts";
import { callWords } from "./call-words.ts";

/** Where approvals are asked for aloud: one for each call. */
export interface SpokenApprovalsPlace {
  readonly conversationId: string;
  readonly language: string | undefined;
  /** As it is set up at this moment. */
  readonly assistant: () => Assistant | undefined;
}

/** What is said when an approval is asked for. */
export interface AskedAloud {
  /** Sentences, made of a template and never of the model's words. */
  readonly say: readonly string[];
  /** The words that confirm. Absent: it waits for the button. */
  readonly phrase?: string;
}

/** What a customer said, and when, by the server's time. */
export interface HeardAnswer {
  readonly text: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Whether our own voice was out at any time between the two. */
  readonly voiceWasOut: boolean;
}

/**
 * `decide`: it is decided. `again`: this is said, and it still waits. `waits`: it waits for the button; what was said is
 * no message. `message`: what was said has nothing to do with it.
 */
export type AnswerAloud =
  | {
      readonly kind: "decide";
      readonly approvalId: string;
      readonly decision: "approved" | "rejected";
      readonly argumentsHash: string;
    }
  | { readonly kind: "again"; readonly approvalId: string; readonly asked: AskedAloud }
  | { readonly kind: "waits"; readonly approvalId: string; readonly say?: readonly string[] }
  | { readonly kind: "message" };

/** Asks for approvals aloud, and hears the answers. It writes nothing and says nothing itself. */
export interface SpokenApprovals {
  /** A customer's approval is asked for. Undefined: nothing is said. */
  ask(event: EventOf<"approval-requested">): AskedAloud | undefined;
  /** The question was heard to its end, at this moment. */
  asked(approvalId: string, at: number): void;
  /** It waits no longer. */
  decided(approvalId: string): void;
  /** Before a final transcript becomes a message. */
  hear(answer: HeardAnswer): AnswerAloud;
}

/** All approvals wait for the button, and the customer is told so. */
export function approvalsByButton({ language }: SpokenApprovalsPlace): SpokenApprovals {
  return {
    ask: () => ({ say: [callWords(language).approveByButton] }),
    asked: () => undefined,
    decided: () => undefined,
    hear: () => ({ kind: "message" }),
  };
}
