import { api, type Page } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { HttpTool, ListConnectorsAnswer, McpToolRow } from "../../../api/types.ts";
import { may } from "../../../foundation/screen.ts";

export type ToolAtHand = Pick<McpToolRow, "name" | "title" | "description" | "server" | "serverName">;

/** More than these stand beside no prompt. */
const MOST = 200;

/** The tools that the assistant's servers have, for whoever writes its prompt. What cannot be read is left out. */
export async function readTools(key: string, signal: AbortSignal): Promise<readonly ToolAtHand[]> {
  try {
    const { body } = await api.get<ListConnectorsAnswer>(`/assistants/${key}/connectors`, { query: { limit: 200 }, signal });
    const lists = await Promise.all(body.items.map(({ server, serverName }) => toolsOf(server, serverName, signal)));
    return lists.flat();
  } catch (error) {
    if (error instanceof ApiProblem) return [];
    throw error;
  }
}

async function toolsOf(server: string, serverName: string, signal: AbortSignal): Promise<readonly ToolAtHand[]> {
  try {
    if (!may("servers.read")) return [];
    if (server !== "http")
      return (await api.get<Page<McpToolRow>>("/mcp-tools", { query: { server, limit: MOST }, signal })).body.items.filter(
        ({ enabled }) => enabled,
      );
    const { body } = await api.get<Page<HttpTool>>("/http-tools", { query: { limit: MOST }, signal });
    return body.items.map(({ name, title = name, description }) => ({ name, title, description, server, serverName }));
  } catch (error) {
    if (error instanceof ApiProblem) return [];
    throw error;
  }
}
