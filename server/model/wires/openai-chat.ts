import type { ModelRequest } from "../../conversation/ports/model.ts";
import { urlUnder } from "./url-under.ts";
import { fittingCallId } from "./call-id.ts";
import { promptTurns, resultText, type PromptTurn } from "./prompt-turns.ts";
import { chatThoughts } from "./chat-thoughts.ts";
import { originOf } from "./origin.ts";
import { ChatReader } from "./openai-chat-reader.ts";
import { SCHEMA_RULES, type SchemaRules } from "./schema-rules.ts";
import { ToolForms } from "./tool-forms.ts";
import type { EncodedRequest, Wire, WireSettings } from "./wire.ts";

/** Parts of a request that some servers of this format do not take; learnt from their refusals. */
interface Habits {
  usage: boolean;
  limit: "max_tokens" | "max_completion_tokens";
  toolChoice: boolean;
  reasoning: "default" | "none";
  /** Every step with calls has to come with thoughts, be they empty: a step of another model has none. */
  thoughts: boolean;
}

/**
 * OpenAI's Chat Completions, as Ollama, vLLM, llama.cpp, LM Studio, OpenRouter, Groq, DeepSeek, Mistral and gateways
 * speak it (platform.openai.com/docs/api-reference/chat-streaming).
 */
export function openAiChat(options: WireSettings, rules: SchemaRules = SCHEMA_RULES.compatible): Wire {
  const habits: Habits = { usage: true, limit: "max_tokens", toolChoice: true, reasoning: "default", thoughts: false };
  const who = `The model server at ${options.baseUrl.host}`;
  return {
    who,
    encode: (request) => encode(request, new ToolForms(request.tools, rules), options, habits),
    reader: ({ tools }) => new ChatReader({ who, of: originOf(options), forms: new ToolForms(tools, rules), newId: options.newId }),
    adjust: (message) => adjust(habits, message),
  };
}

function adjust(habits: Habits, message: string): boolean {
  const before = JSON.stringify(habits);
  if (/stream_options|include_usage/.test(message)) habits.usage = false;
  else if (message.includes("max_completion_tokens")) habits.limit = "max_completion_tokens";
  else if (message.includes("reasoning_content")) habits.thoughts = true;
  else if (message.includes("reasoning_effort")) habits.reasoning = "none";
  else if (message.includes("tool_choice")) habits.toolChoice = false;
  return JSON.stringify(habits) !== before;
}

function encode(request: ModelRequest, forms: ToolForms, settings: WireSettings, habits: Habits): EncodedRequest {
  const { baseUrl, model, apiKey } = settings;
  const { system, turns } = promptTurns(request.messages, forms);
  const silenced = request.toolChoice === "none";
  const offered = request.tools.length > 0 && !(silenced && !habits.toolChoice);
  const body = {
    model,
    stream: true,
    ...(habits.usage ? { stream_options: { include_usage: true } } : {}),
    [habits.limit]: request.maxOutputTokens,
    messages: [
      ...(system === "" ? [] : [{ role: "system", content: system }]),
      ...turns.flatMap((turn) => chatMessages(turn, originOf(settings), habits)),
    ],
    ...(offered
      ? {
          tools: request.tools.map((tool) => ({
            type: "function",
            function: { name: tool.name, description: tool.description.toWellFormed(), parameters: forms.schemaOf(tool) },
          })),
          ...(silenced ? { tool_choice: "none" } : {}),
        }
      : {}),
    ...(habits.reasoning === "none" ? { reasoning_effort: "none" } : {}),
  };
  return {
    url: urlUnder(baseUrl, "/chat/completions"),
    headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(body),
  };
}

function chatMessages(turn: PromptTurn, origin: string, habits: Habits): unknown[] {
  switch (turn.role) {
    case "user":
      return [{ role: "user", content: turn.text }];
    case "assistant": {
      const thoughts = chatThoughts(turn, origin);
      return [
        {
          role: "assistant",
          content: turn.text === "" && turn.toolCalls.length > 0 ? null : turn.text,
          ...(habits.thoughts && turn.toolCalls.length > 0 ? { reasoning_content: "" } : {}),
          ...thoughts.members,
          ...(turn.toolCalls.length === 0
            ? {}
            : {
                tool_calls: turn.toolCalls.map((call) => ({
                  id: fittingCallId(call.modelCallId),
                  type: "function",
                  function: { name: call.name, arguments: call.argumentsText.toWellFormed() },
                  ...thoughts.ofCall(call.modelCallId),
                })),
              }),
        },
      ];
    }
    case "results":
      return turn.results.map((result) => ({
        role: "tool",
        tool_call_id: fittingCallId(result.modelCallId),
        content: resultText(result),
      }));
  }
}
