import { readDefinition, type ToolDefinition } from "../../tools/definitions/tool-definition.ts";
import type { RememberedTools } from "../../tools/mcp/servers/ports.ts";
import { verdictOf, type ToolPin } from "./tool-pin.ts";

const read = new WeakMap<object, ToolDefinition>();

/** The definition that was accepted. Undefined: an earlier release with wider limits accepted it. */
export function acceptedDefinition({ accepted }: ToolPin): ToolDefinition | undefined {
  const known = read.get(accepted);
  if (known !== undefined) return known;
  const definition = readDefinition(accepted.said);
  if (typeof definition === "string") return undefined;
  read.set(accepted, definition);
  return definition;
}

/** Every tool that a server had when its list was last read, in order of name, and how each of them stands. */
export function rememberedTools(pins: ReadonlyMap<string, ToolPin>): RememberedTools {
  const tools: ToolDefinition[] = [];
  const verdicts = new Map<string, ReturnType<typeof verdictOf>>();
  for (const [tool, pin] of pins) {
    const definition = pin.gone ? undefined : acceptedDefinition(pin);
    if (definition === undefined) continue;
    tools.push(definition);
    verdicts.set(tool, verdictOf(pin, definition.definitionHash));
  }
  return { tools: tools.toSorted((left, right) => (left.tool < right.tool ? -1 : 1)), verdicts };
}
