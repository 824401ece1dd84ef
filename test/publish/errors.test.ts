/** What people look for when a client does not work: each told apart, and the same for every method. */
import { request } from "node:http";
import { beforeEach, describe, expect, test } from "vitest";
import { backend, cancelOrder, connect, type Desk, desk, ERAS, post, type Published } from "./publish-harness.ts";

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "probe", version: "1" } },
};

async function served(): Promise<{ server: Desk; published: Published }> {
  const { url } = await backend();
  const server = await desk();
  await server.api("POST", "/http-tools", cancelOrder(url));
  return { server, published: await server.publish([{ source: "http", name: "cancel_order" }]) };
}

interface Refused {
  readonly status: number;
  readonly error: { readonly code: number; readonly message: string };
  readonly headers: Headers;
}

async function each(url: string, headers: Readonly<Record<string, string>>): Promise<readonly Refused[]> {
  const asked = (method: string, body?: string) =>
    fetch(url, {
      method,
      headers: {
        Accept: "application/json, text/event-stream",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
  const responses = [await asked("POST", JSON.stringify(INITIALIZE)), await asked("GET"), await asked("DELETE"), await asked("PUT", "{}")];
  return Promise.all(
    responses.map(async (response) => {
      const body = (await response.json()) as { jsonrpc: string; id: null; error: Refused["error"] };
      expect(body).toMatchObject({ jsonrpc: "2.0", id: null, error: { code: expect.any(Number) } });
      // One plain sentence or two, as most clients show it as it is.
      expect(body.error.message).toMatch(/^[A-Z"][^\n]{10,200}\.$/);
      return { status: response.status, error: body.error, headers: response.headers };
    }),
  );
}

describe("a key", () => {
  let server: Desk;
  let published: Published;
  beforeEach(async () => ({ server, published } = await served()));

  const refusedWith = async (key: string | undefined, words: RegExp, url = published.url): Promise<void> => {
    for (const header of ["Authorization", "X-API-Key"]) {
      const headers = key === undefined ? {} : { [header]: header === "Authorization" ? `Bearer ${key}` : key };
      for (const { status, error, headers: got } of await each(url, headers)) {
        expect({ status, message: error.message }).toMatchObject({ status: 401, message: expect.stringMatching(words) as string });
        expect(got.get("www-authenticate")).toMatch(/^Bearer realm="Frontdesk"/);
      }
    }
  };

  test("that is missing is asked for, before the method is looked at", () => refusedWith(undefined, /needs a key/));
  test("that is wrong is called wrong", async () => {
    await refusedWith("nonsense", /This key is wrong/);
    await refusedWith(`${published.key.slice(0, -4)}AAAA`, /This key is wrong/);
    await refusedWith("fd_an-api-key-of-the-staff", /This key is wrong/);
  });
  test("of another server is told from a wrong one", async () => {
    const other = await server.publish([]);
    await refusedWith(other.key, /belongs to another MCP server/);
  });
  test("that was revoked is refused at once, and says so", async () => {
    const revoked = await server.publish([]);
    const client = await connect(revoked, "legacy");
    expect((await server.api("DELETE", `/published-servers/${revoked.id}/keys/${revoked.keyId}`)).status).toBe(204);
    await expect(client.listTools()).rejects.toThrow();
    await refusedWith(revoked.key, /was revoked/, revoked.url);
    expect((await server.api("GET", `/published-servers/${revoked.id}/keys`)).body).toEqual({ items: [] });
    expect((await server.api("DELETE", `/published-servers/${revoked.id}/keys/${revoked.keyId}`)).status).toBe(404);
  });
  test("that has expired says so", async () => {
    const expiresAt = Date.now() + 1500;
    const path = `/published-servers/${published.id}/keys`;
    const { body } = await server.api<{ key: string }>("POST", path, { name: "short", expiresAt });
    await expect.poll(async () => (await post(published.url, INITIALIZE, { "X-API-Key": body.key })).status).toBe(401);
    await refusedWith(body.key, /has expired/);
    expect((await server.api("POST", path, { name: "late", expiresAt: 5 })).status).toBe(422);
  });
  test("that was rotated is good as long as both may be, then is called replaced", async () => {
    const rotating = await server.publish([]);
    const path = `/published-servers/${rotating.id}/keys/${rotating.keyId}/rotate`;
    const overlapping = await server.api<{ id: string; key: string }>("POST", path, { overlapMs: 600_000 });
    expect(overlapping.body.id).toBe(rotating.keyId);
    expect((await post(rotating.url, INITIALIZE, { "X-API-Key": rotating.key })).status).toBe(200);
    expect((await post(rotating.url, INITIALIZE, { "X-API-Key": overlapping.body.key })).status).toBe(200);
    const { body } = await server.api<{ key: string }>("POST", path, { overlapMs: 0 });
    await refusedWith(overlapping.body.key, /was replaced/, rotating.url);
    // Two rotations ago: it is nobody's any more.
    await refusedWith(rotating.key, /is wrong/, rotating.url);
    expect((await post(rotating.url, INITIALIZE, { "X-API-Key": body.key })).status).toBe(200);
  });
  test("may have spaces around it", async () => {
    for (const headers of [
      { "X-API-Key": `  ${published.key}  ` },
      { Authorization: `Bearer   ${published.key} ` },
      { Authorization: `bearer ${published.key}` },
    ])
      expect((await post(published.url, INITIALIZE, headers)).status).toBe(200);
  });
  test("is in no list, document or log", async () => {
    const { body } = await server.api("GET", `/published-servers/${published.id}/keys`);
    expect(JSON.stringify(body)).not.toContain(published.key);
    expect(JSON.stringify(body)).toContain(published.key.slice(0, 10));
    expect(JSON.stringify((await server.api("GET", "/audit?limit=200")).body)).not.toContain(published.key.slice(14));
    expect(server.logged.join("")).not.toContain(published.key.slice(14));
  });
});

test("many wrong keys from one network are slowed down, in words", async () => {
  const { published } = await served();
  const statuses = new Set<number>();
  let last = "";
  for (let attempt = 0; attempt < 70; attempt += 1) {
    const response = await post(published.url, INITIALIZE, { "X-API-Key": "wrong" });
    statuses.add(response.status);
    last = await response.text();
  }
  expect([...statuses]).toEqual([401, 429]);
  expect(last).toContain("Too many wrong keys");
  expect((await post(published.url, INITIALIZE, { "X-API-Key": published.key })).status).toBe(200);
});

describe("an address", () => {
  test("that is mistyped is 404, and one that was deleted 410, for each method and whatever the key", async () => {
    const { server, published } = await served();
    for (const { status, error } of await each(`${published.url}x`, { "X-API-Key": published.key }))
      expect({ status, message: error.message }).toEqual({ status: 404, message: expect.stringContaining("typing error") as string });
    const client = await connect(published, "legacy");
    const { headers } = await server.api("GET", `/published-servers/${published.id}`);
    const ifMatch = { "If-Match": headers.get("etag") ?? "" };
    expect((await server.api("DELETE", `/published-servers/${published.id}`, undefined, ifMatch)).status).toBe(204);
    for (const { status, error } of await each(published.url, {}))
      expect({ status, message: error.message }).toEqual({ status: 410, message: expect.stringContaining("was deleted") as string });
    await expect(client.listTools()).rejects.toThrow(/was deleted/);
    expect((await server.api("GET", `/published-servers/${published.id}`)).status).toBe(404);
  });

  test("has no metadata of an authorization server below itself, which is 404 and not 401", async () => {
    const { published } = await served();
    for (const path of [".well-known/openid-configuration", ".well-known/oauth-authorization-server"])
      expect((await fetch(`${published.url}/${path}`)).status).toBe(404);
  });

  test("is reached over https where it is on no private network; a page of another website and another host are refused", async () => {
    const { published } = await served();
    const key = { "X-API-Key": published.key };
    expect((await post(published.url, INITIALIZE, { ...key, Origin: "https://evil.example" })).status).toBe(403);
    expect((await post(published.url, INITIALIZE, { ...key, Origin: new URL(published.url).origin })).status).toBe(200);
    expect(await withHost(published, "desk.evil.example")).toBe(403);

    const server = await desk({ environment: { PUBLIC_URL: "http://desk.example" } });
    const plain = await server.publish([]);
    expect(await withHost(plain, "desk.example")).toBe(400);
    const secure = await desk({ environment: { PUBLIC_URL: "https://desk.example", TRUST_PROXY: "1" } });
    const behind = await secure.publish([]);
    expect(await withHost(behind, "desk.example")).toBe(200);
    expect(await withHost(behind, "desk.example", { "X-Forwarded-Proto": "https" })).toBe(200);
    expect(await withHost(behind, "desk.example", { "X-Forwarded-Proto": "http" })).toBe(400);
  });
});

/** `fetch` names the host itself. */
function withHost({ url, key }: Published, host: string, more: Readonly<Record<string, string>> = {}): Promise<number> {
  const headers = {
    Host: host,
    "X-API-Key": key,
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
    ...more,
  };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.end(JSON.stringify(INITIALIZE));
  });
}

test("a body that is no JSON, or too large, is answered as such", async () => {
  const { published } = await served();
  const headers = { "X-API-Key": published.key };
  const broken = await post(published.url, "{", headers);
  expect([broken.status, await broken.text()]).toEqual([400, expect.stringContaining("-32700")]);
  expect((await post(published.url, `"${"x".repeat(5 * 1024 * 1024)}"`, headers)).status).toBe(413);
});

describe.each(ERAS)("tools, in the %s era:", (era) => {
  test("none added, and all inactive, is an empty list and no error", async () => {
    const { server } = await served();
    const empty = await server.publish([]);
    expect((await (await connect(empty, era)).listTools()).tools).toEqual([]);
    const inactive = await server.publish([{ source: "http", name: "cancel_order", active: false }]);
    const client = await connect(inactive, era);
    expect((await client.listTools()).tools).toEqual([]);
    await expect(client.callTool({ name: "cancel_order", arguments: { order: 1 } })).rejects.toThrow(/no tool/);
  });
});
