import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { AuthorizedFetch } from "../../../server/tools/mcp/wire/authorized-fetch.ts";
import { readDefinition, type ToolDefinition } from "../../../server/tools/definitions/tool-definition.ts";
import { opened } from "../../support/mcp-opened.ts";
import { anyToolOf, callContext, testHost, toolOf, type TestHost } from "../../support/mcp-host.ts";
import { HandSignIns, MovingDirectory } from "../../support/mcp-directory.ts";
import { json, result, scriptedServer, tool, type Answer, type ScriptedServer } from "../../support/mcp-scripted-server.ts";

/** A server that answers only who brings one of its tokens. */
async function guarded(good: Set<string>, script: Record<string, Answer> = {}): Promise<ScriptedServer> {
  const answers: Record<string, Answer> = {
    "server/discover": (response) => response.writeHead(400).end("no session"),
    initialize: (response, { id }) =>
      json(response, {
        jsonrpc: "2.0",
        id,
        result: { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "g", version: "1" } },
      }),
    "tools/list": result({ tools: [tool("act"), tool("other")] }),
    "tools/call": result({ content: [{ type: "text", text: "done" }] }),
    "notifications/initialized": (response) => response.writeHead(202).end(),
    ...script,
  };
  const server = await scriptedServer();
  for (const [method, answer] of Object.entries(answers)) {
    server.script[method] = (response, message) => {
      const token = server.requests.at(-1)?.headers.authorization?.replace(/^Bearer /, "") ?? "";
      if (good.has(token)) answer(response, message);
      else response.writeHead(401, { "www-authenticate": 'Bearer scope="read"' }).end();
    };
  }
  opened(server);
  return server;
}

function hostOf(
  server: { url: string },
  more: { transport?: "sse" } = {},
): { host: TestHost; directory: MovingDirectory; signIns: HandSignIns } {
  const settings = { key: "club", name: "The Club", url: server.url, auth: { kind: "oauth" }, ...more } as const;
  const directory = new MovingDirectory([settings]);
  const signIns = new HandSignIns();
  const host = testHost([settings], { directory, authorizations: signIns });
  opened(host);
  return { host, directory, signIns };
}

const bearers = (server: ScriptedServer): Set<string | undefined> => new Set(server.requests.map(({ headers }) => headers.authorization));
const definition = (name: string): ToolDefinition => readDefinition(tool(name, { description: `What ${name} does` })) as ToolDefinition;

describe("a server where each customer signs in", () => {
  it("shows what is known of its tools before, each of which asks for the sign-in, and sends nothing", async () => {
    const server = await guarded(new Set(["ada"]));
    const { host, directory, signIns } = hostOf(server);
    directory.known.set("club", [definition("act"), definition("other")]);
    const { tools, unavailable } = await host.open("conversation-1", { method: "personal", customerId: "ada" });
    expect(unavailable).toEqual([]);
    expect(tools.map(({ name }) => name)).toEqual(["club__act", "club__other"]);
    const need = { server: "club", serverName: "The Club", scopes: ["read"], reason: "first" };
    expect(await tools[0]?.needsConnection?.()).toEqual(need);
    expect(await tools[0]?.call({}, callContext())).toEqual({ outcome: "needs-connection", need });
    expect(server.requests).toEqual([]);
    signIns.tokens.set("ada", "ada");
    expect(await tools[0]?.needsConnection?.()).toBeUndefined();
    expect(await tools[0]?.call({}, callContext())).toMatchObject({ outcome: "ok" });
    expect(bearers(server)).toEqual(new Set(["Bearer ada"]));
  });

  it("of which nothing is known is offered as one tool, which is done once somebody has signed in", async () => {
    const server = await guarded(new Set(["ada"]));
    const { host, signIns } = hostOf(server);
    const who = { method: "personal", customerId: "ada" } as const;
    const before = await host.open("conversation-1", who);
    expect(before.tools).toMatchObject([
      {
        name: "club__connect",
        description: "Sign in to The Club to use its tools.",
        reference: { server: "club", tool: "connect", readOnly: true },
      },
    ]);
    expect(await before.tools[0]?.needsConnection?.()).toMatchObject({ reason: "first" });
    signIns.tokens.set("ada", "ada");
    expect(await before.tools[0]?.needsConnection?.()).toBeUndefined();
    expect(await before.tools[0]?.call({}, callContext())).toMatchObject({
      outcome: "ok",
      content: [{ text: "Signed in to The Club. Its tools are there now." }],
    });
    // It stays for this conversation, since a call of it may have waited for the sign-in.
    expect((await host.open("conversation-1", who)).tools.map(({ name }) => name)).toEqual(["club__act", "club__connect", "club__other"]);
    expect((await host.open("conversation-2", who)).tools.map(({ name }) => name)).toEqual(["club__act", "club__other"]);
  });

  it("never serves one customer with another's sign-in, list or session", async () => {
    const server = await guarded(new Set(["ada", "bea"]), {
      "tools/list": (response, { id }) => {
        const name = server.requests.at(-1)?.headers.authorization === "Bearer ada" ? "adas" : "beas";
        json(response, { jsonrpc: "2.0", id, result: { tools: [tool(name)] } });
      },
    });
    const { host, signIns } = hostOf(server);
    signIns.tokens.set("ada", "ada");
    const ada = await host.open("conversation-1", { method: "personal", customerId: "ada" });
    expect(ada.tools.map(({ name }) => name)).toEqual(["club__adas"]);
    expect((await host.open("conversation-2", { method: "personal", customerId: "bea" })).tools.map(({ name }) => name)).toEqual([
      "club__connect",
    ]);
    signIns.tokens.set("bea", "bea");
    expect((await host.open("conversation-2", { method: "personal", customerId: "bea" })).tools.map(({ name }) => name)).toEqual([
      "club__beas",
      "club__connect",
    ]);
    // The same conversation's name in somebody else's mouth opens nothing of hers.
    server.requests.length = 0;
    expect((await host.open("conversation-1", { method: "personal", customerId: "bea" })).tools.map(({ name }) => name)).toEqual([
      "club__beas",
    ]);
    expect(bearers(server)).toEqual(new Set(["Bearer bea"]));
  });

  it("that refuses a token is asked once more with another one, and else the call needs a sign-in, having done nothing", async () => {
    const good = new Set(["ada-1"]);
    const server = await guarded(good);
    const { host, signIns } = hostOf(server);
    signIns.tokens.set("ada", "ada-1");
    const act = anyToolOf(await host.open("conversation-1", { method: "personal", customerId: "ada" }), "club__act");
    good.clear();
    good.add("ada-2");
    signIns.renewals.set("ada", "ada-2");
    expect(await act.call({}, callContext())).toMatchObject({ outcome: "ok" });
    expect(signIns.refusals).toEqual([{ owner: "ada", status: 401, challenge: 'Bearer scope="read"', token: "ada-1" }]);
    good.clear();
    expect(await act.call({}, callContext())).toEqual({
      outcome: "needs-connection",
      need: { server: "club", serverName: "The Club", scopes: ["read", "write"], reason: "expired" },
    });
  });

  it("that wants more rights for one call says so; a 403 that is about the request is the call's failure", async () => {
    const forbid =
      (challenge?: string): Answer =>
      (response) =>
        response.writeHead(403, challenge === undefined ? {} : { "www-authenticate": challenge }).end();
    const server = await guarded(new Set(["ada"]), { "tools/call": forbid('Bearer error="insufficient_scope", scope="write"') });
    const { host, signIns } = hostOf(server);
    signIns.tokens.set("ada", "ada");
    const act = anyToolOf(await host.open("conversation-1", { method: "personal", customerId: "ada" }), "club__act");
    expect(await act.call({}, callContext())).toMatchObject({
      outcome: "needs-connection",
      need: { reason: "scope", scopes: ["read", "write"] },
    });
    signIns.tokens.set("ada", "ada");
    server.script["tools/call"] = forbid();
    expect(await act.call({}, callContext())).toMatchObject({ outcome: "failed" });
  });

  it("hears no token of ours in what it says back", async () => {
    const server = await guarded(new Set(["a-very-secret-token"]), {
      "tools/call": result({ content: [{ type: "text", text: "you are a-very-secret-token" }] }),
    });
    const { host, signIns } = hostOf(server);
    signIns.tokens.set("ada", "a-very-secret-token");
    const act = toolOf(await host.open("conversation-1", { method: "personal", customerId: "ada" }), "club__act");
    expect((await act.call({}, callContext())).content).toEqual([{ kind: "text", text: "you are [secret]" }]);
  });

  it("sends its token nowhere else, whatever the server answers with", async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere: Server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const away: Answer = (response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/mcp` }).end();
    const server = await scriptedServer({ "server/discover": away, initialize: away, GET: away });
    opened(server);
    const { host, signIns } = hostOf(server);
    signIns.tokens.set("ada", "ada");
    await host.open("conversation-1", { method: "personal", customerId: "ada" });
    expect(seen.filter((header) => header !== undefined)).toEqual([]);
    elsewhere.close();
  });

  it("needs a sign-in over SSE as well", async () => {
    const server = createServer((_, response) => response.writeHead(401, { "www-authenticate": "Bearer" }).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { host, signIns } = hostOf({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sse` }, { transport: "sse" });
    signIns.tokens.set("ada", "old");
    const { tools } = await host.open("conversation-1", { method: "personal", customerId: "ada" });
    expect(tools.map(({ name }) => name)).toEqual(["club__connect"]);
    server.close();
  });

  it("whose sign-ins cannot be looked up fails the call, which was not sent", async () => {
    const server = await guarded(new Set(["ada"]));
    const { host, signIns } = hostOf(server);
    signIns.tokens.set("ada", "ada");
    const act = anyToolOf(await host.open("conversation-1", { method: "personal", customerId: "ada" }), "club__act");
    signIns.token = () => Promise.reject(new Error("The authorization server is away."));
    expect(await act.call({}, callContext())).toMatchObject({ outcome: "failed", cause: expect.stringContaining("is away") as string });
    expect(await act.needsConnection?.()).toBeUndefined();
  });
});

describe("a token", () => {
  it("goes with requests to the server's own origin, and with no other", async () => {
    const sent: (readonly [string, string | null])[] = [];
    const below = async (url: string | URL, init?: RequestInit): Promise<Response> => {
      sent.push([new URL(url).origin, new Headers(init?.headers).get("authorization")]);
      return new Response("{}");
    };
    const signIns = new HandSignIns();
    signIns.tokens.set("ada", "ada");
    const by = { authorizations: signIns, owner: { kind: "customer", id: "ada" } } as const;
    const { fetch } = new AuthorizedFetch(below, { key: "club", url: "https://club.example/mcp" }, by, () => undefined);
    for (const url of [
      "https://club.example/other",
      "https://club.example:8443/mcp",
      "http://club.example/mcp",
      "https://evil.example/mcp",
    ])
      await fetch(url);
    expect(sent.map(([, token]) => token)).toEqual(["Bearer ada", null, null, null]);
  });
});

describe("a conversation's session", () => {
  it("is one customer's, at servers without sign-ins too", async () => {
    const server = await scriptedServer();
    const host = testHost([{ key: "shop", name: "Shop", url: server.url }]);
    opened(server);
    opened(host);
    for (const customerId of ["ada", "bea"])
      await toolOf(await host.open("conversation-1", { customerId }), "shop__act").call({}, callContext());
    expect(server.count("initialize")).toBe(2);
  });
});

describe("a server with one shared sign-in", () => {
  it("is used with it by everybody, and asks no customer for anything", async () => {
    const server = await guarded(new Set(["ours"]));
    const { host, signIns } = hostOf(server);
    signIns.tokens.set("shared", "ours");
    for (const customerId of ["ada", "bea"]) {
      const toolbox = await host.open(`conversation of ${customerId}`, { customerId });
      expect(toolbox.tools[0]?.needsConnection).toBeUndefined();
      expect(await toolOf(toolbox, "club__act").call({}, callContext())).toMatchObject({ outcome: "ok" });
    }
    expect(bearers(server)).toEqual(new Set(["Bearer ours"]));
  });

  it("that is missing or over costs its tools, with what its owner has to do", async () => {
    const good = new Set(["ours"]);
    const server = await guarded(good);
    const { host, signIns } = hostOf(server);
    expect((await host.open()).unavailable).toEqual([
      { server: "club", serverName: "The Club", cause: expect.stringMatching(/not connected yet.*An admin can/) as string },
    ]);
    signIns.tokens.set("shared", "ours");
    const act = anyToolOf(await host.open(), "club__act");
    good.clear();
    expect(await act.call({}, callContext())).toMatchObject({
      outcome: "failed",
      cause: expect.stringContaining("connect it again") as string,
    });
    expect((await host.open("conversation-2")).tools.map(({ name }) => name)).toEqual(["club__act", "club__other"]);
    host.advance(60_000);
    expect((await host.open("conversation-3")).unavailable).toHaveLength(1);
  });
});
