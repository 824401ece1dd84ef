import type { CSSResult } from "lit";
import type { CallPart, Card } from "../../../thread/state.ts";
import type { Words } from "../../../words/types/words.ts";
import type { Speaking, ThreadContext } from "../../foundation/thread-context.ts";

/** What one kind of card needs to be shown: each kind comes with its first card. */
export interface CardParts<C extends Card = Card> {
  readonly styles: readonly CSSResult[];
  readonly loadWords: (words: Words) => Promise<void>;
  readonly draw: (card: C, call: CallPart, context: ThreadContext) => unknown;
  /** What a screen reader hears of it: that it waits, or how it ended. */
  readonly announce: (card: C, call: CallPart, context: Speaking) => string;
}
