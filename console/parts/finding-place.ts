import type { AssistantHealth } from "../api/types.ts";

type Finding = AssistantHealth["findings"][number];
type Query = Readonly<Record<string, string | undefined>>;

export interface FindingPlace {
  readonly path: string;
  readonly query?: Query;
}

/** Where it is mended. A kind that is not known has no place. */
export function findingPlace({ code, link }: Pick<Finding, "code" | "link">, assistant: string): FindingPlace | undefined {
  const { kind, server = "", tools = [] } = link;
  const path = `/assistants/${assistant}`;
  const [tool] = tools;
  switch (kind) {
    case "model":
      return { path, query: { at: "model" } };
    case "origins":
      return { path, query: { at: "origins" } };
    case "retention":
      return { path, query: { at: "retention" } };
    case "voice":
      return { path: `${path}/voice` };
    case "sightings":
      return { path: `${path}/install` };
    case "connector":
      return { path: `${path}/tools/${server}`, query: { q: tools.length === 1 ? tool : undefined } };
    case "server":
      if (server === "http") return { path: "/tools/http-tools" };
      return tool === undefined
        ? { path: `/tools/mcp-servers/${encodeURIComponent(server)}` }
        : toolsPlace(server, tools, code === "tools-changed" ? "changed" : undefined);
    case "people":
      return { path: "/people" };
    default:
      return undefined;
  }
}

/** The one tool, or the list in which they are. */
export function toolsPlace(server: string, tools: readonly string[], state?: string): FindingPlace {
  const path = `/tools/mcp-servers/${encodeURIComponent(server)}/tools`;
  const [tool] = tools;
  if (tools.length === 1 && tool !== undefined) return { path: `${path}/${encodeURIComponent(tool)}` };
  return state === undefined ? { path } : { path, query: { state } };
}
