/** The API of MCP servers over a registry in memory, and servers that a test scripts. */
import { onTestFinished } from "vitest";
import { mcpServersRoutes } from "../../../server/http/api/routes/mcp-servers-routes.ts";
import { mcpToolsRoutes } from "../../../server/http/api/routes/mcp-tools-routes.ts";
import { scriptedServer, type Answer, type ScriptedServer } from "../../support/mcp-scripted-server.ts";
import { testRegistry, type TestRegistry } from "../../setup/registry-harness.ts";
import { ask, startApi, type Answer as HttpAnswer } from "./api-harness.ts";

export interface ServersApi {
  readonly registry: TestRegistry;
  admin(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  as(role: "owner" | "support", method: string, path: string, body?: unknown): Promise<HttpAnswer>;
}

export async function serversApi(): Promise<ServersApi> {
  const registry = await testRegistry();
  const api = await startApi(
    [...mcpServersRoutes({ ...registry, redirectUrl: () => "https://desk.example/oauth/callback" }), ...mcpToolsRoutes(registry)],
    { bodyBytes: 100_000 },
  );
  const as = (role: string, method: string, path: string, more: { body?: unknown; headers?: Readonly<Record<string, string>> }) =>
    ask(`${api.url}${path}`, method, {
      ...(more.body === undefined ? {} : { body: more.body }),
      headers: { Authorization: `Bearer ${role}`, ...more.headers },
    });
  return {
    registry,
    admin: (method, path, body, headers = {}) => as("admin", method, path, { body, headers }),
    as: (role, method, path, body) => as(role, method, path, { body }),
  };
}

export async function scripted(script: Record<string, Answer> = {}): Promise<ScriptedServer> {
  const server = await scriptedServer(script);
  onTestFinished(() => server.close());
  return server;
}
