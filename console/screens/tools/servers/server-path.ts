import type { McpServerCard } from "../../../api/types.ts";
import { type FindingPlace, toolsPlace } from "../../../parts/finding-place.ts";

export function serverPath(key: string, rest = ""): string {
  return `/tools/mcp-servers/${encodeURIComponent(key)}${rest}`;
}

/** Where tools wait for somebody: the page of the one, or the list of those in this state. */
export function waitingPlace({ key, tools, firstWaiting }: McpServerCard, state: "changed" | "new"): FindingPlace {
  const names = firstWaiting.filter((tool) => tool.state === state).map(({ name }) => name);
  return toolsPlace(key, tools[state] === 1 ? names : [], state);
}
