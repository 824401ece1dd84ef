import type { EventOf, VisibleEvent } from "../../protocol/events.ts";
import type { ApprovalCard, CallPart, CustomerMessage, Turn } from "./state.ts";
import { changeCall, changeTurn, isOver, withCall, withNewCall, withStatus, withText } from "./turns.ts";

/** What events alone decide: the turns, and the stored messages that wait for theirs. */
export interface Folded {
  readonly turns: readonly Turn[];
  readonly waiting: readonly CustomerMessage[];
}

/** Takes in the next event. What is not touched by it keeps its identity; events that draw nothing give `folded` back. */
export function reduceEvent(event: VisibleEvent, folded: Folded): Folded {
  switch (event.type) {
    case "message-received":
      return { ...folded, waiting: [...folded.waiting, { messageId: event.messageId, text: event.text, at: event.at, status: "queued" }] };
    case "turn-started":
      return started(event, folded);
    case "retry-requested":
      return inTurn(folded, event.turnId, (turn) => ({ ...turn, retried: true }));
    case "step-ended": {
      const cut = event.cut === undefined ? {} : { cut: event.cut };
      return inTurn(folded, event.turnId, (turn) =>
        withText(turn, { kind: "text", step: event.step, text: event.text, open: false, ...cut }),
      );
    }
    case "tool-call-proposed": {
      const call: CallPart = { kind: "call", callId: event.callId, step: event.step, tool: event.tool, status: "proposed", media: [] };
      return inTurn(folded, event.turnId, (turn) => withNewCall(turn, call));
    }
    case "approval-requested":
      return inCall(folded, event, (call) => (call.status === "ended" ? call : { ...call, status: "waiting", approval: card(event) }));
    case "approval-decided":
      return inCall(folded, event, (call) => decided(event, call));
    case "tool-call-started":
      return inCall(folded, event, (call) => running(event, call));
    case "tool-call-ended":
      return inCall(folded, event, (call) => ended(event, call));
    case "tool-call-settled": {
      const note = event.note === undefined ? {} : { note: event.note };
      const settled = { outcome: event.outcome, by: event.by, ...note };
      return keep(
        folded,
        changeCall(folded.turns, event.callId, (call) => ({ ...call, settled })),
      );
    }
    case "stop-requested":
      return inTurn(folded, event.turnId, (turn) => (isOver(turn) ? turn : { ...turn, stopping: true }));
    case "turn-ended":
      return inTurn(folded, event.turnId, (turn) => over(event, turn));
    case "tools-unavailable":
    case "summary-written":
    case "hidden":
      return folded;
    default:
      // A newer server's event: its number counts, nothing is drawn.
      event satisfies never;
      return folded;
  }
}

function started(event: EventOf<"turn-started">, folded: Folded): Folded {
  const message = folded.waiting.find((waiting) => waiting.messageId === event.messageId);
  const mine = message === undefined ? {} : { message: { ...message, status: "stored" as const } };
  const turn: Turn = { turnId: event.turnId, ...mine, parts: [], status: "running", stopping: false };
  return {
    turns: [...folded.turns, turn],
    waiting: message === undefined ? folded.waiting : folded.waiting.filter((waiting) => waiting !== message),
  };
}

/** A page may begin in the middle of a turn: then the turn begins with its first event that was read. */
function inTurn(folded: Folded, turnId: string, change: (turn: Turn) => Turn): Folded {
  if (folded.turns.some((turn) => turn.turnId === turnId))
    return keep(
      folded,
      changeTurn(folded.turns, turnId, (turn) => withStatus(change(turn))),
    );
  const turn: Turn = { turnId, parts: [], status: "running", stopping: false, partial: true };
  return keep(folded, [...folded.turns, withStatus(change(turn))]);
}

function inCall(folded: Folded, event: { turnId: string; callId: string }, change: (call: CallPart) => CallPart): Folded {
  return inTurn(folded, event.turnId, (turn) => withCall(turn, event.callId, change));
}

function keep(folded: Folded, turns: readonly Turn[]): Folded {
  return turns === folded.turns ? folded : { ...folded, turns };
}

function card(event: EventOf<"approval-requested">): ApprovalCard {
  const { approvalId, approver, fields, argumentsHash, rememberable, expiresAt } = event;
  return { approvalId, approver, arguments: event.arguments, fields, argumentsHash, rememberable, expiresAt, status: "waiting" };
}

function decided(event: EventOf<"approval-decided">, call: CallPart): CallPart {
  if (call.approval?.approvalId !== event.approvalId) return call;
  const { deciding: _, ...asked } = call.approval;
  const reason = event.reason === undefined ? {} : { reason: event.reason };
  const approval: ApprovalCard = { ...asked, status: event.decision, by: event.by, decidedAt: event.at, ...reason };
  if (call.status !== "waiting") return { ...call, approval };
  // The refusal's own event follows at once; until then the call must not look as if it still ran.
  return event.decision === "approved"
    ? { ...call, status: "approved", approval }
    : { ...call, status: "ended", outcome: "refused", approval };
}

/** A repeated call's progress begins anew. */
function running(event: EventOf<"tool-call-started">, call: CallPart): CallPart {
  const { progress: _, ...rest } = call;
  return { ...rest, status: "running", startedAt: event.at };
}

function ended(event: EventOf<"tool-call-ended">, call: CallPart): CallPart {
  const { progress: _, ...rest } = call;
  const refusal = event.refusal === undefined ? {} : { refusal: event.refusal };
  const duration = event.durationMs === undefined ? {} : { durationMs: event.durationMs };
  return { ...rest, status: "ended", outcome: event.outcome, media: event.media ?? [], ...refusal, ...duration };
}

function over(event: EventOf<"turn-ended">, turn: Turn): Turn {
  const error = event.error === undefined ? {} : { error: event.error };
  // What was said is stored before a turn ends: text that is still open here belongs to an attempt that never was stored.
  const parts = turn.parts.some((part) => part.kind === "text" && part.open)
    ? turn.parts.filter((part) => part.kind !== "text" || !part.open)
    : turn.parts;
  return { ...turn, parts, status: event.outcome, endedAt: event.at, stopping: false, ...error };
}
