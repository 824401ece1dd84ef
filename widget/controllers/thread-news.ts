import type { WireError } from "../../protocol/errors.ts";
import type { CallPart, Card, PersonEvent, ThreadState, Turn } from "../thread/state.ts";
import { cardId, findCard } from "../thread/turns.ts";

/**
 * What the page around the widget may want to know: once each, live only (never for what is read back after a reload).
 * `message`: the customer wrote something here. `answer`: a turn ended. `person`: a member of the team came, replied or went. `card`: a card was shown, or decided (see its
 * `status`). `error`: a message, an answer to a card or the connection was refused.
 */
export type ThreadNews =
  | { readonly kind: "message"; readonly messageId: string; readonly text: string }
  | { readonly kind: "answer"; readonly turn: Turn }
  | { readonly kind: "card"; readonly call: CallPart; readonly card: Card }
  | { readonly kind: "person"; readonly event: PersonEvent }
  | { readonly kind: "error"; readonly error: WireError };

/** Requests and their ends. */
const CARD_EVENT = /^(approval|connection|input)-/;

/** What a member of the team did. */
const PERSON_EVENT = /^(person-j|reply|handed|contact|person-a|conversation-c)/;

/** The news in the events after `seq`. */
export function newsAfter(seq: number, state: ThreadState): readonly ThreadNews[] {
  const news: ThreadNews[] = [];
  for (const event of since(seq, state)) {
    if (event.type === "turn-ended") {
      const turn = state.turns.find((other) => other.turnId === event.turnId);
      if (turn !== undefined) news.push({ kind: "answer", turn });
    } else if (PERSON_EVENT.test(event.type)) {
      news.push({ kind: "person", event: event as PersonEvent });
    } else if (CARD_EVENT.test(event.type)) {
      const found = findCard(state.turns, cardId(event as Card));
      if (found !== undefined) news.push({ kind: "card", ...found });
    }
  }
  return news;
}

/** How many answers and cards came after `seq`. */
export function countUnread(seq: number, state: ThreadState): number {
  return since(seq, state).filter(
    // Only requests expire.
    (event) => "expiresAt" in event || event.type === "reply-sent" || (event.type === "turn-ended" && event.outcome !== "stopped"),
  ).length;
}

function since(seq: number, { ledger: { events } }: ThreadState): typeof events {
  return events.slice(events.findLastIndex((event) => event.seq <= seq) + 1);
}
