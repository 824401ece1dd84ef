import type { JournalEvent } from "../../../../../protocol/events.ts";

/** What a step is; `other` is something newer than this page. */
export type StepKind =
  | "turn"
  | "message"
  | "voice-call"
  | "voice-end"
  | "speech"
  | "model"
  | "call"
  | "view"
  | "settled"
  | "approval"
  | "sign-in"
  | "question"
  | "sampling"
  | "summary"
  | "unavailable"
  | "person"
  | "note"
  | "feedback"
  | "stop"
  | "end"
  | "other";

/** How a bar is drawn: what the time was spent with. */
export type Tone = "turn" | "call" | "speech" | "hearing" | "model" | "tool" | "waiting" | "failed";

export interface Span {
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Absent: not over yet. */
  readonly to?: number;
  readonly tone: Tone;
}

/** A moment of a step: the model's first token; of speech, what was understood first, sent first, and where it was cut. */
export interface Mark {
  readonly at: number;
  readonly what: "first-token" | "partial" | "first-audio" | "cut";
}

/** One row of the trace. */
export interface Step {
  /** Names it in an address: the number of its first event. */
  readonly id: string;
  readonly kind: StepKind;
  /** 0: a message or turn; 1: a step of a turn; 2: what a call waited for. */
  readonly depth: 0 | 1 | 2;
  /** The turn it belongs to, or that answers it. */
  readonly turnId?: string;
  /** What the journal calls it, such as the tool's title; words of others. */
  readonly name: string;
  readonly from: number;
  /** Absent: not over yet. */
  readonly to?: number;
  readonly spans: readonly Span[];
  readonly marks?: readonly Mark[];
  /** How it ended: an outcome, a decision, a code. */
  readonly outcome?: string;
  readonly isFailed: boolean;
  /** Its events, in order, those of its parts left out. */
  readonly events: readonly JournalEvent[];
}

/** How long it took, or has taken until `now`. */
export function durationOf({ from, to }: Pick<Step, "from" | "to">, now: number): number {
  return Math.max(0, (to ?? now) - from);
}
