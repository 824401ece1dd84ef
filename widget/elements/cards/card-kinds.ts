import type { Card } from "../../thread/state.ts";
import type { Words } from "../../words/types/words.ts";
import type { CardParts } from "./card/card-parts.ts";

/** The kinds of cards, by the event that asks. The one place where a new kind is named. */
const KINDS: { readonly [type in Card["type"]]: () => Promise<{ readonly parts: CardParts<Extract<Card, { type: type }>> }> } = {
  "approval-requested": () => import("./approval/approval-parts.ts"),
  "connection-requested": () => import("./connect/connect-parts.ts"),
  "input-requested": () => import("./question/question-parts.ts"),
};

/** Loads what shows such a card, in this language. */
export async function loadCardParts(type: Card["type"], words: Words): Promise<CardParts> {
  const { parts } = await KINDS[type]();
  await parts.loadWords(words);
  // Each loader gives what its own type needs, which an index by that type cannot say.
  return parts as unknown as CardParts;
}
