import type { EventDraft } from "../../../protocol/events.ts";
import { refuse } from "./admission.ts";
import type { Assistant } from "../assistant.ts";
import type { StepEnd } from "./model-step.ts";
import { refusalText, unknownText } from "../prompt/tool-text.ts";
import type { CallState, OpenTurn } from "./turn-state.ts";

/** A model step, as it is written down. */
export function stepEnded(turn: OpenTurn, end: StepEnd, assistant: Assistant, cut?: "stopped" | "broken"): EventDraft {
  return {
    type: "step-ended",
    turnId: turn.turnId,
    step: turn.steps,
    text: end.text,
    model: assistant.model.model,
    usage: end.usage,
    durationMs: end.durationMs,
    ...(cut === undefined ? {} : { cut }),
    ...(end.firstTokenMs === undefined ? {} : { firstTokenMs: end.firstTokenMs }),
  };
}

const SYSTEM = { kind: "system", id: "frontdesk" } as const;

function decide(call: CallState, decision: "expired" | "withdrawn"): EventDraft[] {
  if (call.status !== "waiting" || call.approval === undefined) return [];
  const { turnId, callId, approvalId } = call.approval;
  return [{ type: "approval-decided", turnId, callId, approvalId, decision, scope: "once", by: SYSTEM }];
}

export function expire(call: CallState): EventDraft[] {
  return [...decide(call, "expired"), refuse(call.proposed, "expired", refusalText("expired", undefined))];
}

/** A turn never ends with open calls: nothing that waits may start any more, and of what was started the end is not known. */
export function endOpen(turn: OpenTurn): EventDraft[] {
  return [...turn.calls.values()].filter((call) => call.status !== "ended").flatMap(withdraw);
}

function withdraw(call: CallState): EventDraft[] {
  if (call.status === "started") return [lost(call)];
  return [...decide(call, "withdrawn"), refuse(call.proposed, "withdrawn", refusalText("withdrawn", undefined))];
}

/** The run that started the call is gone, and with it the answer. */
export function lost(call: CallState): EventDraft {
  const { turnId, callId, tool } = call.proposed;
  const cause = "The process that ran the call ended before the answer came.";
  return { type: "tool-call-ended", turnId, callId, outcome: "unknown", text: unknownText(tool.title), cause };
}

const NAME_CHARACTERS = 64;

/** A name that is no tool's, as providers take it back in later prompts; with others they refuse the whole conversation from then on. */
export function speakableName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]+/g, "_").slice(0, NAME_CHARACTERS) || "unnamed";
}
