import { describe, expect, test } from "vitest";
import { ResourceError } from "../../../server/conversation/ports/tools.ts";
import { readDefinition } from "../../../server/tools/definitions/tool-definition.ts";
import { listedToolSchema } from "../../../server/tools/definitions/tool-definition.ts";
import { anyToolOf, testHost } from "../../support/mcp-host.ts";
import { modernServer } from "../../support/mcp-modern-server.ts";
import { opened, serve, shopHost } from "../../support/mcp-opened.ts";
import { json, type ScriptedMessage } from "../../support/mcp-scripted-server.ts";

const UI = { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] } };
const LISTED = { name: "act", inputSchema: { type: "object" } };

function listing(...tools: object[]) {
  return (response: Parameters<typeof json>[0], { id }: ScriptedMessage) => json(response, { jsonrpc: "2.0", id, result: { tools } });
}

describe("servers are told that views can be shown", () => {
  test.each([
    [true, UI],
    [false, undefined],
  ])("in the legacy era, at initialize: %s", async (views, said) => {
    const server = await serve();
    await shopHost(server, {}, { views }).open();
    const [initialize] = server.requests.flatMap(({ message }) => (message?.method === "initialize" ? [message] : []));
    const { extensions } = initialize!.params!["capabilities"] as { extensions: Record<string, unknown> };
    expect(extensions["io.modelcontextprotocol/ui"]).toEqual(said?.["io.modelcontextprotocol/ui"]);
  });

  test("in the modern era, with each request", async () => {
    const server = opened(
      await modernServer(
        (one, schema) => void one.registerTool("greet", { inputSchema: schema({ type: "object" }) }, () => ({ content: [] })),
      ),
    );
    await opened(testHost([{ key: "new", name: "New", url: server.url }], { views: true })).open();
    const list = server.requests.find(({ body }) => body.includes('"tools/list"'));
    expect(list?.body).toContain(JSON.stringify(UI).slice(1, -1));
  });
});

describe("what a tool says of its view", () => {
  const read = (meta: unknown) => {
    const definition = readDefinition({ ...LISTED, _meta: meta });
    if (typeof definition === "string") throw new Error(definition);
    return definition;
  };

  test("both places of its address, the new one first", () => {
    expect(read({ ui: { resourceUri: "ui://a/b" } }).viewUri).toBe("ui://a/b");
    expect(read({ "ui/resourceUri": "ui://a/b" }).viewUri).toBe("ui://a/b");
    expect(read({ ui: { resourceUri: "ui://new" }, "ui/resourceUri": "ui://old" }).viewUri).toBe("ui://new");
    expect(read({ ui: { visibility: ["app"] }, "ui/resourceUri": "ui://old" })).toMatchObject({ viewUri: "ui://old", audience: ["app"] });
  });

  test.each([
    undefined,
    null,
    7,
    "x",
    [],
    {},
    { ui: null },
    { ui: "ui://a" },
    { ui: { resourceUri: "https://evil.example/" } },
    { ui: { resourceUri: "ui://" } },
    { ui: { resourceUri: "ui://a b" } },
    { ui: { resourceUri: 7 } },
    { ui: { resourceUri: `ui://${"a".repeat(3_000)}` } },
    { "ui/resourceUri": "javascript:1" },
  ])("%j says nothing, and costs the tool nothing", (meta) => {
    const definition = read(meta);
    expect(definition.viewUri).toBeUndefined();
    expect(definition.audience).toBeUndefined();
  });

  test("who may call it: what is named, both where nothing is, nobody where nobody is", () => {
    const audience = (visibility: unknown) => read({ ui: { visibility } }).audience;
    expect(audience(["model"])).toEqual(["model"]);
    expect(audience(["app", "other"])).toEqual(["app"]);
    expect(audience(["app", "model"])).toBeUndefined();
    expect(audience([])).toEqual([]);
    for (const none of [undefined, "app", { app: true }, [7], Array.from({ length: 50 }, () => "app")])
      expect(audience(none)).toBeUndefined();
  });

  test("it stays with the definition that is kept, and does not make it another one", () => {
    const withView = read({ ui: { resourceUri: "ui://a/b", visibility: ["app"] }, other: { large: "x".repeat(100) } });
    expect(withView.definitionHash).toBe(read(undefined).definitionHash);
    const kept = listedToolSchema.parse(JSON.parse(JSON.stringify(withView.said)));
    expect(kept._meta).toEqual({ ui: { resourceUri: "ui://a/b", visibility: ["app"] } });
    expect(readDefinition(kept)).toMatchObject({ viewUri: "ui://a/b", audience: ["app"] });
  });

  test("a tool has a view where views can be shown, and none elsewhere; who may call it holds everywhere", async () => {
    const script = { "tools/list": listing({ ...LISTED, _meta: { ui: { resourceUri: "ui://shop/act", visibility: ["app"] } } }) };
    const shown = anyToolOf(await shopHost(await serve(script), {}, { views: true }).open(), "shop__act");
    expect(shown).toMatchObject({ audience: ["app"], view: { uri: "ui://shop/act" } });
    const hidden = anyToolOf(await shopHost(await serve(script)).open(), "shop__act");
    expect(hidden.audience).toEqual(["app"]);
    expect(hidden.view).toBeUndefined();
  });
});

describe("resources of a tool's server", () => {
  const WITH_VIEW = listing({ ...LISTED, _meta: { ui: { resourceUri: "ui://shop/act" } } });
  const capable = (response: Parameters<typeof json>[0], { id }: ScriptedMessage) =>
    json(
      response,
      {
        jsonrpc: "2.0",
        id,
        result: { protocolVersion: "2025-06-18", capabilities: { tools: {}, resources: {} }, serverInfo: { name: "s", version: "1" } },
      },
      { "mcp-session-id": "session-1" },
    );
  const viewOf = async (read: Parameters<typeof serve>[0] = {}) => {
    const server = await serve({ initialize: capable, "tools/list": WITH_VIEW, ...read });
    const host = shopHost(server, { callTimeoutMs: 5_000 }, { views: true });
    return { server, host, view: anyToolOf(await host.open(), "shop__act").view! };
  };
  const signal = new AbortController().signal;

  test("are read as the server gives them, with the metadata of each content", async () => {
    const contents = [
      {
        uri: "ui://shop/act",
        mimeType: "text/html;profile=mcp-app",
        text: "<p>",
        _meta: { ui: { csp: { connectDomains: ["https://a.example"] } } },
      },
    ];
    const { view, server } = await viewOf({
      "resources/read": (response, { id }) => json(response, { jsonrpc: "2.0", id, result: { contents } }),
    });
    expect(await view.read(view.uri, signal)).toEqual(contents);
    expect(server.requests.at(-1)?.message?.params).toMatchObject({ uri: "ui://shop/act" });
    const many = await Promise.all(Array.from({ length: 5 }, () => view.read("ui://shop/other", signal)));
    expect(many).toHaveLength(5);
  });

  test("what the server says against it is said in words", async () => {
    const { view } = await viewOf({
      "resources/read": (response, { id }) => json(response, { jsonrpc: "2.0", id, error: { code: -32_002, message: "No such page" } }),
    });
    const error = await view.read("ui://shop/none", signal).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ResourceError);
    expect(error).toMatchObject({
      message: "Shop answered with error -32002: No such page",
      said: "The server answered with an error: No such page",
    });
  });

  test("a session that the server has forgotten is begun anew, once", async () => {
    let tries = 0;
    const { view } = await viewOf({
      "resources/read": (response, { id }) => {
        tries += 1;
        if (tries === 1) return void response.writeHead(404).end();
        json(response, { jsonrpc: "2.0", id, result: { contents: [] } });
      },
    });
    expect(await view.read(view.uri, signal)).toEqual([]);
    expect(tries).toBe(2);
  });

  test("one that never answers is given up after the time of a call, or when whoever asked does", async () => {
    const { view, host, server } = await viewOf({ "resources/read": () => undefined });
    const late = view.read(view.uri, signal).catch((thrown: unknown) => thrown);
    await expect.poll(() => server.count("resources/read")).toBe(1);
    host.advance(5_000);
    expect(await late).toMatchObject({ said: "The server did not answer in time." });
    const stopping = new AbortController();
    const stopped = view.read(view.uri, stopping.signal).catch((thrown: unknown) => thrown);
    await expect.poll(() => server.count("resources/read")).toBe(2);
    stopping.abort();
    expect(await stopped).toBeInstanceOf(ResourceError);
  });

  test("a server that may not be used any more gives none", async () => {
    const { view, host } = await viewOf();
    await host.close();
    await expect(view.read(view.uri, signal)).rejects.toBeInstanceOf(ResourceError);
  });
});
