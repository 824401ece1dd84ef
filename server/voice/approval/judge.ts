import { plainWords } from "./plain-words.ts";
import { hasRefusal } from "./refusal-words.ts";

/** What an engine understood of one turn. */
export interface Understood {
  readonly text: string;
  /** From 0 to 1. Absent: the engine does not say. */
  readonly confidence?: number;
  /** It may not be all that was said, or not an answer: it approves nothing. */
  readonly isDoubtful?: boolean;
}

/** `nothing`: no word was understood. `unclear`: it is neither an approval nor a refusal. */
export type Verdict = "approve" | "refuse" | "unclear" | "nothing";

/** An engine that is less sure of a phrase may have heard another. */
const LEAST_CONFIDENCE = 0.7;
const QUESTION = /[?？؟¿]/;

/**
 * What a turn says of an approval. Only the phrase as the whole of it approves, and not if it was understood as a
 * question. Without a phrase nothing does. Pure. Whoever calls this has to know that the turn was the customer's own voice.
 */
export function judge({ text, confidence = 1, isDoubtful = false }: Understood, phrase: string | undefined): Verdict {
  const words = plainWords(text);
  if (words.length === 0) return "nothing";
  if (hasRefusal(words)) return "refuse";
  const isPhrase = phrase !== undefined && words.join(" ") === plainWords(phrase).join(" ");
  return isPhrase && !isDoubtful && confidence >= LEAST_CONFIDENCE && !QUESTION.test(text) ? "approve" : "unclear";
}
