import type { VisibleEvent } from "../../protocol/events.ts";
import { defined } from "./defined.ts";
import { reduceEvent } from "./reduce-event.ts";
import { same } from "./same.ts";
import type { CallPart, Folded, Turn } from "./state.ts";
import { cardId, isOver, textOf, withCall, withText } from "./turns.ts";

/** Before the first event. */
export const NOTHING_FOLDED: Folded = { turns: [], waiting: [], person: undefined, typing: undefined };

/**
 * Folds events from nothing, then gives back what only this tab knew (open text, progress, decisions on their way) and
 * the identity of every turn that came out the same, so that only what really changed is drawn again.
 */
export function refold(events: readonly VisibleEvent[], before: Folded): Folded {
  let folded = NOTHING_FOLDED;
  for (const event of events) folded = reduceEvent(event, folded);
  const known = new Map(before.turns.map((turn) => [turn.turnId, turn]));
  const turns = folded.turns.map((turn) => {
    const old = known.get(turn.turnId);
    if (old === undefined) return turn;
    const kept = keepParts(old, keepLocal(old, turn));
    return same(old, kept) ? old : kept;
  });
  // A turn of which only the running text is known.
  const texts = before.turns.filter(
    (turn) => turn.partial === true && !isOver(turn) && !turns.some((other) => other.turnId === turn.turnId),
  );
  turns.push(...texts.filter((turn) => turn.parts.every((part) => part.kind === "text" && part.open)));
  return { ...folded, turns, waiting: same(folded.waiting, before.waiting) ? before.waiting : folded.waiting };
}

function keepLocal(old: Turn, fresh: Turn): Turn {
  let turn: Turn = old.stopping && !isOver(fresh) ? { ...fresh, stopping: true } : fresh;
  for (const part of old.parts) {
    if (part.kind === "call") turn = withCall(turn, part.callId, (call) => keepCall(part, call));
    else if (part.open && !isOver(turn) && textOf(turn, part.step) === undefined) turn = withText(turn, part);
  }
  return turn;
}

function keepCall(old: CallPart, fresh: CallPart): CallPart {
  const progress = fresh.status === "ended" ? undefined : old.progress;
  const cards = fresh.cards.map((card) => {
    const known = old.cards.find((other) => cardId(other) === cardId(card));
    return defined({ ...card, deciding: card.status === "waiting" ? known?.deciding : undefined, error: known?.error });
  });
  return defined({ ...fresh, progress, cards });
}

function keepParts(old: Turn, turn: Turn): Turn {
  return { ...turn, parts: turn.parts.map((part) => old.parts.find((other) => same(other, part)) ?? part) };
}
