import { describe, expect, it } from "vitest";
import { opened } from "../../support/mcp-opened.ts";
import { MovingDirectory } from "../../support/mcp-directory.ts";
import { anyToolOf, callContext, testHost, toolOf, type TestHost } from "../../support/mcp-host.ts";
import { json, result, scriptedServer, tool, type ScriptedServer } from "../../support/mcp-scripted-server.ts";
import { waitFor } from "../../support/wait-for.ts";

async function start(): Promise<{
  server: ScriptedServer;
  host: TestHost;
  directory: MovingDirectory;
  settings: { key: string; name: string; url: string };
}> {
  const server = await scriptedServer({ "tools/list": result({ tools: [tool("act"), tool("new"), tool("off")] }) });
  const settings = { key: "shop", name: "Shop", url: server.url };
  const directory = new MovingDirectory([settings]);
  const host = testHost([settings], { directory });
  opened(server);
  opened(host);
  return { server, host, directory, settings };
}

describe("a server of a directory that changes", () => {
  it("is gone at once when it may not be used any more: no tools, and no call of those offered before leaves", async () => {
    const { host, directory, server } = await start();
    const act = anyToolOf(await host.open(), "shop__act");
    expect(await act.call({}, callContext())).toMatchObject({ outcome: "ok" });
    directory.entries.delete("shop");
    expect(await act.call({}, callContext())).toMatchObject({
      outcome: "failed",
      cause: "Shop was not called: it may not be used any more.",
    });
    expect(await host.open()).toMatchObject({ tools: [], unavailable: [{ server: "shop" }] });
    expect(server.count("tools/call")).toBe(1);
  });

  it("is a new one with another revision: nothing of the old connection, list or settings is used", async () => {
    const { host, directory, server, settings } = await start();
    const act = anyToolOf(await host.open(), "shop__act");
    await act.call({}, callContext());
    const other = await scriptedServer({ "tools/list": result({ tools: [tool("act"), tool("more")] }) });
    opened(other);
    directory.set({ ...settings, url: other.url }, { revision: "2" });
    expect((await host.open()).tools.map(({ name }) => name)).toEqual(["shop__act", "shop__more"]);
    expect(await act.call({}, callContext())).toMatchObject({ outcome: "ok" });
    expect(server.count("tools/call")).toBe(1);
    expect(other.count("tools/call")).toBe(1);
    await waitFor(() => server.count("DELETE") === 1);
  });

  it("lets a call end that runs while the server is changed", async () => {
    const { host, directory, server, settings } = await start();
    let finish: (() => void) | undefined;
    server.script["tools/call"] = (response, { id }) => {
      finish = () => json(response, { jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "done" }] } });
    };
    const calling = toolOf(await host.open(), "shop__act").call({}, callContext());
    await waitFor(() => finish !== undefined);
    directory.set(settings, { revision: "2" });
    await host.open();
    finish?.();
    expect((await calling).outcome).toBe("ok");
  });

  it("keeps its connection when only its words change", async () => {
    const { host, directory, server, settings } = await start();
    await toolOf(await host.open(), "shop__act").call({}, callContext());
    directory.set({ ...settings, name: "The Shop", trusted: true });
    const { tools } = await host.open();
    expect(tools[0]?.reference.serverName).toBe("The Shop");
    expect(server.count("initialize")).toBe(1);
  });

  it("shows the model only tools that were accepted, under names that do not depend on it, and marks what nobody has looked at", async () => {
    const { host, directory } = await start();
    directory.verdicts.set("off", { use: "hidden", reason: "disabled" }).set("new", { use: "offered", asks: true });
    const { tools } = await host.open();
    expect(tools.map(({ name, alwaysAsks }) => [name, alwaysAsks])).toEqual([
      ["shop__act", undefined],
      ["shop__new", true],
    ]);
    directory.verdicts.set("act", { use: "hidden", reason: "changed" }).set("off", { use: "offered" });
    expect((await host.open()).tools.map(({ name }) => name)).toEqual(["shop__new", "shop__off"]);
    expect(directory.observed[0]).toEqual({ key: "shop", tools: ["act", "new", "off"] });
  });

  it("keeps of results what the server's entry says", async () => {
    const { host, directory, settings } = await start();
    for (const [at, results] of (["redacted", "none", "full"] as const).entries()) {
      directory.set({ ...settings, results }, { revision: `keeping ${at}` });
      const { keep } = await toolOf(await host.open(), "shop__act").call({}, callContext());
      expect(keep).toBe(results === "full" ? undefined : results);
    }
  });

  it("is told how conversations find it", async () => {
    const { host, directory, server } = await start();
    await host.open();
    expect(directory.seen).toEqual([undefined]);
    await server.close();
    host.advance(60_000);
    await host.open("conversation-2");
    expect(directory.seen.at(-1)).toContain("Shop at");
  });
});

describe("servers with equal tools", () => {
  it("keep them apart, in one order, whichever answers first", async () => {
    const tools = result({ tools: [tool("act"), tool("a__b"), tool("Act"), tool("act!"), tool("act?")] });
    const servers = await Promise.all([scriptedServer({ "tools/list": tools }), scriptedServer({ "tools/list": tools })]);
    const host = testHost(servers.map(({ url }, at) => ({ key: at === 0 ? "b" : "a", name: "Shop", url })));
    for (const server of servers) opened(server);
    opened(host);
    const names = (await host.open()).tools.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(new Set(names).size).toBe(10);
    expect((await host.open("conversation-2", { servers: ["a", "b"] })).tools.map(({ name }) => name)).toEqual(names);
    const act = toolOf(await host.open(), "a__act");
    await act.call({}, callContext());
    expect(servers.map((server) => server.count("tools/call"))).toEqual([0, 1]);
  });
});
