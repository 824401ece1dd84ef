import type { PromptMessage, PromptToolCall, Thoughts } from "../../conversation/ports/model.ts";
import type { Habits } from "./habits.ts";
import type { ToolForms } from "./tool-forms.ts";

export type PromptResult = Extract<PromptMessage, { role: "tool" }>;

/** One side's say, as every provider takes it: no side speaks twice in a row, nothing is blank. */
export type PromptTurn =
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text: string; readonly toolCalls: readonly PromptToolCall[]; readonly thoughts?: Thoughts }
  | { readonly role: "results"; readonly results: readonly PromptResult[] };

export interface PromptTurns {
  /** All system messages together: several providers take them in one place only. Empty where there is no such place. */
  readonly system: string;
  readonly turns: readonly PromptTurn[];
}

/**
 * The prompt with what providers refuse put right: system messages gathered, neighbours of one role joined, empty
 * answers left out, blank questions named, halves of characters (a text cut in the middle) replaced, since no JSON
 * parser of theirs takes them, arguments of earlier calls under the names that the model knows.
 */
export function promptTurns(messages: readonly PromptMessage[], forms: ToolForms, habits: Pick<Habits, "system">): PromptTurns {
  const system: string[] = [];
  const turns: PromptTurn[] = [];
  for (const message of messages) {
    const text = message.text.toWellFormed();
    if (message.role === "system") {
      if (!isBlank(text)) system.push(text);
    } else {
      add(
        turns,
        message.role === "assistant" ? { ...message, toolCalls: message.toolCalls.map((call) => forms.told(call)) } : message,
        text,
      );
    }
  }
  const words = system.join("\n\n");
  if (words === "" || habits.system === "own") return { system: words, turns };
  return { system: "", turns: withFirst(turns, words) };
}

/** For models whose template has no system role: its words stand before the customer's first. */
function withFirst(turns: readonly PromptTurn[], words: string): readonly PromptTurn[] {
  const [first, ...rest] = turns;
  return first?.role === "user"
    ? [{ role: "user", text: `${words}\n\n${first.text}` }, ...rest]
    : [{ role: "user", text: words }, ...turns];
}

function add(turns: PromptTurn[], message: Exclude<PromptMessage, { role: "system" }>, text: string): void {
  const last = turns.at(-1);
  switch (message.role) {
    case "user": {
      const said = isBlank(text) ? "(an empty message)" : text;
      if (last?.role === "user") turns[turns.length - 1] = { role: "user", text: `${last.text}\n\n${said}` };
      else turns.push({ role: "user", text: said });
      return;
    }
    case "assistant": {
      const said = isBlank(text) ? "" : text;
      if (said === "" && message.toolCalls.length === 0) return;
      if (last?.role === "assistant" && last.toolCalls.length === 0)
        turns[turns.length - 1] = { ...message, text: joined(last.text, said) };
      else turns.push({ ...message, text: said });
      return;
    }
    case "tool": {
      const result = { ...message, text };
      if (last?.role === "results") turns[turns.length - 1] = { role: "results", results: [...last.results, result] };
      else turns.push({ role: "results", results: [result] });
      return;
    }
  }
}

/** For providers that want the customer to speak first and last. */
export function framedByUser(turns: readonly PromptTurn[]): readonly PromptTurn[] {
  const framed = [...turns];
  if (framed[0]?.role !== "user") framed.unshift({ role: "user", text: "(The conversation begins here.)" });
  if (framed.at(-1)?.role === "assistant") framed.push({ role: "user", text: "(Go on.)" });
  return framed;
}

/** A result's text for providers that have no place to say that a call failed. */
export function resultText(result: PromptResult): string {
  return result.failed ? `[This call did not succeed.]\n${result.text}` : result.text;
}

/**
 * The arguments of an earlier call for providers that take an object, not a text. What is not an object is given as it
 * was written.
 */
export function argumentsObject(call: PromptToolCall): Record<string, unknown> {
  try {
    const text = call.argumentsText.trim() === "" ? "{}" : call.argumentsText;
    const value: unknown = JSON.parse(text, (_key, inner: unknown) => (typeof inner === "string" ? inner.toWellFormed() : inner));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Given as written, below.
  }
  return { unreadable: call.argumentsText.toWellFormed() };
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}

function joined(before: string, after: string): string {
  return before === "" || after === "" ? before + after : `${before}\n\n${after}`;
}
