import type { EventDraft, Refusal } from "../../../protocol/events.ts";
import { refusalText } from "../prompt/tool-text.ts";
import type { ProposedCall } from "./admission-context.ts";

export type EndedDraft = Extract<EventDraft, { type: "tool-call-ended" }>;

/** The call was not made, and the model reads why. */
export function refuse(call: ProposedCall, refusal: Refusal, text: string): EndedDraft {
  return { type: "tool-call-ended", turnId: call.turnId, callId: call.callId, outcome: "refused", refusal, text };
}

/** The tool is no longer what the model saw, or a person approved. */
export function changed(call: ProposedCall): EndedDraft {
  return refuse(call, "definition-changed", refusalText("definition-changed", undefined));
}

export function start(call: ProposedCall, approvalId: string | undefined, attempt: number): EventDraft {
  return {
    type: "tool-call-started",
    turnId: call.turnId,
    callId: call.callId,
    attempt,
    ...(approvalId === undefined ? {} : { approvalId }),
  };
}
