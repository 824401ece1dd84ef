import { describe, expect, it, onTestFinished } from "vitest";
import { createSecretBox } from "../../server/guard/secrets/secret-box.ts";
import { httpToolsRoutes } from "../../server/http/api/routes/http-tools-routes.ts";
import { HttpToolRegistry } from "../../server/setup/http-tools/http-tools.ts";
import { createHttpTools } from "../../server/tools/http/http-tools.ts";
import { createTryHttpTool } from "../../server/tools/http/try-http-tool.ts";
import { startApi, standingClock } from "../http/api/api-harness.ts";
import { createMemoryDocuments, type MemoryDocuments } from "../support/memory-documents.ts";
import { assistantWith, httpService, json } from "../tools/http/http-service.ts";

const SECRET = "Bearer the-shop's-own-token";
const CREATE = {
  name: "refund_order",
  description: "Refunds an order.",
  method: "POST",
  url: "https://shop.example/orders/{order}/refund",
  headers: { Authorization: SECRET },
  body: { amount: "{amount}" },
  parameters: { type: "object", properties: { order: { type: "string" }, amount: { type: "number" } }, required: ["order"] },
} as const;

const as = (role: "admin" | "owner" | "support", more: Readonly<Record<string, string>> = {}) => ({
  headers: { authorization: `Bearer ${role}`, ...more },
});
const box = createSecretBox({ keys: [Buffer.alloc(32, 7)] });

async function start({ shared = false }: { shared?: boolean } = {}) {
  const documents = createMemoryDocuments();
  const registry = registryOf(documents, shared);
  const api = await startApi(httpToolsRoutes({ before: async () => undefined, httpTools: registry }));
  return { api, registry, documents };
}

function registryOf(documents: MemoryDocuments, shared = false): HttpToolRegistry {
  const clock = standingClock();
  return new HttpToolRegistry({
    documents,
    calls: documents,
    box,
    clock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    tryTool: createTryHttpTool({ fetch, clock }),
    sharing: { allows: async (staff, { id }, level) => staff.roles.includes("admin") || (shared && id === "http" && level === "use") },
  });
}

describe("HTTP tools over the API", () => {
  it("are made, read, changed and removed by an admin; headers are never shown, and are kept sealed for their place", async () => {
    const { api, documents, registry } = await start();
    const made = await api.fetch("POST", "/http-tools", { ...as("admin"), body: CREATE });
    expect(made).toMatchObject({
      status: 201,
      json: { name: "refund_order", modelName: "http__refund_order", headers: ["Authorization"], readOnly: false },
    });
    expect([made.headers.get("etag"), made.headers.get("location")]).toEqual(['"1"', "/api/v1/http-tools/refund_order"]);

    const changed = await api.fetch("PATCH", "/http-tools/refund_order", {
      ...as("admin", { "If-Match": '"1"' }),
      body: { title: "Refund", pointer: "/refund", headers: { "X-Shop": "shop-1" }, body: { whole: "{amount}" } },
    });
    expect(changed).toMatchObject({
      status: 200,
      json: { title: "Refund", headers: ["Authorization", "X-Shop"], body: { whole: "{amount}" } },
    });
    const again = await api.fetch("PATCH", "/http-tools/refund_order", {
      ...as("admin", { "If-Match": '"2"' }),
      body: { title: null, pointer: null, headers: { "x-shop": null } },
    });
    expect(again.json).not.toHaveProperty("title");
    expect(again.json["headers"]).toEqual(["Authorization"]);
    expect(await registry.stored.find("refund_order")).toMatchObject({ headers: { Authorization: SECRET }, body: { whole: "{amount}" } });

    const listed = await api.fetch("GET", "/http-tools", as("admin"));
    const stored = JSON.stringify(await documents.get("http-tool", "refund_order", 0));
    const audit = await documents.listAudit({ limit: 10, filter: {} });
    expect(audit.map(({ action }) => action)).toEqual(["http-tool.update", "http-tool.update", "http-tool.create"]);
    expect(audit[1]).toMatchObject({ by: { id: "admin" }, after: { headersReplaced: ["X-Shop"] } });
    for (const text of [made.text, changed.text, listed.text, stored, JSON.stringify(audit)]) expect(text).not.toMatch(/own-token|shop-1/);

    const [, sealed = ""] = /"Authorization":"([^"]+)"/.exec(stored) ?? [];
    expect(box.open(sealed, "http-tool/refund_order/headers/Authorization")).toBe(SECRET);

    expect((await api.fetch("DELETE", "/http-tools/refund_order", as("admin", { "If-Match": '"2"' }))).status).toBe(412);
    expect((await api.fetch("DELETE", "/http-tools/refund_order", as("admin", { "If-Match": '"3"' }))).status).toBe(204);
    expect((await api.fetch("GET", "/http-tools/refund_order", as("admin"))).status).toBe(404);
  });

  it("are the admins' to make; others need the share, and then may not change them", async () => {
    const { api } = await start();
    expect((await api.fetch("POST", "/http-tools", { ...as("owner"), body: CREATE })).status).toBe(403);
    await api.fetch("POST", "/http-tools", { ...as("admin"), body: CREATE });
    expect((await api.fetch("GET", "/http-tools", as("owner"))).json["items"]).toEqual([]);
    expect((await api.fetch("GET", "/http-tools/refund_order", as("owner"))).status).toBe(404);
    expect((await api.fetch("POST", "/http-tools/refund_order/test", { ...as("owner"), body: {} })).status).toBe(404);
    expect((await api.fetch("GET", "/http-tools", as("support"))).status).toBe(403);

    const shared = await start({ shared: true });
    await shared.api.fetch("POST", "/http-tools", { ...as("admin"), body: CREATE });
    expect((await shared.api.fetch("GET", "/http-tools/refund_order", as("owner"))).status).toBe(200);
    const change = { ...as("owner", { "If-Match": '"1"' }), body: { title: "Mine" } };
    expect((await shared.api.fetch("PATCH", "/http-tools/refund_order", change)).status).toBe(403);
  });

  it("that cannot be are refused, with the path of each fault and none of the secrets", async () => {
    const { api } = await start();
    const faulty = [
      [{ name: "Refund" }, "/name"],
      [{ url: "https://{tenant}.example/" }, "/url"],
      [{ url: "ftp://shop.example/" }, "/url"],
      [{ url: "https://shop.example/{amount}" }, "/parameters/required"],
      [{ url: "https://shop.example/{nobody}" }, "/parameters/properties"],
      [{ query: { a: "{b" } }, "/query/a"],
      [{ body: { a: ["{b c}"] } }, "/body"],
      [{ method: "GET" }, "/body"],
      [{ headers: { "X-Key": "very-secret{" } }, "/headers/X-Key"],
      [{ headers: { Host: "x" } }, "/headers/Host"],
      [{ headers: { "X-Key": "very-secret\nX: 1" } }, "/headers/X-Key"],
      [{ idempotencyKey: true, headers: { "idempotency-key": "very-secret" } }, "/headers"],
      [{ pointer: "order" }, "/pointer"],
      [{ parameters: { type: "string" } }, "/parameters"],
      [{ parameters: { ...CREATE.parameters, $ref: "https://evil.example/schema" } }, "/parameters"],
      [{ answerBytes: 1e9 }, "/answerBytes"],
      [{ unknown: 1 }, "/unknown"],
    ] as const;
    for (const [change, path] of faulty) {
      const { status, text, json: problem } = await api.fetch("POST", "/http-tools", { ...as("admin"), body: { ...CREATE, ...change } });
      expect(
        [status, (problem["errors"] as { path: string }[] | undefined)?.map((fault) => fault.path)],
        `${JSON.stringify(change)} ${text}`,
      ).toEqual([422, [path]]);
      expect(text).not.toContain("very-secret");
    }
    await api.fetch("POST", "/http-tools", { ...as("admin"), body: CREATE });
    expect((await api.fetch("POST", "/http-tools", { ...as("admin"), body: CREATE })).status).toBe(409);
  });

  it("need their headers again when they move to another origin", async () => {
    const { api, registry } = await start();
    await api.fetch("POST", "/http-tools", { ...as("admin"), body: CREATE });
    const move = (more: object) =>
      api.fetch("PATCH", "/http-tools/refund_order", {
        ...as("admin", { "If-Match": '"1"' }),
        body: { url: "https://evil.example/{order}", ...more },
      });
    expect(await move({})).toMatchObject({ status: 422, json: { errors: [{ path: "/headers/Authorization" }] } });
    expect(await move({ url: "https://shop.example:444/{order}" })).toMatchObject({ status: 422 });
    expect(await registry.stored.find("refund_order")).toMatchObject({ url: CREATE.url });
    expect(await move({ headers: { authorization: "Bearer another" } })).toMatchObject({ status: 200 });
    expect(await registry.stored.find("refund_order")).toMatchObject({ headers: { authorization: "Bearer another" } });
  });

  it("are tried out by hand, and the try is among the calls and in the audit log", async () => {
    const service = await httpService((response, { body }) => json(response, { got: JSON.parse(body) }));
    onTestFinished(() => service.close());
    const { api, documents } = await start();
    await api.fetch("POST", "/http-tools", { ...as("admin"), body: { ...CREATE, url: `${service.url}/{order}` } });
    const tried = await api.fetch("POST", "/http-tools/refund_order/test", {
      ...as("admin"),
      body: { arguments: { order: "1042", amount: 5 } },
    });
    expect(tried).toMatchObject({ status: 200, json: { outcome: "ok", structured: { got: { amount: 5 } }, durationMs: 0 } });
    const refused = await api.fetch("POST", "/http-tools/refund_order/test", { ...as("admin"), body: { arguments: { amount: 5 } } });
    expect(refused).toMatchObject({ status: 200, json: { outcome: "refused", cause: expect.stringContaining("order") } });
    expect(service.seen).toHaveLength(1);
    expect(await documents.listCalls({ limit: 10, filter: { server: "http", tool: "refund_order" } })).toMatchObject([
      { outcome: "refused", refusal: "invalid-arguments", person: "admin", personName: expect.any(String) },
      { callId: tried.json["callId"], outcome: "ok", arguments: { order: "1042", amount: 5 }, person: "admin" },
    ]);
    expect((await documents.listAudit({ limit: 1, filter: { action: "http-tool.call" } }))[0]).toMatchObject({
      after: { outcome: "refused" },
    });
  });
});

describe("HTTP tools that are tried", () => {
  it("show the result, the times and what went over the wire, without the headers' values", async () => {
    const service = await httpService((response, { headers, body }) =>
      json(response, { echo: headers.authorization, got: JSON.parse(body) as unknown }, 201),
    );
    onTestFinished(() => service.close());
    const { api, documents } = await start();
    await api.fetch("POST", "/http-tools", { ...as("admin"), body: { ...CREATE, url: `${service.url}/{order}` } });
    const attempt = (body: object) => api.fetch("POST", "/http-tools/refund_order/try", { ...as("admin"), body });
    const tried = await attempt({ arguments: { order: "1042", amount: 5 } });
    expect(tried.json).toMatchObject({
      outcome: "ok",
      structured: { got: { amount: 5 } },
      timing: { firstByteMs: expect.any(Number), wholeMs: expect.any(Number) },
      exchange: {
        request: { method: "POST", url: `${service.url}/1042`, body: '{"amount":5}', headers: expect.arrayContaining(["authorization"]) },
        response: { status: 201, contentType: "application/json", cut: false, body: expect.stringContaining('"amount":5') },
      },
    });
    expect(tried.text).not.toContain("own-token");
    const refused = await attempt({ arguments: { amount: "much" } });
    expect(refused.json).toMatchObject({ code: "invalid", errors: [{ path: "/arguments/order" }, { path: "/arguments/amount" }] });
    expect(service.seen).toHaveLength(1);
    expect((await documents.listAudit({ limit: 1, filter: {} }))[0]).toMatchObject({ action: "http-tool.try", after: { outcome: "ok" } });
  });
});

describe("HTTP tools from a command", () => {
  it("are filled in for admins, saved as they are, and neither logged nor kept before", async () => {
    const { api, documents } = await start();
    const curl = `curl https://shop.example/orders/1042 -H "Authorization: ${SECRET}"`;
    expect((await api.fetch("POST", "/http-tools/draft", { ...as("owner"), body: { curl } })).status).toBe(403);
    const { status, json: answer } = await api.fetch("POST", "/http-tools/draft", { ...as("admin"), body: { curl } });
    expect({ status, answer }).toMatchObject({ status: 200, answer: { draft: { name: "get_orders" }, faults: [] } });
    expect(JSON.stringify(api.logged)).not.toContain("own-token");
    expect(await documents.list("http-tool", { limit: 1, now: 0 })).toEqual([]);
    const made = await api.fetch("POST", "/http-tools", { ...as("admin"), body: answer["draft"] });
    expect(made).toMatchObject({ status: 201, json: { url: "https://shop.example/orders/{order_id}", headers: ["Authorization"] } });
    const bad = await api.fetch("POST", "/http-tools/draft", { ...as("admin"), body: { curl: "curl -F a=b x.example" } });
    expect(bad.json).toMatchObject({ code: "invalid", errors: [{ path: "/curl" }] });
  });
});

describe("HTTP tools in a conversation", () => {
  it("are there as soon as they are made; one whose secrets do not open is named, and costs the others nothing", async () => {
    const { api, documents, registry } = await start();
    const clock = standingClock();
    const tools = createHttpTools({
      definitions: registry.stored,
      fetch,
      clock,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    const open = () =>
      tools.open({
        assistant: assistantWith(["*"]),
        conversationId: "c",
        customerId: "c",
        sessionId: "s",
        signal: new AbortController().signal,
      });
    expect(await open()).toEqual({ tools: [], unavailable: [] });
    await api.fetch("POST", "/http-tools", { ...as("admin"), body: CREATE });
    await api.fetch("POST", "/http-tools", { ...as("admin"), body: { ...CREATE, name: "other" } });
    expect((await open()).tools.map(({ name }) => name)).toEqual(["http__other", "http__refund_order"]);

    // Somebody copies a sealed header into another tool's row.
    const row = await documents.get("http-tool", "refund_order", 0);
    await documents.write([{ do: "replace", kind: "http-tool", id: "other", body: row!.body }], { at: 1 });
    const after = await open();
    expect(after.tools.map(({ name }) => name)).toEqual(["http__refund_order"]);
    expect(after.unavailable).toMatchObject([{ server: "http", serverName: "HTTP tools: other" }]);
    expect(await registry.stored.usableTools()).toMatchObject([
      { name: "other" },
      { name: "refund_order", readOnly: false, state: "accepted" },
    ]);
  });

  it("that cannot be read from the database can be removed", async () => {
    const { api, documents } = await start();
    await documents.write([{ do: "create", kind: "http-tool", id: "broken", body: { url: 1 } }], { at: 1 });
    expect((await api.fetch("GET", "/http-tools/broken", as("admin"))).status).toBe(502);
    expect((await api.fetch("DELETE", "/http-tools/broken", as("admin", { "If-Match": '"1"' }))).status).toBe(204);
  });
});
