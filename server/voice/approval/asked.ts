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
  /** How often it was asked. */
  times: number;
  isReading: boolean;
  /** When the first of it was said. Undefined: nothing of it was, so whatever the customer says is no answer. */
  begunAt: number | undefined;
  /** When all of the last question was heard. */
  heardAt: number | undefined;
  isDeciding: boolean;
  readonly over: AbortController;
}

/** Whether it was the customer who said it, and after the question. */
export function isOwnWord({ beganAt, overVoice }: SpokenAnswer, { heardAt }: Asked): boolean {
  return heardAt !== undefined && !overVoice && beganAt >= heardAt + GUARD_MS;
}

export function asking({ request: { approvalId }, phrase }: Asked): ApprovalMessage {
  return { type: "asking", approvalId, ...(phrase === undefined ? {} : { phrase }) };
}
