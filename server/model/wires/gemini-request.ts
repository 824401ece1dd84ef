import type { ModelRequest } from "../../conversation/ports/model.ts";
import { urlUnder } from "./url-under.ts";
import { cutDescription, type Habits } from "./habits.ts";
import { argumentsObject, framedByUser, promptTurns, type PromptTurn } from "./prompt-turns.ts";
import { readCallId } from "./gemini-call-id.ts";
import { SCHEMA_RULES } from "./schema-rules.ts";
import { ToolForms } from "./tool-forms.ts";
import type { EncodedRequest, WireSettings } from "./wire.ts";

/**
 * What Google documents for a call whose thought signature is not there
 * (ai.google.dev/gemini-api/docs/thought-signatures).
 */
const SKIP_SIGNATURE = "skip_thought_signature_validator";

export function encodeForGemini(request: ModelRequest, { baseUrl, model, apiKey }: WireSettings, habits: Habits): EncodedRequest {
  const forms = new ToolForms(request.tools, SCHEMA_RULES.gemini);
  const { system, turns } = promptTurns(request.messages, forms, habits);
  const name = model.replace(/^models\//, "");
  const body = {
    ...(system === "" ? {} : { systemInstruction: { parts: [{ text: system }] } }),
    contents: framedByUser(turns).map((turn) => content(turn, wantsSignatures(name))),
    generationConfig: { maxOutputTokens: request.maxOutputTokens },
    ...(request.tools.length === 0
      ? {}
      : {
          tools: [
            {
              functionDeclarations: request.tools.map((tool) => ({
                name: geminiName(tool.name),
                description: cutDescription(tool.description, habits),
                parametersJsonSchema: forms.schemaOf(tool),
              })),
            },
          ],
          toolConfig: { functionCallingConfig: { mode: request.toolChoice === "none" ? "NONE" : "AUTO" } },
        }),
  };
  const url = urlUnder(baseUrl, `/models/${encodeURIComponent(name)}:streamGenerateContent`);
  url.searchParams.set("alt", "sse");
  return { url, headers: apiKey === undefined ? {} : { "x-goog-api-key": apiKey }, body: JSON.stringify(body) };
}

/** Gemini 3 and later refuse a step of calls without the signature that came with it. */
function wantsSignatures(model: string): boolean {
  return /gemini/.test(model) && !/gemini-[12](?:\D|$)/.test(model);
}

function content(turn: PromptTurn, signed: boolean): unknown {
  switch (turn.role) {
    case "user":
      return { role: "user", parts: [{ text: turn.text }] };
    case "assistant": {
      const calls = turn.toolCalls.map((call) => ({ call, ...readCallId(call.modelCallId) }));
      const skip = signed && calls.every(({ signature }) => signature === undefined);
      return {
        role: "model",
        parts: [
          ...(turn.text === "" ? [] : [{ text: turn.text }]),
          ...calls.map(({ call, id, signature }, index) => ({
            functionCall: { id, name: geminiName(call.name), args: argumentsObject(call) },
            ...(signature !== undefined
              ? { thoughtSignature: signature }
              : skip && index === 0
                ? { thoughtSignature: SKIP_SIGNATURE }
                : {}),
          })),
        ],
      };
    }
    case "results":
      return {
        role: "user",
        parts: turn.results.map((result) => ({
          functionResponse: {
            id: readCallId(result.modelCallId).id,
            name: geminiName(result.name),
            response: result.failed ? { error: result.text } : { output: result.text },
          },
        })),
      };
  }
}

/** Gemini's names begin with a letter or an underscore. */
export function geminiName(name: string): string {
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`;
}
