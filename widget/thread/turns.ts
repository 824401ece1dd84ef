import type { CallPart, Card, Part, TextPart, Turn } from "./state.ts";

/**
 * Turns with one of them changed; the very same array if `change` returned the turn unchanged. Searches from the end,
 * where things happen.
 */
export function changeTurn(turns: readonly Turn[], turnId: string, change: (turn: Turn) => Turn): readonly Turn[] {
  const index = turns.findLastIndex((turn) => turn.turnId === turnId);
  return index < 0 ? turns : withChanged(turns, index, change);
}

/** As `changeTurn`, for the turn that has the call. */
export function changeCall(turns: readonly Turn[], callId: string, change: (call: CallPart) => CallPart): readonly Turn[] {
  const index = turns.findLastIndex((turn) => turn.parts.some((part) => part.kind === "call" && part.callId === callId));
  return index < 0 ? turns : withChanged(turns, index, (turn) => withCall(turn, callId, change));
}

/** The id of a card, of its events, or of a decision about it. */
export function cardId(card: { readonly approvalId: string } | { readonly requestId: string }): string {
  return "approvalId" in card ? card.approvalId : card.requestId;
}

/** As `changeCall`, for one of the call's cards. */
export function changeCard(turns: readonly Turn[], id: string, change: (card: Card) => Card): readonly Turn[] {
  const call = findCard(turns, id)?.call;
  return call === undefined ? turns : changeCall(turns, call.callId, (old) => withCard(old, id, change));
}

/** The card, and the call that it belongs to. */
export function findCard(turns: readonly Turn[], id: string): { readonly call: CallPart; readonly card: Card } | undefined {
  for (const turn of turns.toReversed()) {
    for (const call of turn.parts) {
      const card = call.kind === "call" && call.cards.find((other) => cardId(other) === id);
      if (card) return { call, card };
    }
  }
  return undefined;
}

export function withCard(call: CallPart, id: string, change: (card: Card) => Card): CallPart {
  const index = call.cards.findIndex((card) => cardId(card) === id);
  const cards = index < 0 ? call.cards : withChanged(call.cards, index, change);
  return cards === call.cards ? call : { ...call, cards };
}

export function withCall(turn: Turn, callId: string, change: (call: CallPart) => CallPart): Turn {
  const index = turn.parts.findIndex((part) => part.kind === "call" && part.callId === callId);
  if (index < 0) return turn;
  const parts = withChanged(turn.parts, index, (part) => (part.kind === "call" ? change(part) : part));
  return parts === turn.parts ? turn : { ...turn, parts };
}

/**
 * Puts a step's text in its place: before the calls of that step, whatever came first. Without text there is no part.
 */
export function withText(turn: Turn, text: TextPart): Turn {
  const index = findText(turn, text.step);
  if (text.text === "") return index < 0 ? turn : { ...turn, parts: turn.parts.toSpliced(index, 1) };
  if (index >= 0) {
    const old = turn.parts[index] as TextPart;
    if (old.text === text.text && old.open === text.open && old.cut === text.cut) return turn;
    return { ...turn, parts: turn.parts.with(index, text) };
  }
  return { ...turn, parts: insert(turn.parts, text) };
}

/** Puts a call behind everything of its step and of those before. */
export function withNewCall(turn: Turn, call: CallPart): Turn {
  if (turn.parts.some((part) => part.kind === "call" && part.callId === call.callId)) return turn;
  return { ...turn, parts: insert(turn.parts, call) };
}

export function textOf(turn: Turn, step: number): TextPart | undefined {
  const index = findText(turn, step);
  return index < 0 ? undefined : (turn.parts[index] as TextPart);
}

export function isOver(turn: Turn): boolean {
  return turn.status === "done" || turn.status === "stopped" || turn.status === "failed";
}

/** The turn that can be stopped, and that is lost when the customer leaves. */
export function openTurn({ turns }: { readonly turns: readonly Turn[] }): Turn | undefined {
  return turns.findLast((turn) => !isOver(turn));
}

/** `waiting` when only people can move it on. */
export function withStatus(turn: Turn): Turn {
  if (isOver(turn)) return turn;
  const calls = turn.parts.filter((part) => part.kind === "call");
  const waits =
    calls.some((call) => call.status === "waiting") && calls.every((call) => call.status === "waiting" || call.status === "ended");
  const status = waits ? "waiting" : "running";
  return status === turn.status ? turn : { ...turn, status };
}

function findText(turn: Turn, step: number): number {
  return turn.parts.findLastIndex((part) => part.kind === "text" && part.step === step);
}

function insert(parts: readonly Part[], part: Part): readonly Part[] {
  const before = (other: Part): boolean => other.step < part.step || (other.step === part.step && part.kind === "call");
  return parts.toSpliced(parts.findLastIndex(before) + 1, 0, part);
}

function withChanged<T>(list: readonly T[], index: number, change: (item: T) => T): readonly T[] {
  const old = list[index] as T;
  const changed = change(old);
  return changed === old ? list : list.with(index, changed);
}
