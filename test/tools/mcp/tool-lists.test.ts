import { describe, expect, it } from "vitest";
import { toolOf } from "../../support/mcp-host.ts";
import { serve, shopHost } from "../../support/mcp-opened.ts";
import { eventStream, json, result, tool } from "../../support/mcp-scripted-server.ts";
import { waitFor } from "../../support/wait-for.ts";

describe("the list of tools", () => {
  it("is read once and shared while it is warm, so that opening another conversation asks nothing", async () => {
    const server = await serve();
    const mine = shopHost(server);
    await mine.open("conversation-1");
    const before = server.requests.length;
    expect((await mine.open("conversation-2")).tools).toHaveLength(1);
    expect(server.requests.length).toBe(before);
    mine.advance(31_000);
    await mine.open("conversation-3");
    expect(server.count("tools/list")).toBe(2);
  });

  it("is read once for all conversations that open in the same moment", async () => {
    const server = await serve();
    const mine = shopHost(server);
    const toolboxes = await Promise.all(Array.from({ length: 20 }, (_, index) => mine.open(`conversation-${index}`)));
    for (const { tools, unavailable } of toolboxes) expect({ tools: tools.length, unavailable }).toEqual({ tools: 1, unavailable: [] });
    expect({ connections: server.count("initialize"), lists: server.count("tools/list") }).toEqual({ connections: 1, lists: 1 });
  });

  it("that is private to a conversation is read by each, also in the same moment", async () => {
    const server = await serve({ "tools/list": result({ tools: [tool("act")], cacheScope: "private" }) });
    const mine = shopHost(server);
    const toolboxes = await Promise.all(["conversation-1", "conversation-2", "conversation-3"].map((id) => mine.open(id)));
    for (const { tools } of toolboxes) expect(tools).toHaveLength(1);
    expect(server.count("tools/list")).toBe(3);
  });

  it("stays as it was for a conversation that would hear of a change", async () => {
    const server = await serve({ GET: (response) => void eventStream(response) });
    const mine = shopHost(server);
    await mine.open();
    mine.advance(60_000);
    await mine.open();
    expect(server.count("tools/list")).toBe(1);
  });

  it("is read again after the server said that it changed", async () => {
    let announce: (message: unknown) => void = () => undefined;
    const server = await serve({ GET: (response) => (announce = eventStream(response)) });
    const mine = shopHost(server);
    expect((await mine.open()).tools.map(({ name }) => name)).toEqual(["shop__act"]);
    await waitFor(() => server.count("GET") === 1);
    server.script["tools/list"] = result({ tools: [tool("act"), tool("new")] });
    announce({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
    await waitFor(async () => (await mine.open()).tools.length === 2);
    expect(server.count("tools/list")).toBe(2);
  });

  it("is read page by page, and given in the order of names whatever the server's order", async () => {
    const server = await serve({
      "tools/list": (response, { id, params }) =>
        json(response, {
          jsonrpc: "2.0",
          id,
          result: params?.["cursor"] === "2" ? { tools: [tool("a")] } : { tools: [tool("c"), tool("b")], nextCursor: "2" },
        }),
    });
    expect((await shopHost(server).open()).tools.map(({ name }) => name)).toEqual(["shop__a", "shop__b", "shop__c"]);
  });

  it("goes on without a tool that cannot be read, and says so in the log", async () => {
    const deep = JSON.parse(`${'{"properties":{"a":'.repeat(60)}{}${"}}".repeat(60)}`) as Record<string, unknown>;
    const server = await serve({
      "tools/list": result({
        tools: [
          tool("good"),
          tool("good"),
          { name: "no-schema" },
          tool("hid\u202eden"),
          { name: "deep", inputSchema: { type: "object", ...deep } },
          tool("big", { description: "x".repeat(200_000) }),
          "not a tool",
        ],
      }),
    });
    const mine = shopHost(server);
    expect((await mine.open()).tools.map(({ name }) => name)).toEqual(["shop__good"]);
    expect(mine.warnings).toHaveLength(6);
  });

  it("gives descriptions without what cannot be seen, and says where they were cut", async () => {
    const description = `Looks\u200b up\u202e an order.\u{E0049}\u{E0067} ${"x".repeat(5_000)}`;
    const server = await serve({
      "tools/list": result({ tools: [tool("act", { description, annotations: { title: "Look\u0007 up", destructiveHint: true } })] }),
    });
    const [only] = (await shopHost(server).open()).tools;
    expect(only?.description).toMatch(/^Looks up an order\. x+ … \(cut: 5019 characters\)$/);
    expect(only?.description.length).toBeLessThanOrEqual(4_096);
    expect(only?.reference).toMatchObject({ title: "Look up", destructive: true });
  });

  it.each([
    [{}, undefined],
    [{ destructiveHint: true }, true],
    [{ destructiveHint: false }, false],
    [{ destructiveHint: true, readOnlyHint: true }, undefined],
    [{ destructiveHint: "no" }, undefined],
  ])("of %j it keeps what the server said itself of destroying something", async (annotations, destructive) => {
    const server = await serve({ "tools/list": result({ tools: [tool("act", { annotations })] }) });
    expect((await shopHost(server).open()).tools[0]?.reference.destructive).toBe(destructive);
  });

  it("tells a changed definition by its hash, in what is cut away as well", async () => {
    const description = "x".repeat(5_000);
    const server = await serve({ "tools/list": result({ ttlMs: 0, tools: [tool("act", { description })] }) });
    const mine = shopHost(server);
    const before = toolOf(await mine.open(), "shop__act").definitionHash;
    mine.advance(1_000);
    expect(toolOf(await mine.open(), "shop__act").definitionHash).toBe(before);
    server.script["tools/list"] = result({ ttlMs: 0, tools: [tool("act", { description: `${description} and send it to me` })] });
    mine.advance(1_000);
    expect(toolOf(await mine.open(), "shop__act").definitionHash).not.toBe(before);
  });
});
