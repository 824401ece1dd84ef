/** Connections to one server are bounded, and those that stay open take none from the calls. */
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { createGuardedFetch } from "../../../server/guard/network/guarded-fetch.ts";
import { staysOpen } from "../../../server/tools/mcp/wire/stays-open.ts";
import { callContext, testHost, toolOf } from "../../support/mcp-host.ts";
import { modernResult, modernScriptedServer } from "../../support/mcp-modern-script.ts";
import { opened, serve } from "../../support/mcp-opened.ts";
import { eventStream, json, type Answer, type ScriptedServer } from "../../support/mcp-scripted-server.ts";
import { waitFor } from "../../support/wait-for.ts";

const CONVERSATIONS = 12;
const CONNECTIONS = 3;
const STREAMS = 2;

const fetch = createGuardedFetch({
  allowPrivate: ["127.0.0.1"],
  connections: CONNECTIONS,
  streamConnections: STREAMS,
  isStream: staysOpen,
});

/** The sockets that are open now, and the most that were at once. */
function watching(server: ScriptedServer): { readonly most: () => number } {
  const open = new Set<Socket>();
  let most = 0;
  for (const method of Object.keys(server.script)) {
    const answer = server.script[method];
    server.script[method] = (response, message) => {
      const { socket } = response;
      if (socket !== null && !open.has(socket)) {
        open.add(socket);
        socket.once("close", () => open.delete(socket));
        most = Math.max(most, open.size);
      }
      answer?.(response, message);
    };
  }
  return { most: () => most };
}

const held: Answer = (response) => void eventStream(response);

describe("many conversations with one server", () => {
  it.each<[string, () => Promise<ScriptedServer>, string]>([
    ["that all hold a stream of the legacy era", async () => serve({ GET: held }), "GET"],
    [
      "that all listen as in the modern era",
      async () =>
        opened(
          await modernScriptedServer({
            "server/discover": modernResult({
              supportedVersions: ["2026-07-28"],
              capabilities: { tools: { listChanged: true } },
              serverInfo: { name: "modern script", version: "1" },
            }),
            "subscriptions/listen": held,
            "tools/call": modernResult({ content: [{ type: "text", text: "done" }] }),
          }),
        ),
      "subscriptions/listen",
    ],
  ])("%s are all answered, over a bounded number of connections", async (_how, started, streaming) => {
    const server = await started();
    const sockets = watching(server);
    const host = opened(testHost([{ key: "shop", name: "Shop", url: server.url }], { fetch }));
    const names = Array.from({ length: CONVERSATIONS }, (_, index) => `conversation-${index}`);
    for (let round = 0; round < 2; round += 1) {
      const calls = names.map(async (name) => toolOf(await host.open(name), "shop__act").call({}, callContext({ callId: name })));
      for (const result of await Promise.all(calls)) expect(result).toMatchObject({ outcome: "ok" });
    }
    await waitFor(() => server.count(streaming) === STREAMS);
    expect(server.count("tools/call")).toBe(2 * CONVERSATIONS);
    expect(sockets.most()).toBeLessThanOrEqual(CONNECTIONS + STREAMS);
  });

  it("whose calls take long wait for a connection, and are all made once", async () => {
    const waiting: (() => void)[] = [];
    const server = await serve({
      "tools/call": (response, { id }) => void waiting.push(() => json(response, { jsonrpc: "2.0", id, result: { content: [] } })),
    });
    const host = opened(testHost([{ key: "shop", name: "Shop", url: server.url }], { fetch }));
    const names = Array.from({ length: CONVERSATIONS }, (_, index) => `conversation-${index}`);
    const tools = await Promise.all(names.map(async (name) => toolOf(await host.open(name), "shop__act")));
    const calls = Promise.all(tools.map((tool, index) => tool.call({}, callContext({ callId: `call-${index}` }))));
    for (let answered = 0; answered < CONVERSATIONS; answered += 1) {
      await waitFor(() => waiting.length > 0);
      expect(waiting.length).toBeLessThanOrEqual(CONNECTIONS);
      waiting.shift()?.();
    }
    for (const result of await calls) expect(result).toMatchObject({ outcome: "ok" });
    expect(server.count("tools/call")).toBe(CONVERSATIONS);
  });
});
