import type { OfferedTool } from "../../conversation/ports/model.ts";

/** `tools.0.custom.input_schema` of Anthropic, `tools[0].function.parameters` of OpenAI, `function_declarations[0]` of Gemini. */
const PLACES = [/\bfunction_?declarations(?:\.|\[)(\d+)/i, /\btools(?:\.|\[)(\d+)/i];
/** "Invalid schema for function 'name'", and the like. */
const NAME = /\b(?:function|tool)\s+["'`]([\w.:-]{1,128})["'`]/i;
/** What a refusal of a definition speaks of, and one of a conversation does not. */
const OF_SCHEMA = /schema|parameter|propert/i;

/** The tool that a provider names in its refusal of a whole request. */
export function toolNamedIn(message: string, tools: readonly OfferedTool[]): OfferedTool | undefined {
  const name = NAME.exec(message)?.[1];
  const byName = name === undefined || !OF_SCHEMA.test(message) ? undefined : tools.find((tool) => tool.name === name);
  if (byName !== undefined) return byName;
  const place = PLACES.map((pattern) => pattern.exec(message)?.[1]).find((found) => found !== undefined);
  return place === undefined ? undefined : tools[Number(place)];
}
