/** A sign-in that ends: the next request is refused, and what is open is closed, whoever ends it and by what. */
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { waitFor } from "../support/wait-for.ts";
import { backend, cancelOrder, connect, type Desk, desk, post, type Published } from "./publish-harness.ts";
import { answer, asked, initialize, list, page, type Person, person, question, type Tokens, type Wire, wire } from "./sign-in-harness.ts";

interface Scene {
  readonly server: Desk;
  readonly published: Published;
  /** Who signed in. */
  readonly ben: Person;
  readonly program: Wire;
  readonly tokens: Tokens;
}

/** What is behind the tool never answers. */
async function slowBackend() {
  const held = { url: "", requests: 0 };
  const server = createServer(() => void (held.requests += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(held, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function signedIn(at?: string): Promise<Scene> {
  const url = at ?? (await backend()).url;
  const server = await desk();
  await server.api("POST", "/http-tools", cancelOrder(url));
  const published = await server.publish([{ source: "http", name: "cancel_order" }]);
  // One admin has to stay.
  await person(server, "Ada");
  const ben = await person(server, "Ben");
  const program = await wire(server, published);
  return { server, published, ben, program, tokens: await program.signIn(ben) };
}

const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "cancel_order", arguments: { order: 1042 } } };
const bearer = ({ access }: Tokens): Readonly<Record<string, string>> => ({ Authorization: `Bearer ${access}` });

interface Grant {
  readonly id: string;
  readonly server: string;
  readonly person: { readonly id: string; readonly name: string };
  readonly program: object;
}

const grantsOf = async ({ server, published }: Scene): Promise<readonly Grant[]> =>
  (await server.api<{ items: Grant[] }>("GET", `/published-servers/${published.id}/grants`)).body.items;

/** Changes a person with the version that is there. */
async function change({ server, ben }: Scene, patch: object): Promise<void> {
  const { headers } = await server.api("GET", `/people/${ben.id}`);
  expect((await server.api("PATCH", `/people/${ben.id}`, patch, { "If-Match": headers.get("etag") ?? "" })).status).toBe(200);
}

async function own({ server, ben }: Scene, method: string, path: string): Promise<Response> {
  return fetch(`${server.url}/api/v1${path}`, { method, headers: { Cookie: ben.cookie, Origin: server.url } });
}

interface End {
  readonly what: string;
  readonly end: (scene: Scene) => Promise<void>;
  readonly message: RegExp;
  readonly status?: number;
}

const ENDS: readonly End[] = [
  {
    what: "the person revokes it",
    end: async (scene) => {
      const { items } = (await (await own(scene, "GET", "/me/grants")).json()) as { items: Grant[] };
      expect(items).toHaveLength(1);
      expect((await own(scene, "DELETE", `/me/grants/${items[0]!.id}`)).status).toBe(204);
    },
    message: /^This sign-in was revoked/,
  },
  {
    what: "whoever has the server revokes it",
    end: async (scene) => {
      const [grant] = await grantsOf(scene);
      expect((await scene.server.api("DELETE", `/published-servers/${scene.published.id}/grants/${grant!.id}`)).status).toBe(204);
    },
    message: /^This sign-in was revoked/,
  },
  { what: "the person is blocked", end: (scene) => change(scene, { disabled: true }), message: /^This sign-in is not known here/ },
  {
    what: "the person loses the right",
    end: (scene) => change(scene, { roles: ["support"] }),
    message: /^Whoever signed in may not use this MCP server/,
  },
  {
    what: "the person is deleted",
    end: async (scene) => {
      const { headers } = await scene.server.api("GET", `/people/${scene.ben.id}`);
      const removed = await scene.server.api("DELETE", `/people/${scene.ben.id}`, undefined, { "If-Match": headers.get("etag") ?? "" });
      expect(removed.status).toBe(204);
    },
    message: /^This sign-in is not known here/,
  },
  {
    what: "the server is deleted",
    end: async ({ server, published }) => {
      const { headers } = await server.api("GET", `/published-servers/${published.id}`);
      const removed = await server.api("DELETE", `/published-servers/${published.id}`, undefined, {
        "If-Match": headers.get("etag") ?? "",
      });
      expect(removed.status).toBe(204);
    },
    message: /^This MCP server was deleted/,
    status: 410,
  },
];

describe.each(ENDS)("when $what", ({ end, message, status = 401 }) => {
  test("what runs is broken off, and neither the access token nor the refresh token is taken", async () => {
    const held = await slowBackend();
    const scene = await signedIn(held.url);
    const { published, program, tokens } = scene;
    const begun = await post(published.url, initialize, bearer(tokens));
    const headers = { ...bearer(tokens), "Mcp-Session-Id": begun.headers.get("mcp-session-id") ?? "" };
    const pending = post(published.url, call, headers).then(
      async (response) => response.text(),
      () => "broken off",
    );
    await waitFor(() => held.requests > 0);
    await end(scene);
    expect(await pending.catch(() => "broken off")).not.toContain("result");
    const refused = await post(published.url, list, bearer(tokens));
    expect(refused.status).toBe(status);
    expect(((await refused.json()) as { error: { message: string } }).error.message).toMatch(message);
    const renewed = await program.token({ grant_type: "refresh_token", refresh_token: tokens.refresh });
    expect(renewed).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  test("a code that is on its way is worth nothing", async () => {
    const scene = await signedIn();
    const code = await scene.program.code(scene.ben);
    await end(scene);
    const { status, body } = await scene.program.redeem(code);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body["access_token"]).toBeUndefined();
  });
});

test("who may see a grant, and revoke it: the person, and who has the server; and the audit log says so", async () => {
  const scene = await signedIn();
  const { server, published, ben } = scene;
  const [grant] = await grantsOf(scene);
  expect(grant).toEqual({
    id: expect.stringMatching(/^grant-/),
    server: published.id,
    serverName: expect.any(String),
    person: { id: ben.id, name: "Ben" },
    program: { name: "Wire" },
    scopes: ["tools:list", "tools:call", "offline_access"],
    createdAt: expect.any(Number),
    seenAt: expect.any(Number),
    expiresAt: expect.any(Number),
  });
  const cleo = await person(server, "Cleo", ["owner"]);
  expect((await own({ ...scene, ben: cleo }, "GET", `/published-servers/${published.id}/grants`)).status).toBe(404);
  expect((await own({ ...scene, ben: cleo }, "DELETE", `/me/grants/${grant!.id}`)).status).toBe(404);
  const other = await server.publish([]);
  expect((await server.api("DELETE", `/published-servers/${other.id}/grants/${grant!.id}`)).status).toBe(404);
  expect((await own(scene, "DELETE", `/me/grants/${grant!.id}`)).status).toBe(204);
  const { body } = await server.api<{ items: object[] }>("GET", "/audit-log?targetKind=grant");
  expect(body.items).toMatchObject([
    { action: "grant.revoke", by: { name: "Ben" }, before: { server: published.id, program: { name: "Wire" } } },
    { action: "grant.allow", by: { name: "Ben" }, after: { scopes: ["tools:list", "tools:call", "offline_access"] } },
  ]);
});

describe("who may sign in", () => {
  test("support may not: the page says so, and they can only decline", async () => {
    const { server, published, program } = await signedIn();
    const sam = await person(server, "Sam", ["support"]);
    const query = await asked(server, program.authorizeUrl(), sam.cookie);
    expect(await question(server, query, sam)).toMatchObject({ isAdmitted: false, tools: [], server: { name: "Shop tools" } });
    expect((await page(server, "/oauth2/answer", { query, allow: true }, sam.cookie)).status).toBe(403);
    expect((await answer(server, query, sam, false)).searchParams.get("error")).toBe("access_denied");
    expect(published.id).not.toBe("");
  });

  test("an owner has those of the tools that they could publish themselves, as long as they could", async () => {
    const { server, published } = await signedIn();
    const cleo = await person(server, "Cleo", ["owner"]);
    const share = async (shares: readonly object[]): Promise<void> => {
      const { headers } = await server.api("GET", "/mcp-servers/http/shares");
      const body = { shares, generalAccess: "restricted" };
      expect((await server.api("PUT", "/mcp-servers/http/shares", body, { "If-Match": headers.get("etag") ?? "" })).status).toBe(200);
    };
    await share([]);
    const program = await wire(server, published);
    const query = await asked(server, program.authorizeUrl(), cleo.cookie);
    expect(await question(server, query, cleo)).toMatchObject({ isAdmitted: false });
    await share([{ grantee: { kind: "person", id: cleo.id }, level: "use" }]);
    expect(await question(server, query, cleo)).toMatchObject({ isAdmitted: true, tools: [{ title: "Cancel order" }] });
    const tokens = await program.signIn(cleo);
    expect((await post(published.url, initialize, bearer(tokens))).status).toBe(200);
    await share([]);
    expect((await post(published.url, initialize, bearer(tokens))).status).toBe(401);
  });

  test("who may use one of two tools has that one", async () => {
    const { server } = await signedIn();
    const published = await server.publish([
      { source: "http", name: "cancel_order" },
      { source: "assistant", server: "shop", name: "ask_assistant" },
    ]);
    const cleo = await person(server, "Cleo", ["owner"]);
    const program = await wire(server, published);
    const { tools } = await question(server, await asked(server, program.authorizeUrl(), cleo.cookie), cleo);
    const client = await connect({ url: published.url, key: (await program.signIn(cleo)).access }, "modern");
    const titles = (await client.listTools()).tools.map(({ title, name }) => title ?? name);
    expect(titles).toEqual(tools.map(({ title }) => title));
    expect(titles).toHaveLength(1);
  });
});

test("no token, code or cookie is in the log, or in the database", async () => {
  const scene = await signedIn();
  const { server, tokens, program, ben } = scene;
  const code = await program.code(ben);
  const data = join(server.folder, "data");
  const files = (await readdir(data, { withFileTypes: true })).filter((entry) => entry.isFile());
  const kept = await Promise.all(files.map(({ name }) => readFile(join(data, name), "latin1")));
  const text = [...server.logged, ...kept].join("\n");
  expect(text).toContain(ben.id);
  const session = decodeURIComponent(ben.cookie.split("=")[1] ?? "").split(".")[0] ?? "";
  for (const secret of [tokens.access.slice(4), tokens.refresh.slice(4), code, session]) {
    expect(secret.length).toBeGreaterThan(20);
    expect(text.includes(secret)).toBe(false);
  }
});
