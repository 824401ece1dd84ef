import { describe, expect, it } from "vitest";
import { opened } from "../../support/mcp-opened.ts";
import { anyToolOf, callContext, testHost, toolOf, type TestHost } from "../../support/mcp-host.ts";
import { modernServer, type ModernContext, type ModernServer } from "../../support/mcp-modern-server.ts";
import { waitFor } from "../../support/wait-for.ts";

const methods = (server: ModernServer): string[] => server.requests.map(({ body }) => (JSON.parse(body) as { method: string }).method);
const count = (server: ModernServer, method: string): number => methods(server).filter((one) => one === method).length;

/** What the tools of the fixture saw. */
interface Seen {
  cancelled: boolean;
  withMore: boolean;
}

async function start(cacheHints: object = {}): Promise<{ server: ModernServer; host: TestHost; seen: Seen }> {
  const seen: Seen = { cancelled: false, withMore: false };
  const server = await modernServer((one, schema) => {
    const text = (value: string): object => ({ content: [{ type: "text", text: value }] });
    one.registerTool(
      "greet",
      { inputSchema: schema({ type: "object", properties: { name: { type: "string" } }, required: ["name"] }) },
      ({ name }: { name: string }) => text(`Hello ${name}`),
    );
    one.registerTool(
      "region",
      { inputSchema: schema({ type: "object", properties: { region: { type: "string", "x-mcp-header": "Region" } } }) },
      ({ region }: { region: string }) => text(region),
    );
    one.registerTool("ask", { inputSchema: schema({ type: "object" }) }, () => ({
      resultType: "input_required",
      inputRequests: {
        who: {
          method: "elicitation/create",
          params: { mode: "form", message: "Who?", requestedSchema: { type: "object", properties: {} } },
        },
      },
      requestState: "s",
    }));
    one.registerTool("wait", { inputSchema: schema({ type: "object" }) }, async (_: object, { mcpReq }: ModernContext) => {
      const progressToken = mcpReq._meta?.progressToken;
      await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress: 1, message: "begun" } });
      await new Promise<void>((resolve) => mcpReq.signal.addEventListener("abort", () => resolve()));
      seen.cancelled = true;
      return text("never read");
    });
    if (seen.withMore) one.registerTool("more", { inputSchema: schema({ type: "object" }) }, () => text("more"));
  }, cacheHints);
  const host = testHost([{ key: "new", name: "New", url: server.url }]);
  opened(server);
  opened(host);
  return { server, host, seen };
}

describe("a server of the modern era", () => {
  it("is spoken with in its own way, without a session, and names the chat in every request", async () => {
    const { server, host } = await start();
    const greet = toolOf(await host.open("conversation-7"), "new__greet");
    expect(await greet.call({ name: "Ada" }, callContext())).toEqual({
      outcome: "ok",
      content: [{ kind: "text", text: "Hello Ada" }],
      // As the server said it, for a view.
      meta: { "io.modelcontextprotocol/serverInfo": { name: "modern", version: "1" } },
    });
    expect(methods(server)).not.toContain("initialize");
    const call = server.requests.find(({ body }) => body.includes('"tools/call"'));
    expect(call?.headers).toMatchObject({ "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "greet" });
    for (const { headers } of server.requests)
      expect(headers).toMatchObject({ "x-chat-id": "conversation-7", "x-session-id": "session-1" });
  });

  it("is told the voice call in which the customer asked", async () => {
    const { server, host } = await start();
    await toolOf(await host.open("conversation-7", { voiceCallId: "voice-call-1" }), "new__greet").call({ name: "Ada" }, callContext());
    for (const { headers } of server.requests) expect(headers).toMatchObject({ "x-call-id": "voice-call-1" });
    await toolOf(await host.open("conversation-7"), "new__greet").call({ name: "Ada" }, callContext());
    expect(server.requests.at(-1)?.headers).not.toHaveProperty("x-call-id");
  });

  it("is not asked for its era by the next conversation", async () => {
    const { server, host } = await start();
    for (const conversation of ["conversation-1", "conversation-2"])
      await toolOf(await host.open(conversation), "new__greet").call({ name: "Ada" }, callContext());
    expect(count(server, "server/discover")).toBe(1);
  });

  it("gets the headers that mirror arguments", async () => {
    const { server, host } = await start();
    expect((await toolOf(await host.open(), "new__region").call({ region: "eu" }, callContext())).outcome).toBe("ok");
    expect(server.requests.at(-1)?.headers["mcp-param-region"]).toBe("eu");
  });

  it("reports progress, and is cancelled by closing the stream", async () => {
    const { server, host, seen } = await start();
    const stop = new AbortController();
    const told: unknown[] = [];
    const wait = toolOf(await host.open(), "new__wait");
    const onProgress = (progress: unknown): void => {
      told.push(progress);
      stop.abort();
    };
    expect((await wait.call({}, callContext({ signal: stop.signal, onProgress }))).outcome).toBe("cancelled");
    expect(told).toEqual([{ progress: 1, message: "begun" }]);
    await waitFor(() => seen.cancelled);
    expect(methods(server)).not.toContain("notifications/cancelled");
  });

  it("that asks for input pauses the call, and is not tried again before there is an answer", async () => {
    const { server, host } = await start();
    const result = await anyToolOf(await host.open(), "new__ask").call({}, callContext());
    expect(result).toEqual({ outcome: "paused", requestState: "s", inputs: { who: { kind: "form", message: "Who?", fields: [] } } });
    expect(count(server, "tools/call")).toBe(1);
  });

  it("announces its changes on a stream that is listened to", async () => {
    const { server, host, seen } = await start({ "tools/list": { ttlMs: 3_600_000, cacheScope: "private" } });
    expect((await host.open()).tools).toHaveLength(4);
    await waitFor(() => count(server, "subscriptions/listen") === 1);
    seen.withMore = true;
    await waitFor(async () => {
      server.toolsChanged();
      return (await host.open()).tools.length === 5;
    });
  });

  it("decides how long its list is good, and for whom", async () => {
    const mine = await start({ "tools/list": { ttlMs: 60_000, cacheScope: "public" } });
    await mine.host.open("conversation-1");
    await mine.host.open("conversation-2");
    mine.host.advance(59_000);
    await mine.host.open("conversation-1");
    expect(count(mine.server, "tools/list")).toBe(1);
    mine.host.advance(2_000);
    await mine.host.open("conversation-1");
    expect(count(mine.server, "tools/list")).toBe(2);

    const yours = await start({ "tools/list": { ttlMs: 60_000, cacheScope: "private" } });
    await yours.host.open("conversation-1");
    await yours.host.open("conversation-2");
    expect(count(yours.server, "tools/list")).toBe(2);
  });
});
