import { api, type Page } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { Connector, HttpTool, ListConnectorsAnswer, McpToolRow } from "../../../api/types.ts";
import { may } from "../../../foundation/screen.ts";

export interface ToolAtHand {
  readonly server: string;
  readonly serverName: string;
  readonly name: string;
  readonly title: string;
  /** Undefined: whoever looks may not read it. */
  readonly description: string | undefined;
}

/** More than these stand beside no prompt. */
const MOST = 200;

/** The tools that the assistant has, for whoever reads its prompt. Undefined: that cannot be read, so nothing is known. */
export async function readTools(key: string, signal: AbortSignal): Promise<readonly ToolAtHand[] | undefined> {
  return unlessRefused(async () => {
    const { body } = await api.get<ListConnectorsAnswer>(`/assistants/${key}/connectors`, { query: { limit: 200 }, signal });
    const lists = await Promise.all(body.items.map(async ({ server }) => toolsOf(key, server, signal)));
    return lists.flat();
  });
}

async function toolsOf(key: string, server: string, signal: AbortSignal): Promise<readonly ToolAtHand[]> {
  const [connector, said = new Map<string, string>()] = await Promise.all([
    api.get<Connector>(`/assistants/${key}/connectors/${server}`, { signal }),
    may("servers.read") ? unlessRefused(() => descriptionsOf(server, signal)) : undefined,
  ]);
  const { serverName, tools } = connector.body;
  return tools
    .filter(({ permission }) => permission !== "disabled")
    .slice(0, MOST)
    .map(({ name, title = name }) => ({ server, serverName, name, title, description: said.get(name) }));
}

/** By the names of the tools. */
async function descriptionsOf(server: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  // Devices are asked for theirs on a page of their own; the pages of customers offer theirs by themselves.
  if (server === "device" || server === "page") return new Map();
  const [path, query] = server === "http" ? ["/http-tools", { limit: MOST }] : ["/mcp-tools", { server, limit: MOST }];
  const { body } = await api.get<Page<Pick<HttpTool | McpToolRow, "name" | "description">>>(path, { query, signal });
  return new Map(body.items.map(({ name, description }) => [name, description]));
}

async function unlessRefused<Answer>(read: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiProblem) return undefined;
    throw error;
  }
}
