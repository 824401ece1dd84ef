import type { Assistant } from "../ports/assistant.ts";
import type { Tool } from "../ports/tools.ts";
import { estimateTokens } from "./prompt.ts";

/** Our own tools beside those of the servers. */
export interface OwnTools {
  readonly findTools: Tool;
  readonly readResult: Tool;
}

const DEFAULT_SEARCH = { tools: 128, windowShare: 0.1 } as const;

/**
 * What the model is offered: every tool, or, when they are too many or take too much of its window, the search, and
 * what was found in this conversation until now in the order in which it was. When that takes too much as well, what
 * was found first is left out.
 */
export function offeredTools(tools: readonly Tool[], ours: OwnTools, assistant: Assistant, found: readonly string[]): readonly Tool[] {
  const limits = assistant.toolSearch ?? DEFAULT_SEARCH;
  const budgetTokens = assistant.model.contextTokens * limits.windowShare;
  if (tools.length <= limits.tools && fits(tools, budgetTokens)) return [...tools, ours.readResult];
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  let leftTokens = budgetTokens;
  const kept: Tool[] = [];
  for (const name of found.toReversed()) {
    const tool = byName.get(name);
    if (tool === undefined) continue;
    leftTokens -= toolTokens(tool);
    if (kept.length >= limits.tools || (leftTokens < 0 && kept.length > 0)) break;
    kept.unshift(tool);
  }
  return [ours.findTools, ...kept, ours.readResult];
}

function fits(tools: readonly Tool[], budgetTokens: number): boolean {
  let tokens = 0;
  return tools.every((tool) => (tokens += toolTokens(tool)) <= budgetTokens);
}

/** Definitions do not change, and a step asks for every one of them. */
const measured = new WeakMap<Tool["inputSchema"], number>();

function toolTokens({ name, description, inputSchema }: Tool): number {
  let schemaTokens = measured.get(inputSchema);
  if (schemaTokens === undefined) {
    schemaTokens = estimateTokens(JSON.stringify(inputSchema));
    measured.set(inputSchema, schemaTokens);
  }
  return schemaTokens + estimateTokens(name + description);
}
