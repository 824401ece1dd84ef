import { describe, expect, it } from "vitest";
import { callContext, toolOf } from "../../support/mcp-host.ts";
import { act, serve, shopHost } from "../../support/mcp-opened.ts";
import { result, tool } from "../../support/mcp-scripted-server.ts";
import { waitFor } from "../../support/wait-for.ts";

describe("what a server is told", () => {
  it("names the chat in every request: the probe, initialize, the stream, calls, DELETE", async () => {
    const server = await serve();
    const mine = shopHost(server, { headers: { authorization: "Bearer secret" } });
    await act(mine, "conversation-9");
    await mine.close();
    await waitFor(() => server.count("DELETE") === 1);
    const seen = new Set(server.requests.map(({ method, message }) => message?.method ?? method));
    for (const expected of ["server/discover", "initialize", "notifications/initialized", "GET", "tools/list", "tools/call", "DELETE"])
      expect(seen).toContain(expected);
    for (const { headers } of server.requests)
      expect(headers).toMatchObject({ "x-chat-id": "conversation-9", "x-session-id": "session-1", authorization: "Bearer secret" });
  });

  it("names the page view that a later call came from", async () => {
    const server = await serve();
    const mine = shopHost(server);
    await act(mine);
    await toolOf(await mine.open(undefined, { sessionId: "session-2" }), "shop__act").call({}, callContext());
    expect(server.requests.at(-1)?.headers["x-session-id"]).toBe("session-2");
  });

  it("names the voice call that a call came from, and none where the customer wrote, over the same link", async () => {
    const server = await serve();
    const mine = shopHost(server);
    const calling = async (voiceCallId?: string) => {
      const toolbox = await mine.open(undefined, voiceCallId === undefined ? {} : { voiceCallId });
      await toolOf(toolbox, "shop__act").call({}, callContext());
      return server.requests.at(-1)?.headers["x-call-id"];
    };
    expect([await calling(), await calling("voice-call-1"), await calling("voice-call-2"), await calling()]).toEqual([
      undefined,
      "voice-call-1",
      "voice-call-2",
      undefined,
    ]);
    expect(server.count("initialize")).toBe(1);
  });

  it("sends the server's own name of a tool, and arguments as they are", async () => {
    const server = await serve({ "tools/list": result({ tools: [tool("Rückerstattung")] }) });
    const [only] = (await shopHost(server).open()).tools;
    expect(only?.name).toMatch(/^shop__R_ckerstattung-[0-9a-f]{8}$/);
    await only?.call(JSON.parse('{"__proto__":{"admin":true},"id":1}') as Record<string, unknown>, callContext());
    const params = server.requests.at(-1)?.message?.params;
    expect(params?.["name"]).toBe("Rückerstattung");
    expect(JSON.stringify(params?.["arguments"])).toBe('{"__proto__":{"admin":true},"id":1}');
  });
});

describe("links to a server", () => {
  it("serve all calls of a conversation, and no other conversation's", async () => {
    const server = await serve();
    const mine = shopHost(server);
    await act(mine, "conversation-1");
    await act(mine, "conversation-1");
    expect(server.count("initialize")).toBe(1);
    await act(mine, "conversation-2");
    expect(server.count("initialize")).toBe(2);
  });

  it("are made once for calls that start together", async () => {
    const server = await serve();
    const mine = shopHost(server);
    const one = toolOf(await mine.open("conversation-1"), "shop__act");
    const other = toolOf(await mine.open("conversation-2"), "shop__act");
    await Promise.all([one, other, other, other].map((each) => each.call({}, callContext())));
    expect(server.count("initialize")).toBe(2);
    expect(server.count("tools/call")).toBe(4);
  });

  it("are made anew for each call where that is asked for, and ended after it", async () => {
    const server = await serve();
    const mine = shopHost(server, { isolation: "call" });
    await act(mine);
    await act(mine);
    await waitFor(() => server.count("DELETE") === 3);
    // One for the list, one for each call.
    expect(server.count("initialize")).toBe(3);
    const sessions = server.requests
      .filter(({ message }) => message?.method === "tools/call")
      .map(({ headers }) => headers["mcp-session-id"]);
    expect(new Set(sessions).size).toBe(2);
  });

  it("are closed some time after the conversation rests, and made again when it goes on", async () => {
    const server = await serve();
    const mine = shopHost(server, {}, { idleMs: 60_000 });
    await act(mine);
    mine.tools.rest("conversation-1");
    mine.advance(30_000);
    await act(mine);
    expect(server.count("DELETE")).toBe(0);
    mine.tools.rest("conversation-1");
    mine.advance(60_000);
    await waitFor(() => server.count("DELETE") === 1);
    expect((await act(mine)).outcome).toBe("ok");
    expect(server.count("initialize")).toBe(2);
  });

  it("are closed even where nobody says that the conversation rests", async () => {
    const server = await serve();
    const mine = shopHost(server, {}, { idleMs: 1_000 });
    await act(mine);
    mine.advance(10_000);
    await waitFor(() => server.count("DELETE") === 1);
  });

  it("are made again before a call whose session the server has forgotten", async () => {
    const server = await serve();
    const mine = shopHost(server);
    await act(mine);
    server.script["ping"] = (response) => response.writeHead(404).end();
    mine.advance(11_000);
    expect((await act(mine)).outcome).toBe("ok");
    expect(server.count("ping")).toBe(1);
    expect(server.count("initialize")).toBe(2);
    expect(server.count("tools/call")).toBe(2);
  });

  it("remember which era and wire a server speaks", async () => {
    const server = await serve();
    const mine = shopHost(server);
    await act(mine, "conversation-1");
    await act(mine, "conversation-2");
    expect(server.count("server/discover")).toBe(1);
  });
});
