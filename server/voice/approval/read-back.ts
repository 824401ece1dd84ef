import type { ArgumentField } from "../../../protocol/content.ts";
import type { ToolReference } from "../../../protocol/events.ts";
import { type ApprovalWords, approvalWords } from "./approval-words.ts";
import { isSaidIn, plainWords } from "./plain-words.ts";
import type { SpokenBy } from "./spoken-by.ts";
import { spokenLine, spokenValue } from "./spoken-value.ts";

/** What is said of a call that waits: each piece is said as a whole, in their order. The last one is the question. */
export interface ReadBack {
  readonly pieces: readonly string[];
  /** What approves. Absent: the button alone. */
  readonly phrase?: string;
}

const MOST_FIELDS = 6;

export interface AskedOf {
  readonly tool: Pick<ToolReference, "title">;
  readonly fields: readonly ArgumentField[];
}

/**
 * The call in our own words, its arguments as the card shows them: never the model's words. What is too long, or filled in
 * by the server, is left to the screen. `by` phrase: where what is read has the phrase in it, the button all the same.
 */
export function readBack(asked: AskedOf, by: SpokenBy, language: string | undefined): ReadBack {
  const words = approvalWords(language);
  const action = spokenLine(asked.tool.title, words);
  const shown = asked.fields.filter(({ filled }) => filled !== true);
  const read = shown.slice(0, MOST_FIELDS).map((field) => ({ field, said: spokenValue(field, words) }));
  const isWhole = action.isWhole && read.length === asked.fields.length && read.every(({ said }) => said.isWhole);
  const details = read
    .filter(({ said }) => said.text !== "")
    .map(({ field, said }) => words.field(spokenLine(field.title, words).text, said.text));
  const pieces = [words.asks(action.text), ...details, ...(isWhole ? [] : [words.more])];
  const isPhrase = by === "phrase" && !isSaidIn(plainWords(words.phrase), plainWords(pieces.join(" ")));
  return isPhrase ? { pieces: [...pieces, words.question], phrase: words.phrase } : { pieces: [...pieces, words.button] };
}

/** The question once more, after an answer that was none. */
export function readAgain({ tool }: Pick<AskedOf, "tool">, language: string | undefined): readonly string[] {
  const words = approvalWords(language);
  return [words.again(spokenLine(tool.title, words).text), words.question];
}

/** Of these words nothing is asked. */
export function sayInstead(language: string | undefined): Pick<ApprovalWords, "instead" | "staff"> {
  return approvalWords(language);
}
