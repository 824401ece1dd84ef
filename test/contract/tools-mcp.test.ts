import { testHost } from "../support/mcp-host.ts";
import { modernServer, type ModernContext } from "../support/mcp-modern-server.ts";
import { json, result, scriptedServer, tool } from "../support/mcp-scripted-server.ts";
import { toolsContract } from "./tools.ts";
import { freePort } from "../support/free-port.ts";

const nowhere = async (): Promise<{ key: string; name: string; url: string }> => ({
  key: "nowhere",
  name: "Nowhere",
  url: `http://127.0.0.1:${await freePort()}/mcp`,
});

toolsContract("MCP, legacy era", async () => {
  const server = await scriptedServer({
    "tools/list": result({ tools: [tool("works"), tool("waits")] }),
    "tools/call": (response, { id, params }) => {
      if (params?.["name"] === "works") json(response, { jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "done" }] } });
    },
  });
  const host = testHost([{ key: "shop", name: "Shop", url: server.url }, await nowhere()]);
  return {
    tools: host.tools,
    open: host.open,
    runs: () => server.count("tools/call"),
    cutOff: () => server.close(),
    dispose: async () => {
      await host.close();
      await server.close().catch(() => undefined);
    },
  };
});

toolsContract("MCP, modern era", async () => {
  let runs = 0;
  const server = await modernServer((one, schema) => {
    const inputSchema = schema({ type: "object" });
    one.registerTool("works", { inputSchema }, () => {
      runs += 1;
      return { content: [{ type: "text", text: "done" }] };
    });
    one.registerTool("waits", { inputSchema }, async (_: object, { mcpReq }: ModernContext) => {
      runs += 1;
      await new Promise<void>((resolve) => mcpReq.signal.addEventListener("abort", () => resolve()));
      return { content: [] };
    });
  });
  const host = testHost([{ key: "shop", name: "Shop", url: server.url }, await nowhere()]);
  return {
    tools: host.tools,
    open: host.open,
    runs: () => runs,
    cutOff: () => server.close(),
    dispose: async () => {
      await host.close();
      await server.close().catch(() => undefined);
    },
  };
});
