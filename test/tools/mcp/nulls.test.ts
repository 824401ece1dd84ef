/** Serialisers of Go, Python, C# and Rust write `null` for what is absent. To us it is absent. */
import { describe, expect, it } from "vitest";
import type { ToolResult } from "../../../server/conversation/ports/tools.ts";
import { callContext, testHost, toolOf, type TestHost } from "../../support/mcp-host.ts";
import { opened } from "../../support/mcp-opened.ts";
import { json, result, scriptedServer, tool, type Answer, type ScriptedServer } from "../../support/mcp-scripted-server.ts";

async function hostOf(script: Record<string, Answer>): Promise<{ server: ScriptedServer; host: TestHost }> {
  const server = await scriptedServer(script);
  const host = testHost([{ key: "shop", name: "Shop", url: server.url }]);
  opened(server);
  opened(host);
  return { server, host };
}

async function listed(tools: unknown, more: object = {}): Promise<{ names: string[]; warnings: readonly unknown[] }> {
  const { host } = await hostOf({ "tools/list": result({ tools, ...more }) });
  const { tools: offered } = await host.open();
  return { names: offered.map(({ name }) => name), warnings: host.warnings };
}

async function called(raw: unknown, args: Readonly<Record<string, unknown>> = {}, listing?: Answer): Promise<ToolResult> {
  const { host } = await hostOf({ "tools/call": result(raw), ...(listing === undefined ? {} : { "tools/list": listing }) });
  return toolOf(await host.open(), "shop__act").call(args, callContext({}));
}

describe("null in a list of tools", () => {
  it.each(["description", "title", "annotations", "outputSchema", "execution", "icons", "_meta"])("as %s is absent", async (member) => {
    expect(await listed([tool("act", { [member]: null })])).toEqual({ names: ["shop__act"], warnings: [] });
  });

  it("as nextCursor, or an empty one, ends the list", async () => {
    expect((await listed([tool("act")], { nextCursor: null })).names).toEqual(["shop__act"]);
    const empty = await listed([tool("act")], { nextCursor: "" });
    expect(empty).toEqual({ names: ["shop__act"], warnings: [] });
  });

  it("an empty cursor is asked for, as the newest revision has it", async () => {
    const { host } = await hostOf({
      "tools/list": (response, { id, params }) =>
        json(response, {
          jsonrpc: "2.0",
          id,
          result: params?.["cursor"] === "" ? { tools: [tool("more")] } : { tools: [tool("act")], nextCursor: "" },
        }),
    });
    expect((await host.open()).tools.map(({ name }) => name)).toEqual(["shop__act", "shop__more"]);
  });

  it("a server that refuses the empty cursor has told all it has", async () => {
    const { host } = await hostOf({
      "tools/list": (response, { id, params }) =>
        json(response, {
          jsonrpc: "2.0",
          id,
          ...(params?.["cursor"] === ""
            ? { error: { code: -32602, message: "bad cursor" } }
            : { result: { tools: [tool("act")], nextCursor: "" } }),
        }),
    });
    expect((await host.open()).tools.map(({ name }) => name)).toEqual(["shop__act"]);
  });

  it("pages that go round keep what was read", async () => {
    expect((await listed([tool("act")], { nextCursor: "again" })).names).toEqual(["shop__act"]);
  });

  it.each(["required", "enum", "items", "anyOf", "minimum", "properties", "additionalProperties", "pattern", "format"])(
    "as %s in a schema is no rule, at any depth",
    async (rule) => {
      const inputSchema = { type: "object", [rule]: null, properties: { x: { type: "string", [rule]: null } } };
      const listing = result({
        tools: [tool("act", { inputSchema: rule === "properties" ? { type: "object", properties: null } : inputSchema })],
      });
      const answered = await called({ content: [{ type: "text", text: "done" }] }, { x: "a" }, listing);
      expect(answered).toMatchObject({ outcome: "ok", content: [{ kind: "text", text: "done" }] });
    },
  );

  it("as a value that a rule names stays", async () => {
    const inputSchema = { type: "object", properties: { x: { const: null }, y: { enum: [null, "a"] } }, required: ["x"] };
    const { host } = await hostOf({ "tools/list": result({ tools: [tool("act", { inputSchema })] }) });
    const act = toolOf(await host.open(), "shop__act");
    expect(act.check({ x: null, y: null })).toBeUndefined();
    expect(act.check({ x: 5 })).toContain("arguments/x");
  });
});

describe("null in a result", () => {
  const text = { type: "text", text: "done" };
  it.each<[string, object]>([
    ["isError", { content: [text], isError: null }],
    ["structuredContent", { content: [text], structuredContent: null }],
    ["annotations of a piece", { content: [{ ...text, annotations: null }] }],
    ["resultType", { content: [text], resultType: null }],
  ])("as %s is absent", async (_member, raw) => {
    expect(await called(raw)).toMatchObject({ outcome: "ok", content: [{ kind: "text", text: "done" }] });
  });

  it("as content beside a structured result is absent", async () => {
    const answered = await called({ content: null, structuredContent: { at: null } });
    expect(answered).toMatchObject({ outcome: "ok", structured: { at: null } });
  });

  it("in a structured result is what was found", async () => {
    expect((await called({ content: [text], structuredContent: { deliveredAt: null, list: [null] } })).structured).toEqual({
      deliveredAt: null,
      list: [null],
    });
  });

  it.each<[string, object, object]>([
    [
      "a resource",
      { type: "resource", resource: { uri: "a:b", mimeType: null, blob: null, text: "body" } },
      { kind: "resource", text: "body" },
    ],
    [
      "a blob",
      { type: "resource", resource: { uri: "a:b", mimeType: "a/b", blob: "AA==", text: null } },
      { kind: "resource", blob: "AA==" },
    ],
    [
      "a link",
      { type: "resource_link", uri: "a:b", name: "n", title: null, description: null, mimeType: null },
      { kind: "resource-link", name: "n" },
    ],
  ])("in %s is absent", async (_piece, piece, expected) => {
    expect((await called({ content: [piece] })).content).toMatchObject([expected]);
  });
});

describe("null in the greeting", () => {
  it.each<[string, object]>([
    ["instructions", { instructions: null }],
    ["a capability", { capabilities: { tools: {}, resources: null, prompts: null, logging: null } }],
    ["a member of a capability", { capabilities: { tools: { listChanged: null } } }],
    ["a member of serverInfo", { serverInfo: { name: "scripted", version: "1", title: null, websiteUrl: null } }],
  ])("as %s is absent", async (_member, more) => {
    const greeting = {
      protocolVersion: "2025-06-18",
      capabilities: { tools: {} },
      serverInfo: { name: "scripted", version: "1" },
      ...more,
    };
    const { host } = await hostOf({ initialize: result(greeting) });
    expect((await host.open()).tools.map(({ name }) => name)).toEqual(["shop__act"]);
  });
});

describe("a result of revision 2024-10-07", () => {
  it("is read out of toolResult, with its failure", async () => {
    expect(await called({ toolResult: { content: [{ type: "text", text: "done" }] } })).toMatchObject({
      outcome: "ok",
      content: [{ kind: "text", text: "done" }],
    });
    expect(await called({ toolResult: { content: [{ type: "text", text: "Error: fetch failed" }], isError: true } })).toMatchObject({
      outcome: "failed",
      content: [{ kind: "text", text: "Error: fetch failed" }],
    });
  });

  it.each<[string, unknown, string]>([
    ["a text", "done", "done"],
    ["an object", { status: "done" }, '{"status":"done"}'],
    ["a list", ["done"], '["done"]'],
    ["a number", 5, "5"],
  ])("that is %s is told as text", async (_kind, toolResult, text) => {
    expect(await called({ toolResult })).toMatchObject({ outcome: "ok", content: [{ kind: "text", text }] });
  });

  it("with nothing readable in it is not told as done", async () => {
    expect(await called({})).toMatchObject({ outcome: "unknown" });
    expect(await called({ _meta: {} })).toMatchObject({ outcome: "unknown" });
  });

  it("that is empty on purpose is", async () => {
    expect(await called({ content: [] })).toMatchObject({ outcome: "ok", content: [] });
  });
});
