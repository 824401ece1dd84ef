import { describe, expect, it } from "vitest";
import type { ToolResult } from "../../../server/conversation/ports/tools.ts";
import { opened } from "../../support/mcp-opened.ts";
import { callContext, testHost, toolOf } from "../../support/mcp-host.ts";
import { result, scriptedServer, tool } from "../../support/mcp-scripted-server.ts";

describe("what a tool promises of its structured results", () => {
  const outputSchema = { type: "object", properties: { total: { type: "number" } }, required: ["total"] };
  const answering = async (structuredContent: unknown): Promise<ToolResult> => {
    const server = await scriptedServer({
      "tools/list": result({ tools: [tool("act", { outputSchema })] }),
      "tools/call": result({ content: [{ type: "text", text: "done" }], structuredContent }),
    });
    const host = testHost([{ key: "shop", name: "Shop", url: server.url }]);
    opened(server);
    opened(host);
    const done = await toolOf(await host.open(), "shop__act").call({}, callContext());
    if (done.content.length > 1) expect(host.warnings.at(-1)).toMatchObject({ server: "shop", tool: "act" });
    return done;
  };

  it("is kept, or said to be broken: what was done is done", async () => {
    expect(await answering({ total: 3 })).toEqual({ outcome: "ok", content: [{ kind: "text", text: "done" }], structured: { total: 3 } });
    for (const broken of [{ total: "3" }, undefined]) {
      const { outcome, content, structured } = await answering(broken);
      expect(outcome).toBe("ok");
      expect(structured).toBeUndefined();
      expect(content[1]).toMatchObject({ kind: "text", text: expect.stringContaining("not what the tool promises") as string });
    }
  });
});
