import { afterEach, describe, expect, it } from "vitest";
import { DocumentConflictError } from "../../server/documents/ports.ts";
import { createSecretBox, keyId } from "../../server/guard/secrets/secret-box.ts";
import { resealDocuments } from "../../server/start/reseal-documents.ts";
import { serverPatchSchema } from "../../server/setup/mcp-servers/server-input.ts";
import { serverViewSchema } from "../../server/setup/mcp-servers/server-view.ts";
import { createMemoryDocuments, type MemoryDocuments } from "../support/memory-documents.ts";
import { json, result, scriptedServer, tool, type ScriptedServer } from "../support/mcp-scripted-server.ts";
import { ADMIN, SIGNAL, testRegistry } from "./registry-harness.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function scripted(...parts: Parameters<typeof scriptedServer>): Promise<ScriptedServer> {
  const server = await scriptedServer(...parts);
  open.push(() => server.close());
  return server;
}

describe("after a restart", () => {
  it("servers, statuses and what was accepted are there again, without asking anybody", async () => {
    const server = await scripted();
    const first = await testRegistry();
    await first.create({ key: "orders", url: server.url });
    await first.tools.enable(ADMIN, "orders", "act", false);
    await first.close();
    const asked = server.requests.length;
    const second = await testRegistry({ documents: first.documents, clock: first.clock });
    expect((await second.servers.get(ADMIN, "orders")).server).toEqual((await first.servers.get(ADMIN, "orders")).server);
    expect(second.directory.find("orders")).toEqual(first.directory.find("orders"));
    expect(await second.toolRows.ofServer(ADMIN, "orders", { limit: 200 })).toMatchObject([
      { name: "act", enabled: false, state: "accepted" },
    ]);
    expect(server.requests).toHaveLength(asked);
  });

  it("with another key all secrets are there, once they were sealed anew", async () => {
    const { url } = await scripted();
    const first = await testRegistry();
    const secrets = { headers: { "X-A": "one" }, auth: { kind: "oauth", oauth: { clientId: "us", clientSecret: "two" } } };
    await first.create({ key: "orders", url, ...secrets });
    const before = first.directory.find("orders");
    const [old, present] = [Buffer.alloc(32, 7), Buffer.alloc(32, 9)];
    const { documents, clock } = first;
    const both = createSecretBox({ keys: [present, old] });
    const { resealed, failed } = await resealDocuments({ documents, box: both, keyId: keyId(present), clock });
    expect([resealed, failed]).toEqual([3, []]);
    const second = await testRegistry({ documents, clock, box: createSecretBox({ keys: [present] }) });
    expect(second.directory.find("orders")).toEqual(before);
  });

  it("a server is read whose sign-in comes back to an address that an earlier release took", async () => {
    const { url } = await scripted();
    const first = await testRegistry();
    await first.create({ key: "orders", url, auth: { kind: "oauth", oauth: { clientId: "us" } } });
    const { documents, clock } = first;
    const { body } = (await documents.get("mcp-server", "orders", clock.now())) ?? {};
    const oauth = { grant: "authorization_code", clientId: "us", redirectUrl: "https://us@desk.example/back#here" };
    const kept = { ...(body as object), auth: { kind: "oauth", oauth } };
    await documents.write([{ do: "replace", kind: "mcp-server", id: "orders", body: kept }], { at: clock.now() });
    const second = await testRegistry({ documents, clock });
    expect(second.directory.find("orders")?.settings).toMatchObject({ auth: { kind: "oauth", oauth } });
    expect(serverViewSchema.parse((await second.servers.get(ADMIN, "orders")).server).auth.oauth).toMatchObject(oauth);
  });

  it("a server whose secrets cannot be opened says so, is not used, and takes its secrets again", async () => {
    const { url } = await scripted();
    const first = await testRegistry();
    await first.create({ key: "orders", url, headers: { "X-A": "one" } });
    const box = createSecretBox({ keys: [Buffer.alloc(32, 9)] });
    const second = await testRegistry({ documents: first.documents, clock: first.clock, box });
    expect(second.directory.find("orders")).toBeUndefined();
    expect((await second.servers.get(ADMIN, "orders")).server.fault).toContain("does not have");
    await expect(second.servers.test(ADMIN, "orders", SIGNAL)).rejects.toMatchObject({ code: "server-unusable" });
    const update = (patch: object) =>
      second.servers.update(ADMIN, "orders", serverPatchSchema.parse(patch), { ifVersion: 1, signal: SIGNAL });
    await expect(update({ name: "x" })).rejects.toThrow("Send the address");
    await expect(update({ url })).rejects.toThrow("/headers/X-A");
    expect((await update({ url, headers: { "X-A": "two" } })).server.status.status).toBe("connected");
  });
});

it("a change that another process forestalls leaves the status as it is", async () => {
  const { url } = await scripted();
  const documents = createMemoryDocuments();
  const forestalled: MemoryDocuments = {
    ...documents,
    write: async (changes, options) => {
      if (changes.some((change) => change.kind === "mcp-server" && change.do === "replace"))
        throw new DocumentConflictError("changed", "mcp-server", "orders");
      return documents.write(changes, options);
    },
  };
  const registry = await testRegistry({ documents: forestalled });
  const { status } = (await registry.create({ key: "orders", url })).server;
  expect(status.status).toBe("connected");
  const patch = serverPatchSchema.parse({ callTimeoutMs: 1_000 });
  await expect(registry.servers.update(ADMIN, "orders", patch, { ifVersion: 1, signal: SIGNAL })).rejects.toThrow(
    "changed in the meantime",
  );
  expect(registry.statuses.of("orders")).toEqual(status);
  await registry.close();
  expect((await documents.get("server-status", "orders", registry.clock.now()))?.body).toEqual(status);
});

describe("a tool that is tried out by hand", () => {
  it("is called, timed, and kept as that person's test", async () => {
    const server = await scripted({
      "tools/list": result({
        tools: [tool("look", { inputSchema: { type: "object", properties: { id: { type: "integer" } }, required: ["id"] } })],
      }),
      "tools/call": (response, { id, params }) =>
        json(response, { jsonrpc: "2.0", id, result: { content: [{ type: "text", text: JSON.stringify(params?.["arguments"]) }] } }),
    });
    const registry = await testRegistry();
    await registry.create({ key: "orders", url: server.url });
    const done = await registry.tools.call(ADMIN, { key: "orders", tool: "look", arguments: { id: 7 } }, SIGNAL);
    expect(done).toMatchObject({ outcome: "ok", content: [{ kind: "text", text: '{"id":7}' }], durationMs: expect.any(Number) as number });
    const unfit = await registry.tools.call(ADMIN, { key: "orders", tool: "look", arguments: {} }, SIGNAL);
    expect(unfit).toMatchObject({ outcome: "refused", cause: expect.stringContaining("id") as string });
    expect(server.count("tools/call")).toBe(1);
    expect(await registry.documents.listCalls({ limit: 10, filter: { server: "orders" } })).toMatchObject([
      { person: "ada", tool: "look", outcome: "refused" },
      { person: "ada", tool: "look", outcome: "ok", arguments: { id: 7 }, callId: done.callId },
    ]);
    const [audit] = await registry.documents.listAudit({ limit: 1, filter: { action: "server-tool.call" } });
    expect(audit).toMatchObject({ by: { id: "ada" }, target: { id: "orders/look" } });
  });
});
