import type { StaffEvent } from "../../../../protocol/staff-frames.ts";
import { replyWords } from "./reply-words.ts";

export interface RunningCall {
  readonly callId: string;
  readonly title: string;
}

/** What of a conversation matters to whoever may answer in it. */
export interface Standing {
  readonly isClosed: boolean;
  /** A person is wanted, and none has come. */
  readonly isAsked: boolean;
  /** Whether nobody has answered what the customer wrote last. */
  readonly isUnanswered: boolean;
  readonly running: readonly RunningCall[];
}

/** As the events say, which may be only the newest of them. */
export function standingOf(events: readonly StaffEvent[]): Standing {
  let [isClosed, isAsked, isUnanswered] = [false, false, false];
  const calls = new Map<string, RunningCall>();
  const running = new Map<string, RunningCall>();
  for (const event of events) {
    switch (event.type) {
      case "message-received":
        isUnanswered = true;
        isClosed = false;
        break;
      case "turn-ended":
        if (event.outcome !== "stopped") isUnanswered = false;
        break;
      case "reply-sent":
        isUnanswered = false;
        break;
      case "person-asked":
        isAsked = true;
        break;
      case "person-joined":
        isAsked = isClosed = false;
        break;
      case "handed-back":
        isAsked = false;
        break;
      case "conversation-closed":
        isClosed = true;
        isAsked = false;
        break;
      case "conversation-reopened":
        isClosed = false;
        break;
      case "tool-call-proposed":
        calls.set(event.callId, { callId: event.callId, title: event.tool.title });
        break;
      case "tool-call-started":
      case "tool-call-resumed": {
        const call = calls.get(event.callId);
        if (call !== undefined) running.set(event.callId, call);
        break;
      }
      case "tool-call-paused":
      case "tool-call-ended":
        running.delete(event.callId);
        break;
      default:
    }
  }
  return { isClosed, isAsked, isUnanswered, running: [...running.values()] };
}

/** What is said while no person answers. */
export function unanswered({ isClosed, isAsked }: Standing): string {
  if (isClosed) return replyWords.closed;
  return isAsked ? replyWords.asked : replyWords.assistantAnswers;
}
