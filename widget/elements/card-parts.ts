import type { CSSResult } from "lit";
import type { CallPart, Card } from "../thread/state.ts";
import type { Words } from "../words/words.ts";
import type { ThreadContext } from "./thread-context.ts";

/** What one kind of card needs to be shown: each kind comes with its first card. */
export interface CardParts<C extends Card = Card> {
  readonly styles: readonly CSSResult[];
  readonly loadWords: (words: Words) => Promise<void>;
  readonly draw: (card: C, call: CallPart, context: ThreadContext) => unknown;
  /** What a screen reader hears of it: that it waits, or what became of it. */
  readonly announce: (card: C, call: CallPart, context: Pick<ThreadContext, "words" | "formats">) => string;
}

const LOADERS: { readonly [type in Card["type"]]: () => Promise<{ readonly parts: CardParts<Extract<Card, { type: type }>> }> } = {
  "approval-requested": () => import("./approval-parts.ts"),
  "connection-requested": () => import("./connect-parts.ts"),
  "input-requested": () => import("./question-parts.ts"),
};

/** Loads what shows such a card, in this language. */
export async function loadCardParts(type: Card["type"], words: Words): Promise<CardParts> {
  const { parts } = await LOADERS[type]();
  await parts.loadWords(words);
  // Each loader gives what its own type needs, which an index by that type cannot say.
  return parts as unknown as CardParts;
}
