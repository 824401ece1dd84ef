import type { CallPart, Card } from "../../thread/state.ts";
import "./call.ts";
import { callPartStyles } from "./call.styles.ts";
import { loadCardParts } from "../cards/card-kinds.ts";
import { mediaStyles } from "./media.styles.ts";
import { sourcesStyles } from "./sources.styles.ts";
import "./sources.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

/** What a screen reader hears of a card: that it waits, or how it was decided. */
export async function announcementText(call: CallPart, card: Card, context: ThreadContext): Promise<string> {
  const parts = await loadCardParts(card.type, context.words);
  return parts.announce(card, call, context);
}

/**
 * Styles of the elements that show tool calls. This module defines these elements; a conversation without calls never
 * loads it.
 */
export const styles = [callPartStyles, sourcesStyles, mediaStyles];
