import type { Conversation } from "./conversation.ts";
import type { Move } from "./move.ts";

/** What whoever tries the model out asks for, in so many words: a word, or a call of a tool with one. */
export function plainRequest({ question, outcomes }: Conversation): Move | undefined {
  const [, word] = /^answer with the one word: (\w+)$/iu.exec(question) ?? [];
  if (word !== undefined) return { text: word, wishes: [] };
  const [, tool, argument] = /^call the tool (\w+) with the word: (\w+)$/iu.exec(question) ?? [];
  if (tool === undefined || argument === undefined) return undefined;
  return outcomes.length > 0 ? { text: argument, wishes: [] } : { text: "", wishes: [{ tool, arguments: { word: argument } }] };
}
