import type { EventOf } from "../../../protocol/events.ts";
import type { ApprovalMessage, SpokenAnswer } from "./approval-voice.ts";

/**
 * Speech that begins sooner after the question's end may be its echo: rooms, and loudspeakers that are late, give it
 * back after its end.
 */
const GUARD_MS = 300;

/** An approval that waits. */
export interface Asked {
  readonly request: EventOf<"approval-requested">;
  readonly call: EventOf<"tool-call-proposed">;
  /** What is said of it. */
  readonly pieces: readonly string[];
  /** What approves. Undefined: the button alone. */
  phrase: string | undefined;
  /** How often its question was heard to its end, */
  times: number;
  /** how often it was cut, */
  cuts: number;
  /** and how often none of it could be said. */
  silences: number;
  /** All of it was heard: only then can a phrase approve, and only then may the question be a short one. */
  isRead: boolean;
  isReading: boolean;
  /** When the first of it was said. Undefined: nothing of it was, so whatever the customer says is no answer. */
  begunAt: number | undefined;
  /** When all of the last question was heard. */
  heardAt: number | undefined;
  isDeciding: boolean;
  readonly over: AbortController;
}

/** Nothing of it was asked yet. */
export function toAsk(of: Pick<Asked, "request" | "call" | "pieces" | "phrase">): Asked {
  const nothingYet = { times: 0, cuts: 0, silences: 0, isRead: false, isReading: false, isDeciding: false };
  return { ...of, ...nothingYet, begunAt: undefined, heardAt: undefined, over: new AbortController() };
}

/** Whether it was the customer who said it, and after the question. */
export function isOwnWord({ beganAt, overVoice }: SpokenAnswer, { heardAt }: Asked): boolean {
  return heardAt !== undefined && !overVoice && beganAt >= heardAt + GUARD_MS;
}

export function asking({ request: { approvalId }, phrase }: Asked): ApprovalMessage {
  return { type: "asking", approvalId, ...(phrase === undefined ? {} : { phrase }) };
}
