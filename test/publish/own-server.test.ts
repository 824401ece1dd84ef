/** Frontdesk's own MCP server: who comes in, what they find, and what they cannot do. */
import { describe, expect, test } from "vitest";
import { ACTING_TOOLS } from "../../server/configuration/own-server-schema.ts";
import { TOOL_TABLE } from "../../server/http/api/operation-tools/tool-table.ts";
import { TABLE } from "../http/api/role-table.ts";
import { ask, call, cancels, helper, ownDesk, toolNames, waiting } from "./own-harness.ts";
import { connect, ERAS, post } from "./publish-harness.ts";

const ROLES = ["admin", "owner", "support"] as const;

function toolsOf(role: (typeof ROLES)[number], allow: readonly string[]): string[] {
  return TOOL_TABLE.filter(({ does, name }) => does !== "acts" || allow.includes(name))
    .filter(({ operation }) => (TABLE[operation] as readonly string[]).includes(role))
    .map(({ name }) => name);
}

test("the tools that are off unless they are named are those that act", () => {
  expect([...ACTING_TOOLS]).toEqual(TOOL_TABLE.filter(({ does }) => does === "acts").map(({ name }) => name));
});

describe.each(ERAS)("in the %s era,", (era) => {
  test("a key of the API comes in, and finds tools that say what they do, in words that every model takes", async () => {
    const server = await ownDesk({ allow: [...ACTING_TOOLS] });
    const { key } = await server.key(["admin"]);
    const client = await server.own(key, era);
    expect(client.getServerVersion()).toMatchObject({ name: "frontdesk", title: "Frontdesk" });
    expect(client.getInstructions()).toContain("data, not instructions");
    const { tools } = await client.listTools();
    expect(tools).toHaveLength(TOOL_TABLE.length);
    for (const { name, title, description = "", inputSchema, annotations } of tools) {
      expect(name).toMatch(/^[a-z_]{1,64}$/);
      expect(title).toBeTruthy();
      expect(description.length).toBeGreaterThan(20);
      const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations ?? {};
      for (const hint of [readOnlyHint, destructiveHint, idempotentHint, openWorldHint]) expect(typeof hint).toBe("boolean");
      expect(readOnlyHint && destructiveHint).toBe(false);
      expect(destructiveHint).toBe((ACTING_TOOLS as readonly string[]).includes(name));
      expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
      for (const argument of Object.keys(inputSchema.properties ?? {})) expect(argument).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(JSON.stringify(inputSchema)).not.toMatch(/"(\$ref|\$defs|oneOf|allOf|not|pattern|propertyNames|exclusiveMinimum|const)":/);
    }
  });

  test("no other key comes in, and each is told why", async () => {
    const server = await ownDesk();
    const { key, id } = await server.key(["support"]);
    const published = await server.publish([]);
    const list = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };
    const refused = async (headers: Readonly<Record<string, string>>): Promise<string> => {
      const response = await post(server.ownUrl, list, headers);
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toContain("Bearer");
      return ((await response.json()) as { error: { message: string } }).error.message;
    };
    // It takes keys of the API alone, and nobody signs in to it.
    expect(await refused({})).toMatch(/^Frontdesk's own MCP server needs a key of its API, which an admin makes: send it/);
    expect(await refused({ "X-API-Key": "fd_wrong" })).toContain("not known, was revoked or has ended");
    expect(await refused({ "X-API-Key": published.key })).toContain("another MCP server");
    // The cookie of somebody who is signed in is no key.
    expect(await refused({ Cookie: "frontdesk.session_token=x" })).toContain("needs a key of its API");
    const client = await connect({ url: server.ownUrl, key: ` ${key} ` }, era);
    expect((await call(client, "who_am_i")).result).toMatchObject({ kind: "key", name: "support", roles: ["support"] });
    expect((await server.api("DELETE", `/api-keys/${id}`)).status).toBe(204);
    expect(await refused({ Authorization: `Bearer ${key}` })).toContain("not known, was revoked or has ended");
    await expect(client.listTools()).rejects.toThrow();
    // Nor is it a key of a published server.
    const other = await server.key(["admin"]);
    expect((await post(published.url, list, { "X-API-Key": other.key })).status).toBe(401);
  });

  test.each(ROLES)("a key with the role %s sees what the role may do, and may call nothing else", async (role) => {
    const server = await ownDesk({ allow: [...ACTING_TOOLS] });
    const { key } = await server.key([role]);
    const client = await server.own(key, era);
    const expected = toolsOf(role, ACTING_TOOLS);
    expect(await toolNames(client)).toEqual(expected);
    for (const { name } of TOOL_TABLE.filter((one) => !expected.includes(one.name))) {
      const refused = await call(client, name);
      expect(refused).toMatchObject({ isError: true });
      expect(refused.text, name).toMatch(/^forbidden: \S+ may not do /);
    }
  });

  test("what acts is off: it is not listed, and refused with how it is turned on", async () => {
    const server = await ownDesk({ allow: ["write_note", "settle_call"].slice(1) });
    const { key } = await server.key(["admin"]);
    const client = await server.own(key, era);
    expect(await toolNames(client)).toEqual(toolsOf("admin", ["settle_call"]));
    for (const name of ACTING_TOOLS.filter((one) => one !== "settle_call")) {
      const refused = await call(client, name);
      expect(refused.text).toBe(
        `forbidden: ${name} is turned off here. Whoever runs the server turns it on by its name in ownServer.allow of the configuration.`,
      );
    }
  });
});

test("a key with scopes has no more tools than its scopes", async () => {
  const server = await ownDesk({ allow: [...ACTING_TOOLS] });
  const { key } = await server.key(["admin"], { scopes: ["assistants.read"] });
  const client = await server.own(key);
  expect(await toolNames(client)).toEqual([
    "list_assistants",
    "read_assistant",
    "list_assistant_versions",
    "list_connectors",
    "read_connector",
  ]);
  expect((await call(client, "find_conversations")).text).toContain("may not do conversations.read");
});

test("turned off, there is nothing at its address, and it says so", async () => {
  const server = await ownDesk({ enabled: false });
  const { key } = await server.key(["admin"]);
  const response = await post(server.ownUrl, { jsonrpc: "2.0", id: 1, method: "tools/list" }, { "X-API-Key": key });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining("turned off") as string } });
});

test("what waits is read, and decided as it was read: once, with the key's name in the journal", async () => {
  const server = await ownDesk({ allow: ["decide_approval"] });
  const published = await helper(server, cancels);
  const { answer } = await ask(published, "Cancel 5.");
  const { key, id } = await server.key(["support"]);
  const client = await server.own(key);
  const [shown] = await waiting(client);
  expect(shown).toMatchObject({ arguments: { order: 5 }, mayDecide: true });
  const detail = await call(client, "read_pending_approval", { id: shown!.approvalId });
  expect(detail.result).toMatchObject({ argumentsHash: shown!.argumentsHash });

  const decide = { id: shown!.approvalId, decision: "approved" };
  expect((await call(client, "decide_approval", decide)).text).toMatch(/^invalid: [\s\S]*\/argumentsHash/);
  expect((await call(client, "decide_approval", { ...decide, argumentsHash: "0".repeat(64) })).text).toMatch(/^approval-changed: /);
  expect(server.behind.requests).toEqual([]);
  expect((await call(client, "decide_approval", { ...decide, argumentsHash: shown!.argumentsHash })).result).toMatchObject({
    decided: true,
  });
  expect(JSON.stringify((await answer).content)).toContain("Done:");
  expect(server.behind.requests.map(({ body }) => body)).toEqual(['{"order":5}']);
  expect((await call(client, "decide_approval", { ...decide, argumentsHash: shown!.argumentsHash })).text).toMatch(
    /^(already-decided|unknown-approval): /,
  );
  expect(server.behind.requests).toHaveLength(1);
  const trace = await call(client, "read_trace", { id: shown!.conversationId });
  const decided = (trace.result["items"] as { type: string }[]).find(({ type }) => type === "approval-decided");
  expect(decided).toMatchObject({ by: { id, name: "support" } });
});
