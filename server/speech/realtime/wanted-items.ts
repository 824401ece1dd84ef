import { createHash } from "node:crypto";
import type { ModelRequest } from "../../conversation/ports/model.ts";
import { resultText } from "../../model/wires/prompt-turns.ts";
import type { ToolForms } from "../../model/wires/tool-forms.ts";
import type { NewItem } from "./client-events.ts";

/** What a session has to remember, in the words of the prompt. */
export type WantedItem =
  | { readonly kind: "user"; readonly text: string }
  | { readonly kind: "assistant"; readonly text: string }
  | { readonly kind: "call"; readonly callId: string; readonly name: string; readonly argumentsText: string }
  | { readonly kind: "result"; readonly callId: string; readonly text: string };

/** OpenAI takes no longer id of a call here. */
const CALL_ID = /^[\w-]{1,32}$/;

/** The prompt as instructions and items. A call and its results have one id, which no other call has. */
export function wantedOf({ messages }: Pick<ModelRequest, "messages">, forms: ToolForms): { instructions: string; items: WantedItem[] } {
  const system: string[] = [];
  const items: WantedItem[] = [];
  const ids = new CallIds();
  for (const message of messages) {
    const text = message.text.toWellFormed();
    switch (message.role) {
      case "system":
        if (text.trim() !== "") system.push(text);
        break;
      case "user":
        items.push({ kind: "user", text: text.trim() === "" ? "(an empty message)" : text });
        break;
      case "assistant":
        if (text.trim() !== "") items.push({ kind: "assistant", text });
        for (const call of message.toolCalls) {
          const { name, argumentsText } = forms.told(call);
          items.push({ kind: "call", callId: ids.ofCall(call.modelCallId), name, argumentsText: argumentsText.toWellFormed() });
        }
        break;
      case "tool":
        items.push({ kind: "result", callId: ids.ofResult(message.modelCallId), text: resultText({ ...message, text }) });
    }
  }
  return { instructions: system.join("\n\n"), items };
}

/** Some models number the calls of each step anew. */
class CallIds {
  readonly #newest = new Map<string, string>();
  readonly #used = new Set<string>();

  ofCall(modelCallId: string): string {
    let id = fitting(modelCallId);
    for (let number = 2; this.#used.has(id); number += 1) id = fitting(`${modelCallId}#${number}`);
    this.#used.add(id);
    this.#newest.set(modelCallId, id);
    return id;
  }

  ofResult(modelCallId: string): string {
    return this.#newest.get(modelCallId) ?? fitting(modelCallId);
  }
}

function fitting(modelCallId: string): string {
  if (CALL_ID.test(modelCallId)) return modelCallId;
  return `call_${createHash("sha256").update(modelCallId).digest("hex").slice(0, 24)}`;
}

export function newItem(id: string, wanted: WantedItem): NewItem {
  switch (wanted.kind) {
    case "user":
      return { id, type: "message", role: "user", content: [{ type: "input_text", text: wanted.text }] };
    case "assistant":
      return { id, type: "message", role: "assistant", content: [{ type: "output_text", text: wanted.text }] };
    case "call":
      return { id, type: "function_call", call_id: wanted.callId, name: wanted.name, arguments: wanted.argumentsText };
    case "result":
      return { id, type: "function_call_output", call_id: wanted.callId, output: wanted.text };
  }
}
