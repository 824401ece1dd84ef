import { describe, expect, it } from "vitest";
import { createGuardedFetch } from "../../../server/guard/network/guarded-fetch.ts";
import { opened } from "../../support/mcp-opened.ts";
import { callContext, testHost, toolOf } from "../../support/mcp-host.ts";
import { result, scriptedServer, tool, type Answer } from "../../support/mcp-scripted-server.ts";

/** The guarded fetch, in a network in which only the test's own servers are allowed. */
const LOOPBACK = ["127.0.0.1/32"];

describe("a server that leads elsewhere", () => {
  it.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/mcp",
    "http://[::ffff:10.0.0.1]/mcp",
    "http://0x7f.1:9/mcp",
    "file:///etc/passwd",
  ])("with a redirect to %s is not followed, and its call did nothing there", async (location) => {
    const away: Answer = (response) => response.writeHead(307, { location }).end();
    const server = await scriptedServer();
    const host = testHost([{ key: "shop", name: "Shop", url: server.url }], { fetch: createGuardedFetch({ allowPrivate: LOOPBACK }) });
    opened(server);
    opened(host);
    const act = toolOf(await host.open(), "shop__act");
    server.script["tools/call"] = away;
    const { outcome, cause } = await act.call({}, callContext());
    expect(["failed", "unknown"]).toContain(outcome);
    expect(cause).toContain("Shop");
    for (const method of ["server/discover", "initialize", "tools/list"]) server.script[method] = away;
    host.advance(60_000);
    expect((await host.open("conversation-2")).unavailable).toHaveLength(1);
  });

  it("with a name that is somebody else's a moment later is let go", async () => {
    const server = await scriptedServer({ "tools/list": result({ tools: [tool("act")], ttlMs: 0 }) });
    const asked: string[] = [];
    let address = "127.0.0.1";
    const fetch = createGuardedFetch({
      allowPrivate: LOOPBACK,
      resolve: async (name) => {
        asked.push(name);
        return [{ address, family: 4 }];
      },
    });
    const host = testHost([{ key: "shop", name: "Shop", url: `http://shop.example:${server.port}/mcp` }], { fetch });
    opened(host);
    const act = toolOf(await host.open(), "shop__act");
    expect((await act.call({}, callContext())).outcome).toBe("ok");
    await server.close();
    address = "10.0.0.1";
    host.advance(60_000);
    expect(await act.call({}, callContext())).toMatchObject({ outcome: "failed" });
    host.advance(60_000);
    expect((await host.open("conversation-2")).unavailable[0]?.cause).toMatch(/private network|not allowed/);
    expect(new Set(asked)).toEqual(new Set(["shop.example"]));
  });
});

describe("a list of tools made to mislead", () => {
  it("shows no character that cannot be seen, and no name twice", async () => {
    const tools = [
      tool("act\u200B"),
      tool("ac\u0000t"),
      tool("a b", { title: "Pay\u202Enow\u0007", description: "Sends \u{E0041}money\u{E0042}." }),
      tool("a_b"),
      tool("a\tb"),
      tool("a-b"),
      tool("a-b"),
      tool("__proto__"),
      tool("constructor"),
    ];
    const server = await scriptedServer({ "tools/list": result({ tools }) });
    const host = testHost([{ key: "shop", name: "Shop", url: server.url }]);
    opened(server);
    opened(host);
    const offered = (await host.open()).tools;
    const names = offered.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(offered.find(({ reference }) => reference.tool === "a b")).toMatchObject({
      description: "Sends money.",
      reference: { title: "Paynow" },
    });
    expect(offered.map(({ reference }) => reference.tool)).toEqual(expect.arrayContaining(["__proto__", "constructor", "a_b"]));
    expect(host.warnings.map((warning) => warning["reason"])).toEqual(
      expect.arrayContaining(["its name has characters that cannot be seen", "another tool has the same name"]),
    );
    expect(await toolOf({ tools: offered, unavailable: [] }, "shop__constructor").call({}, callContext())).toMatchObject({ outcome: "ok" });
  });

  it("nested so deep that nobody could walk it costs only its own tool", async () => {
    const deep = JSON.parse(`${'{"properties":{"a":'.repeat(2_000)}{}${"}}".repeat(2_000)}`) as object;
    const server = await scriptedServer({ "tools/list": result({ tools: [tool("deep", { inputSchema: deep }), tool("act")] }) });
    const host = testHost([{ key: "shop", name: "Shop", url: server.url }]);
    opened(server);
    opened(host);
    expect((await host.open()).tools.map(({ name }) => name)).toEqual(["shop__act"]);
  });
});
