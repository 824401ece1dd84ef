import type { VisibleEvent } from "../../protocol/events.ts";
import type { EventPage, OpenedConversation } from "../../protocol/frames.ts";
import { defined } from "./defined.ts";
import { NOTHING_FOLDED, refold } from "./fold.ts";
import { reduceEvent } from "./reduce-event.ts";
import { addProgress, addText, setProgress, setRunning } from "./reduce-text.ts";
import type { CustomerMessage, Folded, Ledger, ThreadState, Turn } from "./state.ts";
import type { ThreadFrame } from "./thread-frame.ts";
import { changeCard, changeTurn, isOver } from "./turns.ts";

/** A thread of which nothing is known yet. */
export function emptyThread(conversationId: string): ThreadState {
  const ledger: Ledger = { events: [], heardSeq: 0, textMissed: false, outbox: [] };
  return {
    ...NOTHING_FOLDED,
    conversationId,
    lastSeq: 0,
    firstSeq: 0,
    more: false,
    connection: "connecting",
    queued: [],
    clockOffsetMs: 0,
    opened: false,
    ledger,
  };
}

/**
 * Whether something was lost on the way: open the conversation again after `lastSeq` (or without `after` when that is
 * 0).
 */
export function needsOpen(state: ThreadState): boolean {
  return state.ledger.textMissed || state.ledger.heardSeq > state.lastSeq;
}

/**
 * The next state. Pure; gives `state` itself back when nothing changed, and unchanged turns and parts keep their
 * identity. Events are taken in order of `seq` only: known ones are skipped, a gap leaves `needsOpen` true.
 */
export function reduce(frame: ThreadFrame, state: ThreadState): ThreadState {
  switch (frame.type) {
    case "welcome": {
      const { key: _key, ...known } = frame.frame.assistant;
      const { messageCharacters } = frame.frame.limits;
      const assistant = defined({ ...known, messageCharacters });
      return defined({
        ...state,
        refusal: undefined,
        connection: "online" as const,
        assistant,
        clockOffsetMs: frame.frame.now - frame.receivedAt,
      });
    }
    case "connection": {
      const { connection, refusal } = frame;
      return state.connection === connection && state.refusal === refusal ? state : defined({ ...state, connection, refusal });
    }
    case "opened":
      return opened(frame.reply, frame.after, state);
    case "paged":
      return paged(frame.reply, frame.before, state);
    case "events":
      return frame.frame.conversationId === state.conversationId ? addEvents(frame.frame.events, state) : state;
    case "text": {
      if (frame.frame.conversationId !== state.conversationId) return state;
      const texted = addText(frame.frame, state.turns);
      if ("turns" in texted) return withTurns(state, texted.turns);
      return state.ledger.textMissed ? state : withLedger(state, { textMissed: true });
    }
    case "progress":
      return frame.frame.conversationId === state.conversationId ? withTurns(state, addProgress(frame.frame, state.turns)) : state;
    case "typing":
      return frame.frame && frame.frame.conversationId !== state.conversationId ? state : { ...state, typing: frame.frame };
    case "outbox":
      return withQueued(withLedger(state, { outbox: frame.messages }));
    case "decide": {
      const { cardId, deciding, error } = frame;
      return withTurns(
        state,
        changeCard(state.turns, cardId, (card) => defined({ ...card, deciding, error })),
      );
    }
    case "stop":
      return withTurns(
        state,
        changeTurn(state.turns, frame.turnId, (turn) => stopping(turn, frame.stopping)),
      );
  }
}

function addEvents(events: readonly VisibleEvent[], state: ThreadState): ThreadState {
  let { lastSeq, firstSeq } = state;
  let folded: Folded = state;
  const taken: VisibleEvent[] = [];
  let heardSeq = state.ledger.heardSeq;
  for (const event of events) {
    heardSeq = Math.max(heardSeq, event.seq);
    if (event.seq !== lastSeq + 1) continue;
    folded = reduceEvent(event, folded);
    lastSeq = event.seq;
    if (firstSeq === 0) firstSeq = event.seq;
    if (event.type !== "hidden") taken.push(event);
  }
  if (lastSeq === state.lastSeq) return heardSeq === state.ledger.heardSeq ? state : withLedger(state, { heardSeq });
  const ledger: Ledger = { ...state.ledger, events: [...state.ledger.events, ...taken], heardSeq };
  return withQueued({ ...state, ...folded, lastSeq, firstSeq, ledger });
}

function opened(reply: OpenedConversation, after: number | undefined, state: ThreadState): ThreadState {
  const first = reply.events[0]?.seq ?? 0;
  // A server that knows less than before was restored from an older copy: what is drawn here never happened there.
  const lost = after !== undefined && reply.lastSeq < after;
  const anew = lost || reply.reset || (state.lastSeq === 0 ? first > 0 : first > state.lastSeq + 1);
  let next = anew ? startOver(reply, state) : addEvents(reply.events, state);
  const heardSeq = lost ? reply.lastSeq : Math.max(next.ledger.heardSeq, reply.lastSeq);
  next = withLedger({ ...next, opened: true }, { heardSeq, textMissed: false });
  return withTurns(next, withoutGhosts(setProgress(reply.progress, setRunning(reply.running, next.turns)), next.ledger.events));
}

/**
 * Removes turns that were known by their running text alone and run no more: they belong on a page that was not read.
 */
function withoutGhosts(turns: readonly Turn[], events: readonly VisibleEvent[]): readonly Turn[] {
  const isGhost = ({ turnId, parts, partial }: Turn): boolean =>
    partial === true && parts.length === 0 && !events.some((event) => "turnId" in event && event.turnId === turnId);
  return turns.some(isGhost) ? turns.filter((turn) => !isGhost(turn)) : turns;
}

function startOver(page: OpenedConversation, state: ThreadState): ThreadState {
  const events = page.events.filter((event) => event.type !== "hidden");
  const firstSeq = page.events[0]?.seq ?? 0;
  const lastSeq = page.events.at(-1)?.seq ?? 0;
  const ledger: Ledger = { ...state.ledger, events };
  return withQueued({ ...state, ...refold(events, state), firstSeq, lastSeq, more: page.more, ledger });
}

function paged(page: EventPage, before: number, state: ThreadState): ThreadState {
  // The reply to a question that was asked before a reset or by another page of reading.
  if (before !== state.firstSeq) return state;
  if (page.events.length === 0) return { ...state, more: false };
  if (page.events.at(-1)!.seq !== before - 1) return state;
  const events = [...page.events.filter((event) => event.type !== "hidden"), ...state.ledger.events];
  const ledger: Ledger = { ...state.ledger, events };
  return withQueued({ ...state, ...refold(events, state), firstSeq: page.events[0]!.seq, more: page.more, ledger });
}

function withTurns(state: ThreadState, turns: readonly Turn[]): ThreadState {
  return turns === state.turns ? state : { ...state, turns };
}

function withLedger(state: ThreadState, change: Partial<Ledger>): ThreadState {
  return { ...state, ledger: { ...state.ledger, ...change } };
}

/** Stored messages that wait, then those of the outbox that the journal does not have yet. */
function withQueued(state: ThreadState): ThreadState {
  const { waiting } = state;
  const stored = (message: CustomerMessage): boolean =>
    waiting.some((other) => other.messageId === message.messageId) ||
    state.turns.some((turn) => turn.message?.messageId === message.messageId);
  const queued = [...waiting, ...state.ledger.outbox.filter((message) => !stored(message))];
  const unchanged = queued.length === state.queued.length && queued.every((message, index) => message === state.queued[index]);
  return unchanged ? state : { ...state, queued };
}

function stopping(turn: Turn, is: boolean): Turn {
  return isOver(turn) || turn.stopping === is ? turn : { ...turn, stopping: is };
}
