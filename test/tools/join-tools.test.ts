import { describe, expect, it } from "vitest";
import type { Assistant } from "../../server/conversation/ports/assistant.ts";
import type { Tools } from "../../server/conversation/ports/tools.ts";
import { joinTools } from "../../server/tools/join-tools.ts";
import { assistantWith, httpTool, httpToolsHost } from "./http/http-service.ts";

describe("the MCP host's tools and the HTTP tools", () => {
  it("are one toolbox, in order; each is asked for what is its own, and both rest and close", async () => {
    const did: string[] = [];
    const asked: Assistant[] = [];
    const http = httpToolsHost([httpTool("zero", "https://a.example/"), httpTool("alpha", "https://a.example/")]);
    const [named] = (await http.open(["alpha"])).tools;
    const mcp: Tools = {
      open: async ({ assistant }) => {
        asked.push(assistant);
        return {
          tools: [
            { ...named!, name: "http_shop__x" },
            { ...named!, name: "a__b" },
          ],
          unavailable: [{ server: "s", serverName: "S", cause: "down" }],
        };
      },
      rest: (id) => void did.push(`rest ${id}`),
      close: async () => void did.push("close"),
    };
    const joined = joinTools([{ tools: mcp }, { server: "http", tools: http.tools }]);
    const request = { conversationId: "c", customerId: "c", sessionId: "s", signal: new AbortController().signal };
    const toolbox = await joined.open({ ...request, assistant: assistantWith(["*"], ["orders"]) });
    expect(toolbox.tools.map(({ name }) => name)).toEqual(["a__b", "http__alpha", "http__zero", "http_shop__x"]);
    expect(toolbox.unavailable).toHaveLength(1);
    expect(asked[0]?.connectors.map(({ server }) => server)).toEqual(["orders"]);
    expect((await joined.open({ ...request, assistant: assistantWith(undefined, ["orders"]) })).tools).toHaveLength(2);
    joined.rest("c");
    await joined.close();
    expect(did).toEqual(["rest c", "close"]);
    expect((await http.open()).tools).toEqual([]);
  });
});
