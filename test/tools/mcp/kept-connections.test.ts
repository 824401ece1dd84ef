/** A connection that was kept may be closed at any time, and only the next request finds out. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { act, opened, serve, shopHost } from "../../support/mcp-opened.ts";
import { testHost } from "../../support/mcp-host.ts";
import { tool, type Answer, type ScriptedMessage, type ScriptedServer } from "../../support/mcp-scripted-server.ts";

/** The first request of a method finds its connection closed. */
async function closingAt(method: string, close: Answer, times = 1): Promise<ScriptedServer> {
  const server = await serve();
  const answer = server.script[method];
  let left = times;
  server.script[method] = (response, message) => {
    left -= 1;
    if (left >= 0) close(response, message);
    else answer?.(response, message);
  };
  return server;
}

const hangUp: Answer = (response) => void response.socket?.destroy();
const reset: Answer = (response) => void response.socket?.resetAndDestroy();

describe("a closed connection", () => {
  it.each([
    ["initialize", "ended", hangUp],
    ["initialize", "reset", reset],
    ["tools/list", "ended", hangUp],
    ["tools/list", "reset", reset],
    [
      "tools/list",
      "ended in the middle",
      (response) =>
        void response
          .writeHead(200, { "content-type": "application/json", "content-length": "500" })
          .write("{", () => response.socket?.destroy()),
    ],
  ] satisfies [string, string, Answer][])("at %s, %s, costs nothing: it is asked once more", async (method, _how, close) => {
    const server = await closingAt(method, close);
    expect(await act(shopHost(server, { protocol: "legacy" }))).toMatchObject({ outcome: "ok" });
    expect(server.count(method)).toBe(2);
    expect(server.count("tools/call")).toBe(1);
  });

  it("is asked once more, and no more than that", async () => {
    const server = await closingAt("initialize", hangUp, 100);
    const { unavailable } = await shopHost(server, { protocol: "legacy" }).open();
    expect(unavailable).toMatchObject([{ cause: expect.stringContaining("ended the connection") as string }]);
    expect(server.count("initialize")).toBe(2);
  });

  it.each([
    ["ended", hangUp],
    ["reset", reset],
  ])("at a call, %s, leaves it unknown: it is never sent again", async (_how, close) => {
    const server = await closingAt("tools/call", close);
    expect(await act(shopHost(server))).toMatchObject({ outcome: "unknown" });
    expect(server.count("tools/call")).toBe(1);
  });

  it("that cannot be made is no closed one: nothing is asked twice", async () => {
    const server = await serve();
    await server.close();
    let asked = 0;
    const counting: typeof fetch = async (...request) => {
      asked += 1;
      return fetch(...request);
    };
    const host = opened(testHost([{ key: "shop", name: "Shop", url: server.url }], { fetch: counting }));
    expect((await host.open()).unavailable).toMatchObject([{ cause: expect.stringContaining("ECONNREFUSED") as string }]);
    expect(asked).toBe(1);
  });

  it.each([
    ["initialize", 2, "ok"],
    ["tools/list", 2, "ok"],
    ["tools/call", 1, "unknown"],
  ])("at %s over SSE is treated alike", async (method, times, outcome) => {
    const asked: string[] = [];
    let stream: ServerResponse | undefined;
    const { url, close } = await sseServer(
      (message) => {
        asked.push(message.method ?? "");
        if (message.method === method && asked.filter((one) => one === method).length === 1) return "hang up";
        const result = RESULTS[message.method ?? ""];
        if (result !== undefined) stream?.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: "2.0", id: message.id, result })}\n\n`);
        return "taken";
      },
      (response) => (stream = response),
    );
    opened({ close });
    expect(await act(shopHost({ url }, { callTimeoutMs: 600_000 }))).toMatchObject({ outcome });
    expect(asked.filter((one) => one === method)).toHaveLength(times);
  });
});

const RESULTS: Readonly<Record<string, object>> = {
  initialize: { protocolVersion: "2024-11-05", capabilities: { tools: {} }, serverInfo: { name: "old", version: "1" } },
  "tools/list": { tools: [tool("act")] },
  "tools/call": { content: [{ type: "text", text: "done" }] },
};

/** A server over SSE that does with each message what a test says. */
async function sseServer(
  take: (message: ScriptedMessage) => "taken" | "hang up",
  onStream: (response: ServerResponse) => void,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.method === "GET") {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("event: endpoint\ndata: /messages\n\n");
      return onStream(response);
    }
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      if (take(JSON.parse(body) as ScriptedMessage) === "taken") response.writeHead(202).end();
      else request.socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sse`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
