import type { ModelSettings } from "../../conversation/ports/assistant.ts";
import { type Model, ModelError, type ModelPart, type ModelRequest, type Models } from "../../conversation/ports/model.ts";

/** No address of a server begins so, and nobody can enter it. */
const ADDRESS = "frontdesk:published-call";
const BEGIN = "\n```json\n";
const END = "\n```";
const PLENTY = 1_000_000_000;

/** What stands in a model's place where a client decides what is called. */
export const CALL_MODEL: ModelSettings = {
  provider: "openai-compatible",
  model: "none",
  baseUrl: ADDRESS,
  contextTokens: PLENTY,
  maxOutputTokens: 1_000,
};

const NOTHING = { inputTokens: 0, outputTokens: 0 };

/** The call as the staff reads it in the conversation, and as the model finds it again. */
export function callText({ by, tool, input }: { readonly by: string; readonly tool: string; readonly input: object }): string {
  return `${by} calls ${tool}.\n${BEGIN}${JSON.stringify({ tool, arguments: input })}${END}`;
}

/**
 * The models, and beside them the one of published calls. It reads from the journal alone what it has to do, so a call
 * that waits for the staff outlives a restart.
 */
export function withCallModel(models: Models): Models {
  return { of: async (settings, conversationId) => (settings.baseUrl === ADDRESS ? CALL : models.of(settings, conversationId)) };
}

const CALL: Model = {
  async *stream({ messages }: ModelRequest): AsyncGenerator<ModelPart, void> {
    const asked = messages.findLastIndex(({ role }) => role === "user");
    const isDone = messages.slice(asked + 1).some(({ role }) => role === "tool");
    const message = messages[asked];
    if (isDone || message === undefined || !("text" in message)) {
      yield { type: "finish", reason: "stop", usage: NOTHING };
      return;
    }
    const call = readCall(message.text);
    yield { type: "tool-call", modelCallId: "call", name: call.tool, argumentsText: JSON.stringify(call.arguments) };
    yield { type: "finish", reason: "tool-calls", usage: NOTHING };
  },
};

/** The last block is ours, whatever was written before it: no line of JSON looks like its beginning or its end. */
function readCall(text: string): { readonly tool: string; readonly arguments: object } {
  const begin = text.lastIndexOf(BEGIN);
  const end = text.lastIndexOf(END);
  if (begin < 0 || end < begin) throw new ModelError("misconfigured", "There is no call in what was written here.");
  return JSON.parse(text.slice(begin + BEGIN.length, end)) as { tool: string; arguments: object };
}
