import type { InputCard } from "../../../thread/state.ts";
import { questionWords } from "../../../words/question-words.ts";
import { endedBy } from "../card/decided-by.ts";
import type { ThreadContext } from "../../foundation/thread-context.ts";
import { visibleText } from "../card/visible-text.ts";

const ENDS = { accept: "answered", decline: "declined", cancel: "cancelled", expired: "expired", withdrawn: "withdrawn" } as const;

/** What became of a question, in one line. */
export function endText(card: InputCard, context: Pick<ThreadContext, "words" | "formats">): string {
  const words = questionWords.in(context.words);
  const { status, mode } = card;
  // A call that is over waits for nobody, whatever its cards say.
  const end = words[status === "accept" && mode === "url" ? "opened" : ENDS[status === "waiting" ? "withdrawn" : status]];
  const what = words[mode === "url" ? "page" : "form"](visibleText(card.serverName));
  return `${what} · ${typeof end === "string" ? end : end(...endedBy(card, context))}`;
}
