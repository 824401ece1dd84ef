import { describe, expect, it } from "vitest";
import { opened } from "../../support/mcp-opened.ts";
import { askingServer, told } from "../../support/mcp-asking-server.ts";
import { callContext, testHost, toolOf } from "../../support/mcp-host.ts";
import { result, scriptedServer, tool } from "../../support/mcp-scripted-server.ts";

describe("a server whose results are not kept", () => {
  it("does not bring them into the log when they are not what its tool promised", async () => {
    const secret = 4_111_111_111_111_111;
    const limited = { type: "object", properties: { card: { type: "number", maximum: 10 } }, additionalProperties: false };
    const server = await scriptedServer({
      "tools/list": result({ tools: [tool("act", { outputSchema: limited })] }),
      "tools/call": result({ content: [], structuredContent: { card: secret, "kim@shop.example": 1 } }),
    });
    const host = testHost([{ key: "shop", name: "Shop", url: server.url, results: "redacted" }]);
    opened(server);
    opened(host);
    const done = await toolOf(await host.open(), "shop__act").call({}, callContext());
    expect(done).toMatchObject({ outcome: "ok", keep: "redacted" });
    expect(host.warnings).toHaveLength(1);
    expect(JSON.stringify(host.warnings)).not.toMatch(/4111|kim@/);
  });

  it("has what it says to our model not kept either", async () => {
    const server = await askingServer(async (call) => {
      const messages = [{ role: "user", content: { type: "text", text: "Hello" } }];
      return told(await call.ask("sampling/createMessage", { messages, maxTokens: 10 }));
    });
    const host = testHost([{ key: "shop", name: "Shop", url: server.url, samplingTokens: 100, results: "none" }]);
    opened(server);
    opened(host);
    const kept: unknown[] = [];
    const sample = async ({ keep }: { keep?: unknown }) => (kept.push(keep), { kind: "refused", cause: "no" } as const);
    const done = await toolOf(await host.open(), "shop__act").call({}, callContext({ sample }));
    expect(kept).toEqual(["none"]);
    expect(done.keep).toBe("none");
  });
});
