import type { ConnectionCard } from "../../../thread/state.ts";
import { connectWords } from "../../../words/connect-words.ts";
import { decidedBy } from "../card/decided-by.ts";
import type { Speaking } from "../../foundation/thread-context.ts";
import { visibleText } from "../card/visible-text.ts";

/** How a sign-in was decided, in one line. */
export function decidedText(card: ConnectionCard, context: Speaking): string {
  const words = connectWords.in(context.words);
  // A call that has ended waits for nothing, whatever its cards say.
  const end = words[card.status === "waiting" ? "withdrawn" : card.status];
  return `${visibleText(card.serverName)} · ${typeof end === "string" ? end : end(...decidedBy(card, context))}`;
}
