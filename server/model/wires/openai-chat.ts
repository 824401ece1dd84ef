import type { ModelRequest } from "../../conversation/ports/model.ts";
import { urlUnder } from "./url-under.ts";
import { fittingCallId } from "./call-id.ts";
import { cutDescription, streams, type Habits } from "./habits.ts";
import { promptTurns, resultText, type PromptTurn } from "./prompt-turns.ts";
import { chatThoughts } from "./chat-thoughts.ts";
import { originOf } from "./origin.ts";
import { ChatReader } from "./openai-chat-reader.ts";
import { SCHEMA_RULES, type SchemaRules } from "./schema-rules.ts";
import { ToolForms } from "./tool-forms.ts";
import type { EncodedRequest, Wire, WireSettings } from "./wire.ts";

/**
 * OpenAI's Chat Completions, as Ollama, vLLM, llama.cpp, LM Studio, OpenRouter, Groq, DeepSeek, Mistral and gateways
 * speak it (platform.openai.com/docs/api-reference/chat-streaming).
 */
export function openAiChat(options: WireSettings, rules: SchemaRules = SCHEMA_RULES.compatible): Wire {
  const who = `The model server at ${options.baseUrl.host}`;
  return {
    who,
    format: "OpenAI Chat Completions",
    encode: (request, habits) => encode(request, new ToolForms(request.tools, rules), options, habits),
    reader: ({ tools }, { calls }) =>
      new ChatReader({ who, of: originOf(options), forms: new ToolForms(tools, rules), calls, newId: options.newId }),
  };
}

function encode(request: ModelRequest, forms: ToolForms, settings: WireSettings, habits: Habits): EncodedRequest {
  const { baseUrl, model, apiKey } = settings;
  const { system, turns } = promptTurns(request.messages, forms, habits);
  const silenced = request.toolChoice === "none";
  const offered = request.tools.length > 0 && !(silenced && !habits.toolChoice);
  const stream = streams(request, habits);
  const body = {
    model,
    stream,
    ...(stream && habits.usage ? { stream_options: { include_usage: true } } : {}),
    [habits.limit]: request.maxOutputTokens,
    messages: [
      ...(system === "" ? [] : [{ role: "system", content: system }]),
      ...turns.flatMap((turn) => chatMessages(turn, originOf(settings), habits)),
    ],
    ...(offered
      ? {
          tools: request.tools.map((tool) => ({
            type: "function",
            function: { name: tool.name, description: cutDescription(tool.description, habits), parameters: forms.schemaOf(tool) },
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
      const thoughts = chatThoughts(habits.thoughts === "never" ? { role: "assistant", text: "", toolCalls: [] } : turn, origin);
      return [
        {
          role: "assistant",
          ...contentOf(turn, habits),
          ...(habits.thoughts === "required" && turn.toolCalls.length > 0 ? { reasoning_content: "" } : {}),
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

function contentOf({ text, toolCalls }: Extract<PromptTurn, { role: "assistant" }>, { emptyText }: Habits): object {
  if (text !== "" || toolCalls.length === 0 || emptyText === "empty") return { content: text };
  return emptyText === "null" ? { content: null } : {};
}
