import { describe, expect, test } from "vitest";
import { modernServer } from "../support/mcp-modern-server.ts";
import { onTestFinished } from "vitest";
import { backend, cancelOrder, connect, desk, ERAS } from "./publish-harness.ts";

describe.each(ERAS)("a published server, in the %s era", (era) => {
  test("lists an HTTP tool and calls it, and what came of it is logged with the key and the client", async () => {
    const { url, requests } = await backend();
    const server = await desk();
    await server.api("POST", "/http-tools", cancelOrder(url));
    const published = await server.publish([{ source: "http", name: "cancel_order" }]);
    const client = await connect(published, era);

    const { tools } = await client.listTools();
    expect(tools).toMatchObject([
      { name: "cancel_order", title: "Cancel order", description: "Cancels an order.", annotations: { readOnlyHint: false } },
    ]);
    const result = await client.callTool({ name: "cancel_order", arguments: { order: 1042 } });
    expect(result.isError).toBeFalsy();
    expect(JSON.stringify(result.content)).toContain("1042");
    expect(requests.map(({ body }) => body)).toEqual(['{"order":1042}']);

    const wrong = await client.callTool({ name: "cancel_order", arguments: { order: "many" } });
    expect(wrong.isError).toBe(true);
    expect(JSON.stringify(wrong.content)).toContain("The arguments do not fit");
    await expect(client.callTool({ name: "no_such", arguments: {} })).rejects.toThrow(/no tool "no_such"/);
    expect(requests).toHaveLength(1);

    await expect
      .poll(async () => (await server.api<{ items: object[] }>("GET", `/published-servers/${published.id}/logs`)).body.items)
      .toMatchObject([
        { tool: "cancel_order", outcome: "refused", arguments: '{"order":"many"}' },
        {
          tool: "cancel_order",
          outcome: "ok",
          keyName: "CI",
          clientName: "test-client",
          clientVersion: "7.8",
          arguments: '{"order":1042}',
        },
      ]);
  });

  test("passes on what a tool of an MCP server returns: pictures, links, resources and what is structured, with a text beside it", async () => {
    const upstream = await modernServer((mcp, schema) => {
      const inputSchema = schema({ type: "object", properties: {} });
      const content = [
        { type: "image", data: "aGk=", mimeType: "image/png" },
        { type: "audio", data: "aGk=", mimeType: "audio/wav" },
        { type: "resource_link", uri: "https://shop.example/a", name: "a" },
        { type: "resource", resource: { uri: "file:///b", mimeType: "text/plain", text: "b" } },
      ];
      mcp.registerTool("show", { inputSchema, annotations: { readOnlyHint: true } }, () => ({ content }));
      const outputSchema = schema({ type: "object", properties: { n: { type: "number" } }, required: ["n"] });
      mcp.registerTool("count", { inputSchema, outputSchema }, () => ({ content: [], structuredContent: { n: 3 } }));
    });
    onTestFinished(() => upstream.close());
    const server = await desk();
    await server.api("POST", "/mcp-servers", { key: "shop", name: "Shop", url: upstream.url });
    const published = await server.publish([
      { source: "mcp", server: "shop", name: "show" },
      { source: "mcp", server: "shop", name: "count", publishedName: "how_many", description: "Counts." },
    ]);
    const client = await connect(published, era);
    const { tools } = await client.listTools();
    expect(tools).toMatchObject([
      { name: "show", annotations: { readOnlyHint: true } },
      { name: "how_many", description: "Counts.", outputSchema: { required: ["n"] } },
    ]);
    expect((await client.callTool({ name: "show", arguments: {} })).content).toMatchObject([
      { type: "image", data: "aGk=", mimeType: "image/png" },
      { type: "audio", data: "aGk=", mimeType: "audio/wav" },
      { type: "resource_link", uri: "https://shop.example/a", name: "a" },
      { type: "resource", resource: { uri: "file:///b", text: "b" } },
    ]);
    const counted = await client.callTool({ name: "how_many", arguments: {} });
    expect(counted).toMatchObject({ structuredContent: { n: 3 }, content: [{ type: "text", text: '{"n":3}' }] });
  });
});
