import type { InputCard } from "../../../thread/state.ts";
import { questionWords } from "../../../words/question-words.ts";
import { decidedBy } from "../card/decided-by.ts";
import type { Speaking } from "../../foundation/thread-context.ts";
import { visibleText } from "../card/visible-text.ts";

const ENDS = { accept: "answered", decline: "declined", cancel: "cancelled", expired: "expired", withdrawn: "withdrawn" } as const;

/** How a question was decided, in one line. */
export function decidedText(card: InputCard, context: Speaking): string {
  const words = questionWords.in(context.words);
  const { status, mode } = card;
  // A call that has ended waits for nothing, whatever its cards say.
  const end = words[status === "accept" && mode === "url" ? "opened" : ENDS[status === "waiting" ? "withdrawn" : status]];
  const what = words[mode === "url" ? "page" : "form"](visibleText(card.serverName));
  return `${what} · ${typeof end === "string" ? end : end(...decidedBy(card, context))}`;
}
