import { englishCalls } from "./english/calls.ts";
import type { CallWords } from "./types/call-words.ts";
import type { Words } from "./types/words.ts";

const made = new WeakMap<Words, Words & CallWords>();

/** All that can be said in the language of `words`, tool calls included; English for what a language has not. */
export function callWords(words: Words): Words & CallWords {
  const whole = made.get(words) ?? { ...words, ...(words.calls ?? englishCalls) };
  made.set(words, whole);
  return whole;
}
