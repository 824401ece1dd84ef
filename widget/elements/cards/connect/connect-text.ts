import type { ConnectionCard } from "../../../thread/state.ts";
import { connectWords } from "../../../words/connect-words.ts";
import { endedBy } from "../card/decided-by.ts";
import type { ThreadContext } from "../../foundation/thread-context.ts";
import { visibleText } from "../card/visible-text.ts";

/** What became of a sign-in, in one line. */
export function endText(card: ConnectionCard, context: Pick<ThreadContext, "words" | "formats">): string {
  const words = connectWords.in(context.words);
  // A call that is over waits for nobody, whatever its cards say.
  const end = words[card.status === "waiting" ? "withdrawn" : card.status];
  return `${visibleText(card.serverName)} · ${typeof end === "string" ? end : end(...endedBy(card, context))}`;
}
