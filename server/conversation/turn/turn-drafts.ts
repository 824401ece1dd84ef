import type { TurnErrorCode } from "../../../protocol/errors.ts";
import type { EventDraft } from "../../../protocol/events.ts";
import { refuse } from "./call-drafts.ts";
import type { Assistant } from "../ports/assistant.ts";
import { costOf } from "../ports/cost.ts";
import { HANDLING, openInputs, type CallState } from "./call-state.ts";
import type { StepEnd } from "./model-step.ts";
import { givenUpText, notConnectedText, refusalText, unknownText } from "../prompt/tool-text.ts";
import type { OpenTurn } from "./turn-state.ts";

/** A model step, as it is written down. */
export function stepEnded(turn: OpenTurn, end: StepEnd, assistant: Assistant, cut?: "stopped" | "broken"): EventDraft {
  return {
    type: "step-ended",
    turnId: turn.turnId,
    step: turn.steps,
    text: end.text,
    ...(end.thoughts === undefined || !keepsThoughts(end, assistant) ? {} : { thoughts: end.thoughts }),
    model: assistant.model.model,
    usage: end.usage,
    ...costOf(end.usage, assistant.model.prices),
    durationMs: end.durationMs,
    ...(cut === undefined ? {} : { cut }),
    ...(end.firstTokenMs === undefined ? {} : { firstTokenMs: end.firstTokenMs }),
    ...(end.aheadMs === undefined ? {} : { aheadMs: end.aheadMs }),
  };
}

/** Its server wants to see those of calls again; any others are only for staff, where the owner lets them read. */
function keepsThoughts({ calls }: StepEnd, { model }: Assistant): boolean {
  return calls.length > 0 || model.showThoughts === "staff";
}

const SYSTEM = { kind: "system", id: "frontdesk" } as const;

/** Nobody decided: what a person was asked about this call is closed. */
function close(call: CallState, decision: "expired" | "withdrawn"): EventDraft[] {
  const { turnId, callId } = call.proposed;
  if (call.status === "waiting" && call.approval !== undefined) {
    const { approvalId } = call.approval;
    return [{ type: "approval-decided", turnId, callId, approvalId, decision, scope: "once", by: SYSTEM }];
  }
  if (call.status === "connecting" && call.connection !== undefined)
    return [{ type: "connection-decided", turnId, callId, requestId: call.connection.requestId, decision, by: SYSTEM }];
  return [];
}

/** The questions of a call to which nobody will read an answer now. */
export function withdrawInputs(call: CallState): EventDraft[] {
  const { turnId, callId } = call.proposed;
  return openInputs(call).map(({ requestId }) => ({
    type: "input-decided",
    turnId,
    callId,
    requestId,
    action: "withdrawn",
    by: SYSTEM,
  }));
}

/**
 * What nobody decided in time. A question without an answer goes back to its server, which may go on; a customer's
 * approval may go on to the staff; in any other case the call is over.
 */
export function expire(call: CallState, now: number, escalated?: EventDraft): EventDraft[] {
  switch (HANDLING[call.status].asks) {
    case "approval":
      if (escalated !== undefined) return [...close(call, "expired"), escalated];
      return [...close(call, "expired"), refuse(call.proposed, "expired", refusalText("expired", undefined))];
    case "sign-in":
      return [...close(call, "expired"), notConnected(call, "expired")];
    case "questions": {
      const { turnId, callId } = call.proposed;
      const over = openInputs(call).filter((input) => input.expiresAt <= now);
      return over.map(({ requestId }) => ({ type: "input-decided", turnId, callId, requestId, action: "expired", by: SYSTEM }));
    }
    case "nothing":
      return [];
  }
}

/** The customer did not sign in. A task that the server has taken runs all the same, so of that nobody knows. */
export function notConnected(call: CallState, decision: "skipped" | "expired" | "withdrawn"): EventDraft {
  if (call.task !== undefined) return lost(call, "The customer did not sign in again, so the task's end could not be asked for.");
  return refuse(call.proposed, "not-connected", notConnectedText(call.connection?.serverName ?? call.proposed.tool.serverName, decision));
}

/**
 * A turn never ends with open calls: nothing that waits may start now, and how a call ended that had started is not
 * known.
 */
export function endOpen(turn: Pick<OpenTurn, "calls">): EventDraft[] {
  return [...turn.calls.values()].flatMap(withdraw);
}

function withdraw(call: CallState): EventDraft[] {
  switch (HANDLING[call.status].left) {
    case "unknown":
      return [...withdrawInputs(call), lost(call)];
    case "given-up":
      return [...withdrawInputs(call), givenUp(call)];
    case "refused": {
      const end = call.task === undefined ? refuse(call.proposed, "withdrawn", refusalText("withdrawn", undefined)) : lost(call);
      return [...close(call, "withdrawn"), end];
    }
    case "as-it-is":
      return [];
  }
}

/** The server waits for answers that will not come. */
function givenUp(call: CallState): EventDraft {
  const { turnId, callId, tool } = call.proposed;
  return { type: "tool-call-ended", turnId, callId, outcome: "cancelled", text: givenUpText(tool.title), durationMs: call.spentMs };
}

/** The run that started the call is gone, and with it the answer. */
export function lost(call: CallState, cause = "The process that ran the call ended before the answer came."): EventDraft {
  const { turnId, callId, tool } = call.proposed;
  return { type: "tool-call-ended", turnId, callId, outcome: "unknown", text: unknownText(tool.title), cause };
}

/** How the turn ended. */
export function turnEnded(
  { turnId }: OpenTurn,
  outcome: "done" | "stopped" | "failed",
  { error, cause }: { error?: TurnErrorCode; cause?: string },
): EventDraft {
  return {
    type: "turn-ended",
    turnId,
    outcome,
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Calls of which nothing more than the journal says is kept once the turn is over. */
export function notKept(turn: OpenTurn): string[] {
  return [...turn.calls.values()].filter((call) => call.ended?.keep !== undefined).map((call) => call.callId);
}

const NAME_CHARACTERS = 64;

/**
 * A name that is no tool's, as providers take it back in later prompts; with others they refuse the whole conversation
 * from then on.
 */
export function speakableName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]+/g, "_").slice(0, NAME_CHARACTERS) || "unnamed";
}
