/** A connection that was kept may be closed at any time, and only the next request finds out. */
import { describe, expect, it } from "vitest";
import { act, opened, serve, shopHost } from "../../support/mcp-opened.ts";
import { testHost } from "../../support/mcp-host.ts";
import type { Answer, ScriptedServer } from "../../support/mcp-scripted-server.ts";

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
});
