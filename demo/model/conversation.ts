import { type CompletionRequest, textOf } from "./wire.ts";

/** A tool call of the answer in progress, with what came back. */
export interface ToolOutcome {
  /** The offered name, for example `orders__lookup_order`. */
  readonly name: string;
  readonly arguments: string;
  readonly result: string;
}

/** What the script looks at: the question, what was said before it, and what the tools have answered since. */
export interface Conversation {
  readonly question: string;
  readonly earlierQuestions: readonly string[];
  readonly outcomes: readonly ToolOutcome[];
  readonly offeredTools: readonly string[];
  readonly wantsSummary: boolean;
}

/** Reads a request's messages. Everything after the last user message belongs to the answer in progress. */
export function readConversation(request: CompletionRequest): Conversation {
  const { messages } = request;
  const lastUser = messages.findLastIndex((message) => message.role === "user");
  const questions = messages.slice(0, lastUser + 1).flatMap((message) => (message.role === "user" ? [textOf(message)] : []));
  // The host may speak in the customer's place: "(Please try once more.)" means the question before it.
  const asked = questions.length > 1 && /^\(.*\btry\b.*\)$/iu.test(questions.at(-1) ?? "") ? questions.slice(0, -1) : questions;
  const question = asked.at(-1) ?? "";
  const offeredTools = (request.tools ?? []).map((tool) => tool.function.name);
  const calls = new Map<string, { name: string; arguments: string }>();
  const outcomes: ToolOutcome[] = [];
  for (const message of messages.slice(lastUser + 1)) {
    if (message.role === "assistant") {
      for (const call of message.tool_calls ?? []) calls.set(call.id, call.function);
    } else if (message.role === "tool") {
      const call = calls.get(message.tool_call_id);
      if (call !== undefined) outcomes.push({ name: call.name, arguments: call.arguments, result: textOf(message) });
    }
  }
  const instructions = messages.filter((message) => message.role === "system" || message.role === "developer").map(textOf);
  return {
    question,
    earlierQuestions: asked.slice(0, -1),
    outcomes,
    offeredTools,
    wantsSummary: [question, ...instructions].some((text) =>
      /^\s*(?:please )?summari[sz]e\b|\bsummari[sz]e (?:the|this) (?:conversation|chat)/iu.test(text),
    ),
  };
}
