import type { ModelRequest, OfferedTool } from "../../conversation/ports/model.ts";
import { urlUnder } from "./url-under.ts";
import { cutDescription, streams, type Habits } from "./habits.ts";
import { fittingCallId } from "./call-id.ts";
import { argumentsObject, framedByUser, promptTurns, type PromptTurn } from "./prompt-turns.ts";
import { originOf } from "./origin.ts";
import { SCHEMA_RULES } from "./schema-rules.ts";
import { thinkingOf } from "./thinking-blocks.ts";
import { ToolForms } from "./tool-forms.ts";
import type { EncodedRequest, WireSettings } from "./wire.ts";

const VERSION = "2023-06-01";
/** The prompt up to here is kept by Anthropic for some minutes: a later step then costs a tenth and begins sooner. */
const KEPT = { cache_control: { type: "ephemeral" } };

type Block = Readonly<Record<string, unknown>>;
interface Message {
  readonly role: "user" | "assistant";
  readonly content: Block[];
}

export function encodeForAnthropic(request: ModelRequest, settings: WireSettings, habits: Habits): EncodedRequest {
  const { baseUrl, model, apiKey } = settings;
  const forms = anthropicForms(request.tools);
  const { system, turns } = promptTurns(request.messages, forms, habits);
  const tools = toolsFor(request, turns);
  const body = {
    model,
    stream: streams(request, habits),
    max_tokens: request.maxOutputTokens,
    ...(system === "" ? {} : { system: [{ type: "text", text: system, ...KEPT }] }),
    messages: keepLast(alternating(framedByUser(turns), originOf(settings))),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map((tool) => ({
            name: tool.name,
            description: cutDescription(tool.description, habits),
            input_schema: forms.schemaOf(tool),
          })),
          tool_choice: { type: request.tools.length === 0 ? "none" : request.toolChoice },
        }),
  };
  return {
    url: urlUnder(baseUrl, "/messages"),
    headers: { "anthropic-version": VERSION, ...(apiKey === undefined ? {} : { "x-api-key": apiKey }) },
    body: JSON.stringify(body),
  };
}

export function anthropicForms(tools: readonly OfferedTool[]): ToolForms {
  return new ToolForms(tools, SCHEMA_RULES.anthropic);
}

/**
 * A prompt with calls in it must name tools, even when there are none any more: then the names it mentions, none of
 * which may be called.
 */
function toolsFor(request: ModelRequest, turns: readonly PromptTurn[]): readonly OfferedTool[] {
  if (request.tools.length > 0) return request.tools;
  const names = new Set(turns.flatMap((turn) => (turn.role === "assistant" ? turn.toolCalls.map((call) => call.name) : [])));
  return [...names].map((name) => ({ name, description: "No longer available.", inputSchema: { type: "object" } }));
}

/** Results are the user's words here, and must come first in the message after their calls. */
function alternating(turns: readonly PromptTurn[], origin: string): Message[] {
  const messages: Message[] = [];
  for (const turn of turns) {
    const role = turn.role === "assistant" ? "assistant" : "user";
    const last = messages.at(-1);
    if (last?.role === role) last.content.push(...blocks(turn, origin));
    else messages.push({ role, content: blocks(turn, origin) });
  }
  return messages;
}

function blocks(turn: PromptTurn, origin: string): Block[] {
  switch (turn.role) {
    case "user":
      return [{ type: "text", text: turn.text }];
    case "assistant":
      return [
        ...thinkingOf(turn, origin),
        ...(turn.text === "" ? [] : [{ type: "text", text: turn.text }]),
        ...turn.toolCalls.map((call) => ({
          type: "tool_use",
          id: fittingCallId(call.modelCallId),
          name: call.name,
          input: argumentsObject(call),
        })),
      ];
    case "results":
      return turn.results.map((result) => ({
        type: "tool_result",
        tool_use_id: fittingCallId(result.modelCallId),
        content: result.text.trim() === "" ? "(no text)" : result.text,
        ...(result.failed ? { is_error: true } : {}),
      }));
  }
}

function keepLast(messages: Message[]): Message[] {
  const last = messages.at(-1);
  const block = last?.content.pop();
  if (last !== undefined && block !== undefined) last.content.push({ ...block, ...KEPT });
  return messages;
}
