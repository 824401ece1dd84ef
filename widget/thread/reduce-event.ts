import type { EventOf, VisibleEvent } from "../../protocol/events.ts";
import { defined } from "./defined.ts";
import { ownTurn, withPerson } from "./person.ts";
import type { CallPart, Card, Folded, Turn } from "./state.ts";
import { cardId, changeCall, changeTurn, isOver, withCall, withCard, withNewCall, withStatus, withText } from "./turns.ts";
import { isVoiceEvent, withVoice } from "./voice.ts";

/** Nothing is drawn of these, nor of a newer server's events: their numbers count. */
type Undrawn =
  | "tool-call-paused"
  | "tool-call-resumed"
  | "tool-call-task"
  | "sampling-ended"
  | "tools-unavailable"
  | "summary-written"
  | "approval-given"
  | "note-written"
  | "call-cancel-requested"
  | "conversation-reopened"
  | "customer-identified"
  | "view-context"
  | "view-noted"
  | "hidden";

/**
 * Takes in the next event. What is not touched by it keeps its identity; events that draw nothing give `folded` back.
 */
export function reduceEvent(event: VisibleEvent, folded: Folded): Folded {
  if (isVoiceEvent(event)) return withVoice(event, folded);
  switch (event.type) {
    case "message-received":
      return received(event, folded);
    case "person-asked":
    case "contact-left":
    case "person-joined":
    case "reply-sent":
    case "handed-back":
    case "conversation-closed":
      return withPerson(event, folded);
    case "turn-started":
      return started(event, folded);
    case "retry-requested":
      return inTurn(folded, event.turnId, (turn) => ({ ...turn, retried: true }));
    case "step-ended":
      return said(event, folded);
    case "tool-call-proposed":
      return inTurn(folded, event.turnId, (turn) => withNewCall(turn, proposed(event)));
    case "approval-requested":
    case "connection-requested":
    case "input-requested":
      return inCall(folded, event, (call) =>
        call.status === "ended" ? call : { ...call, status: "waiting", cards: [...call.cards, { ...event, status: "waiting" }] },
      );
    case "approval-decided":
    case "connection-decided":
    case "input-decided":
      return inCall(folded, event, (call) => decided(event, call));
    case "tool-call-started":
      return inCall(folded, event, (call) => running(event, call));
    case "tool-call-ended":
      return inCall(folded, event, (call) => ended(event, call));
    case "tool-call-settled": {
      // A customer is not told that one was left as it was.
      const settled = defined({ outcome: event.outcome as "ok" | "failed", by: event.by, note: event.note });
      return keep(
        folded,
        changeCall(folded.turns, event.callId, (call) => ({ ...call, settled })),
      );
    }
    case "feedback-given":
      // An answer may be rated long after it: one that is not read is not drawn for its rating.
      return keep(
        folded,
        changeTurn(folded.turns, event.turnId, (turn) => ({ ...turn, rating: event.rating })),
      );
    case "stop-requested":
      return inTurn(folded, event.turnId, (turn) => (isOver(turn) ? turn : { ...turn, stopping: true }));
    case "turn-ended":
      return inTurn(folded, event.turnId, (turn) => over(event, turn));
    default:
      event satisfies { readonly type: Undrawn };
      return folded;
  }
}

function received({ messageId, text, at, spoken, via }: EventOf<"message-received">, folded: Folded): Folded {
  const message = defined({ messageId, text, at, status: "queued" as const, isSpoken: spoken && (true as const), via });
  if (folded.person !== undefined) return { ...folded, turns: [...folded.turns, ownTurn(message)] };
  return { ...folded, waiting: [...folded.waiting, message] };
}

function said({ turnId, step, text, cut }: EventOf<"step-ended">, folded: Folded): Folded {
  return inTurn(folded, turnId, (turn) => withText(turn, defined({ kind: "text" as const, step, text, open: false, cut })));
}

function started({ turnId, messageId }: EventOf<"turn-started">, folded: Folded): Folded {
  const { turns, waiting } = folded;
  const message = waiting.find((other) => other.messageId === messageId);
  const mine = message && { ...message, status: "stored" as const };
  const turn = defined({ turnId, message: mine, parts: [], status: "running" as const, stopping: false });
  return { ...folded, turns: [...turns, turn], waiting: waiting.filter((other) => other !== message) };
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

/**
 * Where a call goes on after a decision that allows it: a sign-in brings it back to its beginning. Any other decision
 * ends it, except about a question.
 */
const GOES_ON: { readonly [status: string]: CallPart["status"] } = { approved: "approved", connected: "proposed" };

function decided(event: EventOf<"approval-decided" | "connection-decided" | "input-decided">, before: CallPart): CallPart {
  const { by, at: decidedAt } = event;
  const status = "action" in event ? event.action : event.decision;
  const reason = "reason" in event ? event.reason : undefined;
  const call = withCard(before, cardId(event), (card) => {
    const fields = "fields" in event && "fields" in card ? { fields: event.fields, before: card.fields } : {};
    return defined({ ...card, ...fields, deciding: undefined, status, by, decidedAt, reason }) as Card;
  });
  if (call === before || call.status !== "waiting" || call.cards.some((card) => card.status === "waiting")) return call;
  const next = "action" in event ? "running" : GOES_ON[status];
  // The refusal's own event follows at once; until then the call must not look as if it still ran.
  return next === undefined ? { ...call, status: "ended", outcome: "refused" } : { ...call, status: next };
}

function proposed({ callId, step, tool, view, byView }: EventOf<"tool-call-proposed">): CallPart {
  const views = { hasView: view && (true as const), isByView: byView === undefined ? undefined : (true as const) };
  return defined({ kind: "call" as const, callId, step, tool, status: "proposed" as const, cards: [], media: [], ...views });
}

/** A repeated call's progress begins anew. */
function running(event: EventOf<"tool-call-started">, call: CallPart): CallPart {
  return defined({ ...call, progress: undefined, status: "running" as const, startedAt: event.at });
}

function ended(event: EventOf<"tool-call-ended">, call: CallPart): CallPart {
  const { outcome, refusal, durationMs, media = [] } = event;
  return defined({ ...call, progress: undefined, status: "ended" as const, outcome, refusal, durationMs, media });
}

function over(event: EventOf<"turn-ended">, turn: Turn): Turn {
  // What was said is stored before a turn ends: text that is still open here belongs to an attempt that never was
  // stored.
  const parts = turn.parts.filter((part) => part.kind !== "text" || !part.open);
  return defined({ ...turn, parts, status: event.outcome, endedAt: event.at, stopping: false, error: event.error });
}
