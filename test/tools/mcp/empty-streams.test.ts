/** A server may say that it has a stream for us, and have none. It is not asked for ever. */
import { describe, expect, it } from "vitest";
import type { Fetch } from "../../../server/tools/mcp/wire/conversation-fetch.ts";
import { longAfter, type TestHost } from "../../support/mcp-host.ts";
import { act, serve, shopHost } from "../../support/mcp-opened.ts";
import { eventStream, type Answer, type ScriptedServer } from "../../support/mcp-scripted-server.ts";
import { waitFor } from "../../support/wait-for.ts";

const events = { "content-type": "text/event-stream" };

/** A fetch that counts the streams whose end was heard: before, no time may pass, or a short one would be a long one. */
function hearingFetch(): { readonly fetch: Fetch; readonly ended: () => number } {
  let ended = 0;
  const watched = async (url: string | URL, init?: RequestInit): Promise<Response> => {
    const response = await fetch(url, init).finally(() => (ended += 1));
    if (response.body === null) return response;
    ended -= 1;
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          ended += 1;
          throw error;
        });
        if (!done) return controller.enqueue(value);
        ended += 1;
        controller.close();
      },
      cancel: (reason) => reader.cancel(reason).finally(() => (ended += 1)),
    });
    return new Response(body, response);
  };
  return { fetch: (url, init) => (init?.method === "GET" ? watched(url, init) : fetch(url, init)), ended: () => ended };
}

/** A host with a link, whose time moves on until the stream was asked for `times` times; what time that took it. */
async function askedFor(server: ScriptedServer, times: number): Promise<{ mine: TestHost; tookMs: number }> {
  const { fetch, ended } = hearingFetch();
  const mine = shopHost(server, {}, { idleMs: 36_000_000, fetch });
  await act(mine);
  const begun = mine.now();
  await waitFor(() => {
    const asked = server.count("GET");
    if (ended() < asked) return false;
    if (asked < times) mine.advance(250);
    return asked >= times;
  });
  return { mine, tookMs: mine.now() - begun };
}

describe("a stream that is none", () => {
  it.each<[string, Answer]>([
    ["a page", (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<h1>Hello</h1>")],
    ["an empty 200", (response) => void response.writeHead(200).end()],
    ["a JSON", (response) => void response.writeHead(200, { "content-type": "application/json" }).end("{}")],
    ["204", (response) => void response.writeHead(204).end()],
    ["202", (response) => void response.writeHead(202).end()],
  ])("but %s, is not asked for again", async (_what, answer) => {
    const server = await serve({ GET: answer });
    const { mine } = await askedFor(server, 1);
    await longAfter(mine);
    expect(server.count("GET")).toBe(1);
  });

  it.each<[string, Answer]>([
    ["ends at once", (response) => void response.writeHead(200, events).end()],
    ["says only how soon to come again", (response) => void response.writeHead(200, events).end("retry: 10\n\n")],
    ["says only a comment", (response) => void response.writeHead(200, events).end(": welcome\n\n")],
    ["is reset", (response) => void response.writeHead(200, events).write(":\n\n", () => response.socket?.resetAndDestroy())],
  ])("since it %s, is asked for at growing intervals, and then no more", async (_how, answer) => {
    const server = await serve({ GET: answer });
    const { mine, tookMs } = await askedFor(server, 5);
    expect(tookMs).toBeGreaterThanOrEqual(1_000 + 2_000 + 4_000 + 8_000);
    await longAfter(mine);
    expect(server.count("GET")).toBe(5);
  });

  it("since it is reset, be it before or after its head, is asked for as rarely", async () => {
    const server = await serve({
      GET: (response) => {
        if (server.count("GET") % 2 === 0) response.socket?.resetAndDestroy();
        else response.writeHead(200, events).end();
      },
    });
    const { mine, tookMs } = await askedFor(server, 5);
    expect(tookMs).toBeGreaterThanOrEqual(1_000 + 2_000 + 4_000 + 8_000);
    await longAfter(mine);
    expect(server.count("GET")).toBe(5);
  });

  it("does not keep calls from being answered", async () => {
    const server = await serve({ GET: (response) => void response.writeHead(200, events).end() });
    const mine = shopHost(server);
    await act(mine);
    await longAfter(mine);
    expect(await act(mine)).toMatchObject({ outcome: "ok" });
  });
});

describe("a stream that is one", () => {
  it("is opened again as often as it ends, if it lasted", async () => {
    const open: (() => void)[] = [];
    const server = await serve({
      GET: (response) => {
        eventStream(response);
        open.push(() => response.end());
      },
    });
    const mine = shopHost(server, {}, { idleMs: 36_000_000 });
    await act(mine);
    for (let time = 1; time <= 12; time += 1) {
      await waitFor(() => open.length === time);
      mine.advance(60_000);
      open.at(-1)?.();
      // The end has to be heard before the time until the next one can pass.
      await waitFor(() => (mine.advance(1_000), server.count("GET") > time));
    }
  });

  it("and says something each time it is opened, is opened ever more rarely, but not given up", async () => {
    const server = await serve({
      GET: (response) => {
        eventStream(response)({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
        response.end();
      },
    });
    expect((await askedFor(server, 9)).tookMs).toBeGreaterThanOrEqual(180_000);
  });
});
