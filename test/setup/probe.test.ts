import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../server/start/system-clock.ts";
import { createGuardedFetch } from "../../server/guard/network/guarded-fetch.ts";
import type { Probe } from "../../server/tools/probe/prober.ts";
import { createProber } from "../../server/tools/probe/probe-server.ts";
import type { RemoteServerSettings } from "../../server/tools/mcp/servers/settings.ts";
import { freePort } from "../support/free-port.ts";
import { serverSettings } from "../support/static-directory.ts";
import { startEverything } from "../support/mcp-everything.ts";
import { modernServer } from "../support/mcp-modern-server.ts";
import { endlessList, json, result, scriptedServer, tool, type Answer } from "../support/mcp-scripted-server.ts";
import { PATIENCE_MS } from "../support/wait-for.ts";
import { webServer } from "./web-server.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const LOCAL = createGuardedFetch({ allowPrivate: ["127.0.0.1", "localhost"] });

async function probe(settings: Partial<RemoteServerSettings>, fetch = LOCAL): Promise<Probe> {
  const whole = serverSettings({ key: "orders", name: "Orders", url: "", connectTimeoutMs: PATIENCE_MS, ...settings });
  return createProber({ fetch, clock: systemClock }).probe({ settings: whole, revision: "1" }, new AbortController().signal);
}

async function scripted(script: Record<string, Answer>): Promise<string> {
  const server = await scriptedServer(script);
  open.push(() => server.close());
  return server.url;
}

async function web(...parts: Parameters<typeof webServer>): Promise<string> {
  const server = await webServer(...parts);
  open.push(() => server.close());
  return server.origin;
}

/** A port at which something says this to whoever connects. */
async function speaking(says: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => says(socket.on("error", () => undefined)));
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** Refuses everything at the MCP path. */
function refusal(status: number, challenge?: string): Answer {
  return (response) => response.writeHead(status, challenge === undefined ? {} : { "www-authenticate": challenge }).end();
}

describe("a server that works is connected", () => {
  it("of the modern era, with its revision, its tools and a round trip", async () => {
    const server = await modernServer((mcp, schema) =>
      mcp.registerTool("look", { description: "Looks.", inputSchema: schema({ type: "object" }) }, () => ({ content: [] })),
    );
    open.push(() => server.close());
    expect(await probe({ url: server.url })).toMatchObject({
      status: "connected",
      protocolRevision: "2026-07-28",
      tools: [{ tool: "look", description: "Looks." }],
      roundTripMs: expect.any(Number) as number,
    });
  });

  it.each(["streamableHttp", "sse"] as const)("of the legacy era, over %s", async (flavour) => {
    const server = await startEverything(flavour);
    open.push(() => server.stop());
    const found = await probe({ url: server.url });
    expect(found).toMatchObject({ status: "connected", protocolRevision: "2025-11-25" });
    expect(found.tools.length).toBeGreaterThan(5);
  });
});

describe("server not found", () => {
  const reason = "server-not-found";

  it("when the name is not known", async () => {
    const resolve = async (): Promise<never> => Promise.reject(Object.assign(new Error("not found"), { code: "ENOTFOUND" }));
    const found = await probe({ url: "https://nobody.example/mcp" }, createGuardedFetch({ allowPrivate: [], resolve }));
    expect(found).toMatchObject({ reason, advice: expect.stringContaining("spelling") as string });
  });

  it("when nobody listens at the port", async () => {
    const found = await probe({ url: `http://127.0.0.1:${await freePort()}/mcp` });
    expect(found).toMatchObject({ status: "disconnected", reason, advice: expect.stringContaining("port") as string });
    expect(found.detail).toContain("ECONNREFUSED");
  });

  it("when nothing lies at the path", async () => {
    const origin = await web((_, response) => void response.writeHead(404).end());
    expect(await probe({ url: `${origin}/mcp` })).toMatchObject({ reason, advice: expect.stringContaining("path") as string });
  });
});

describe("connection failed", () => {
  const reason = "connection-failed";

  it("when the server is too slow", async () => {
    const url = await scripted({ "server/discover": () => undefined, initialize: () => undefined });
    const found = await probe({ url, connectTimeoutMs: 200 });
    expect(found).toMatchObject({ reason, detail: expect.stringContaining("200 ms") as string });
    expect(found.advice).toContain("connect timeout");
  });

  it("when the list of tools never comes", async () => {
    const url = await scripted({ "tools/list": () => undefined });
    expect(await probe({ url, connectTimeoutMs: 1_000 })).toMatchObject({ reason, detail: expect.stringContaining("1000 ms") as string });
  });

  it("when its certificate is not trusted", async () => {
    const origin = await web((_, response) => void response.end(), { tls: true });
    const found = await probe({ url: `${origin}/mcp` });
    expect(found).toMatchObject({ reason, detail: expect.stringContaining("SELF_SIGNED_CERT") as string });
    expect(found.advice).toContain("certificate");
  });

  it("when it speaks no TLS where https is asked for", async () => {
    const origin = await web((_, response) => void response.end());
    for (const transport of ["streamable-http", "sse"] as const) {
      const found = await probe({ url: `${origin.replace("http:", "https:")}/mcp`, transport });
      expect(found, transport).toMatchObject({ reason, detail: expect.stringContaining("does not speak https") as string });
      expect(found.advice).toContain("http://");
    }
  });

  it("when something else answers at the port, which speaks neither", async () => {
    const port = await speaking((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
    const found = await probe({ url: `https://127.0.0.1:${port}/mcp` });
    expect(found).toMatchObject({ reason, detail: expect.stringContaining("does not speak https") as string });
    const plain = await probe({ url: `http://127.0.0.1:${port}/mcp` });
    expect(plain).toMatchObject({ reason, detail: expect.stringContaining("does not speak http there") as string });
  });

  it("when it ends the connection before it has answered", async () => {
    const port = await speaking((socket) => socket.destroy());
    for (const scheme of ["http", "https"]) {
      const found = await probe({ url: `${scheme}://127.0.0.1:${port}/mcp` });
      expect(found, scheme).toMatchObject({ reason, detail: expect.stringContaining("ended the connection") as string });
    }
  });

  it("when no web server may be at its port", async () => {
    const found = await probe({ url: "http://127.0.0.1:6667/mcp" });
    expect(found).toMatchObject({ reason, detail: expect.stringContaining("connects to this port") as string });
    expect(found.advice).toContain("another port");
  });

  it("when its address is not allowed", async () => {
    const url = await scripted({});
    const found = await probe({ url }, createGuardedFetch({ allowPrivate: [] }));
    expect(found).toMatchObject({ reason, advice: expect.stringContaining("network.allowPrivate") as string });
  });

  it("when it redirects, and nothing is sent to where it points", async () => {
    let reached = 0;
    const elsewhere = await web((_, response) => {
      reached += 1;
      response.end();
    });
    const redirect: Answer = (response) => response.writeHead(307, { location: `${elsewhere}/mcp` }).end();
    const url = await scripted({ "server/discover": redirect, initialize: redirect });
    const found = await probe({ url });
    expect(found).toMatchObject({ reason, detail: expect.stringContaining("redirects elsewhere") as string });
    expect(found.advice).toContain("address that it redirects to");
    expect(reached).toBe(0);
  });

  it("when its name leads to a private address the second time it is looked up", async () => {
    let looked = 0;
    const fetch = createGuardedFetch({
      allowPrivate: ["127.0.0.1"],
      resolve: async () => [{ address: (looked += 1) === 1 ? "127.0.0.1" : "127.0.0.2", family: 4 }],
    });
    const url = await scripted({
      initialize: (response, { id }) => {
        const serverInfo = { name: "rebinds", version: "1" };
        response.setHeader("connection", "close");
        json(response, { jsonrpc: "2.0", id, result: { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo } });
      },
    });
    const found = await probe({ url: url.replace("127.0.0.1", "rebinds.example") }, fetch);
    expect(found).toMatchObject({ reason, detail: expect.stringContaining("private network") as string });
    expect(looked).toBeGreaterThan(1);
  });

  it("when it speaks SSE and Streamable HTTP was chosen, and says so", async () => {
    const server = await startEverything("sse");
    open.push(() => server.stop());
    const found = await probe({ url: server.url, transport: "streamable-http" });
    expect(found).toMatchObject({ reason, detail: expect.stringContaining("speaks SSE") as string, advice: 'Set its transport to "sse".' });
  });

  it("when it speaks Streamable HTTP and SSE was chosen, and says so", async () => {
    const found = await probe({ url: await scripted({}), transport: "sse" });
    expect(found).toMatchObject({ reason, advice: 'Set its transport to "streamable-http".' });
  });
});

describe("authentication failed, with what the server asks for", () => {
  const all = (answer: Answer): Record<string, Answer> => ({ "server/discover": answer, initialize: answer, GET: answer });

  it.each([
    ["oauth", 401, 'Bearer resource_metadata="https://x.example/.well-known/oauth-protected-resource"', "OAuth 2.0"],
    ["bearer", 401, 'Bearer realm="api"', "Authorization"],
    ["basic", 401, 'Basic realm="api"', "user name"],
    ["other", 403, undefined, "API key"],
  ] as const)("%s", async (asks, status, challenge, advice) => {
    const found = await probe({ url: await scripted(all(refusal(status, challenge))) });
    expect(found).toMatchObject({ status: "disconnected", reason: "authentication-failed", asks });
    expect(found.advice).toContain(advice);
    expect(found.detail).toContain(String(status));
  });

  it("oauth, where only the metadata tells", async () => {
    const origin = await web((request, response) => {
      if (request.url === "/.well-known/oauth-protected-resource/mcp")
        response.end(JSON.stringify({ resource: "x", authorization_servers: ["https://as.example"] }));
      else response.writeHead(401, { "www-authenticate": "Bearer" }).end();
    });
    expect(await probe({ url: `${origin}/mcp` })).toMatchObject({ reason: "authentication-failed", asks: "oauth" });
  });

  it("when a header with a wrong key is sent, and the key is not in what is told", async () => {
    const found = await probe({
      url: await scripted(all((response) => response.writeHead(401).end("key sk-live-0123456789 is wrong"))),
      headers: { Authorization: "Bearer sk-live-0123456789" },
    });
    expect(found.reason).toBe("authentication-failed");
    expect(JSON.stringify(found)).not.toContain("sk-live");
  });
});

describe("no tools found", () => {
  it.each([
    ["the list is empty", { "tools/list": result({ tools: [] }) }, "offers no tools"],
    ["none of the list can be used", { "tools/list": result({ tools: [{ name: "x\u200b", inputSchema: {} }] }) }, "cannot be seen"],
  ])("when %s", async (_, script, detail) => {
    const found = await probe({ url: await scripted(script) });
    expect(found).toMatchObject({ status: "disconnected", reason: "no-tools-found", protocolRevision: "2025-06-18" });
    expect(found.detail).toContain(detail);
  });
});

describe("not an MCP server", () => {
  const page = "<!doctype html><title>Shop</title>";

  it("when a page answers whatever is asked", async () => {
    const origin = await web((_, response) => void response.writeHead(200, { "content-type": "text/html" }).end(page));
    expect(await probe({ url: `${origin}/mcp` })).toMatchObject({
      reason: "not-an-mcp-server",
      advice: expect.stringContaining("web page") as string,
    });
  });

  it("when a page lies there that takes no POST", async () => {
    const origin = await web((request, response) => {
      if (request.method === "GET") response.writeHead(200, { "content-type": "text/html" }).end(page);
      else response.writeHead(405).end();
    });
    expect(await probe({ url: `${origin}/` })).toMatchObject({ reason: "not-an-mcp-server" });
  });

  it("when another API answers in JSON", async () => {
    const origin = await web((_, response) => void response.writeHead(200, { "content-type": "application/json" }).end('{"hello":1}'));
    expect(await probe({ url: `${origin}/mcp` })).toMatchObject({
      reason: "not-an-mcp-server",
      detail: expect.stringContaining("not JSON-RPC") as string,
    });
  });
});

describe("protocol error", () => {
  const reason = "protocol-error";

  it.each<[string, Record<string, Answer>]>([
    [
      "an error is the answer to the first words",
      { initialize: (response, { id }) => json(response, { jsonrpc: "2.0", id, error: { code: -32603, message: "no" } }) },
    ],
    ["the server is in trouble", { "server/discover": refusal(500), initialize: refusal(500) }],
    ["its list is none", { "tools/list": result({ tools: "many" }) }],
    ["its list does not end", { "tools/list": endlessList }],
    ["its list is huge", { "tools/list": result({ tools: [tool("one", { description: "x".repeat(9 * 1024 * 1024) })] }) }],
  ])("when %s", async (_, script) => {
    expect(await probe({ url: await scripted(script) })).toMatchObject({ status: "disconnected", reason });
  });

  it("when answers have somebody else's id, it ends in time", async () => {
    const url = await scripted({ "tools/list": (response) => json(response, { jsonrpc: "2.0", id: 4711, result: { tools: [] } }) });
    expect((await probe({ url, connectTimeoutMs: 1_000 })).status).toBe("disconnected");
  });
});
