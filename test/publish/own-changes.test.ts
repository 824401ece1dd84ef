/** What is changed over Frontdesk's own server: by the operations of the API, with their checks and their audit log. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { expect, onTestFinished, test } from "vitest";
import { ACTING_TOOLS } from "../../server/configuration/own-server-schema.ts";
import { ask, call, cancels, helper, ownDesk } from "./own-harness.ts";

interface Audited {
  readonly action: string;
  readonly by: { readonly kind: string; readonly id: string; readonly name: string };
}

test("a draft is changed by the version that was read, and published where that is on; the audit log names the key", async () => {
  const server = await ownDesk({ allow: ["publish_assistant_draft", "create_assistant"] });
  const { key, id } = await server.key(["owner"]);
  const client = await server.own(key);
  const model = { provider: "openai-compatible", model: "small", baseUrl: "http://127.0.0.1:9/v1", apiKey: "sk-secret-of-a-model" };
  const input = { key: "mine", name: "Mine", prompt: "Help.", model, allowedOrigins: ["https://mine.example"], idempotencyKey: "once" };
  const made = await call(client, "create_assistant", input);
  expect(made.text).not.toContain("sk-secret-of-a-model");
  // The same again is the same one; another one with its key is refused.
  expect((await call(client, "create_assistant", input)).structured).toEqual(made.structured);
  expect((await call(client, "create_assistant", { ...input, name: "Other" })).text).toMatch(/^key-reused: /);

  const draft = await call(client, "read_assistant_draft", { key: "mine" });
  const changes = { prompt: "Help kindly." };
  expect((await call(client, "change_assistant_draft", { key: "mine", changes })).text).toMatch(/^version-required: /);
  const changed = await call(client, "change_assistant_draft", { key: "mine", changes, version: draft.version });
  expect(changed.isError, changed.text).toBe(false);
  const stale = await call(client, "change_assistant_draft", { key: "mine", changes: { prompt: "Again." }, version: 987 });
  expect(stale.text).toMatch(/^version-changed: /);
  const wrong = await call(client, "change_assistant_draft", { key: "mine", changes: { maxSteps: "many" }, version: changed.version });
  expect(wrong.text).toMatch(/^invalid: [\s\S]*\n- \/changes\/maxSteps: /);
  expect((await call(client, "read_assistant", { key: "mine" })).result).toMatchObject({ prompt: "Help." });
  expect((await call(client, "publish_assistant_draft", { key: "mine", version: changed.version })).result).toMatchObject({
    prompt: "Help kindly.",
  });

  const audit = await server.api<{ items: Audited[] }>("GET", `/audit-log?actor=${id}`);
  expect(audit.body.items.map(({ action }) => action)).toEqual(["assistant.publish", "assistant-draft.update", "assistant.create"]);
  for (const { by } of audit.body.items) expect(by).toEqual({ kind: "key", id, name: "owner" });
});

test("secrets of servers are masked, and somebody else's assistants and servers are not there, as over the API", async () => {
  const server = await ownDesk({ allow: [...ACTING_TOOLS] });
  await helper(server, cancels);
  await server.api("POST", "/mcp-servers", {
    key: "orders",
    name: "Orders",
    url: server.behind.url,
    headers: { Authorization: "Bearer top-secret-token" },
  });
  const admin = await server.own((await server.key(["admin"])).key);
  const read = await call(admin, "read_mcp_server", { key: "orders" });
  expect(read.result).toMatchObject({ key: "orders" });
  expect(read.text).not.toContain("top-secret-token");
  const model = await call(admin, "read_assistant", { key: "helper" });
  expect(model.text).not.toContain("sk-never-shown-anywhere");
  const { key } = await server.key(["owner"]);
  const owner = await server.own(key);
  for (const [tool, input, path] of [
    ["read_mcp_server", { key: "orders" }, "/mcp-servers/orders"],
    ["read_assistant", { key: "helper" }, "/assistants/helper"],
    ["read_assistant", { key: "../assistants/shop" }, "/assistants/..%2Fassistants%2Fshop"],
  ] as const) {
    const refused = await call(owner, tool, input);
    const { body } = await server.api<{ code: string }>("GET", path, undefined, { Authorization: `Bearer ${key}` });
    expect(refused.isError).toBe(true);
    expect(refused.text.split(":")[0]).toBe(body.code);
  }
});

test("notes, tags and closing need nothing but the right; a reply needs to be turned on, and reaches the customer", async () => {
  const server = await ownDesk({ allow: ["join_conversation", "send_reply", "hand_back"] });
  const published = await helper(server, cancels, { permission: "always_allow" });
  await (
    await ask(published, "Cancel 9.")
  ).answer;
  const { key, id: keyId } = await server.key(["support"]);
  const client = await server.own(key);
  const [{ id }] = (await call(client, "find_conversations")).result["items"] as [{ id: string }];
  expect((await call(client, "change_inbox", { id, changes: { addTags: ["refund"], priority: "high" } })).structured).toEqual({
    done: true,
  });
  expect((await call(client, "write_note", { id, text: "Seen." })).isError).toBe(false);
  expect((await call(client, "close_conversation", { id })).isError).toBe(false);
  expect((await call(client, "read_conversation", { id })).result).toMatchObject({ tags: ["refund"], priority: "high", closed: true });
  expect((await call(client, "send_reply", { id, text: "Hello." })).text).toMatch(/^not-joined: /);
  expect((await call(client, "join_conversation", { id })).isError).toBe(false);
  for (const text of ["Hello.", "Hello."]) expect((await call(client, "send_reply", { id, text })).isError).toBe(false);
  expect((await call(client, "hand_back", { id })).isError).toBe(false);
  const { items } = (await call(client, "read_trace", { id })).result as { items: { type: string; text?: string; by?: object }[] };
  const replies = items.filter(({ type }) => type === "person-replied" || type === "reply-sent" || type === "staff-message");
  expect(
    replies.map(({ text }) => text),
    items.map(({ type }) => type).join(),
  ).toEqual(["Hello.", "Hello."]);
  expect(JSON.stringify(replies)).toContain(keyId);
});

test("arguments that are too many, too deep or traps are refused as in a body of the API", async () => {
  const server = await ownDesk();
  const { key } = await server.key(["support"]);
  const client = await server.own(key);
  const note = (text: unknown) => call(client, "write_note", { id: "conversation-1", text });
  expect((await note("x".repeat(1024 * 1024))).text).toMatch(/^too-large: /);
  let deep: unknown = "deep";
  for (let level = 0; level < 100; level += 1) deep = [deep];
  expect((await note(deep)).text).toMatch(/^bad-request: .*deeper/);
  expect((await note(JSON.parse('{"__proto__":{"a":1}}'))).text).toMatch(/^bad-request: .*__proto__/);
  expect((await call(client, "write_note", { id: "conversation-1", text: "Hi", by: "somebody else" })).text).toMatch(
    /^invalid: [\s\S]*\/by: /,
  );
});

test("the v1 SDK's client lists and calls, and a revoked key ends what it has open", async () => {
  const server = await ownDesk();
  const { key, id } = await server.key(["support"]);
  const client = new Client({ name: "v1", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(server.ownUrl), { requestInit: { headers: { "X-API-Key": key } } });
  await client.connect(transport as Transport);
  onTestFinished(() => client.close());
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain("find_conversations");
  const called = await client.callTool({ name: "count_inbox", arguments: {} });
  expect(called).toMatchObject({ structuredContent: { result: { open: { count: 0 } } } });
  const stream = await fetch(server.ownUrl, {
    headers: {
      "X-API-Key": key,
      Accept: "text/event-stream",
      "Mcp-Session-Id": transport.sessionId ?? "",
      "MCP-Protocol-Version": "2025-11-25",
    },
  });
  // The client has the stream of its session already.
  expect([200, 409]).toContain(stream.status);
  const closed = new Promise<void>((resolve) => (client.onerror = () => resolve()));
  await server.api("DELETE", `/api-keys/${id}`);
  await closed;
  await expect(client.callTool({ name: "count_inbox", arguments: {} })).rejects.toThrow();
});
