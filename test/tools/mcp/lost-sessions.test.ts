/** A server that was started again knows no earlier session. What was refused for that was not run. */
import { describe, expect, it } from "vitest";
import { callContext, toolOf } from "../../support/mcp-host.ts";
import { act, serve, shopHost } from "../../support/mcp-opened.ts";
import { eventStream, json, type ScriptedServer } from "../../support/mcp-scripted-server.ts";

type Refusal = (id: unknown) => { readonly status: number; readonly body: unknown };

/** From now on the server knows only the sessions that begin after this. */
function forgetSessions(server: ScriptedServer, refusal: Refusal): void {
  const begun = server.count("initialize");
  for (const method of ["tools/call", "tools/list", "ping"]) {
    const answer = server.script[method];
    server.script[method] = (response, message) => {
      if (server.count("initialize") > begun) return answer?.(response, message);
      const { status, body } = refusal(message.id);
      response
        .writeHead(status, { "content-type": typeof body === "string" ? "text/plain" : "application/json" })
        .end(typeof body === "string" ? body : JSON.stringify(body));
    };
  }
}

const rpc = (id: unknown, code: number, message: string): object => ({ jsonrpc: "2.0", id, error: { code, message } });

describe("a session that the server has forgotten is begun anew within the call", () => {
  it.each<[string, Refusal]>([
    ["404", () => ({ status: 404, body: "" })],
    ["404 and an error without an id", () => ({ status: 404, body: rpc(null, -32001, "Session not found") })],
    ["404 and an error with our id", (id) => ({ status: 404, body: rpc(id, -32001, "Session not found") })],
    ["200 and an error", (id) => ({ status: 200, body: rpc(id, -32001, "Session not found") })],
    ["200 and an error without an id", () => ({ status: 200, body: rpc(null, -32000, "Session expired") })],
    ["400 and an error", () => ({ status: 400, body: rpc(null, -32000, "Bad Request: No valid session ID provided") })],
    ["400 and another", () => ({ status: 400, body: rpc(null, -32000, "Bad Request: Server not initialized") })],
    ["400 and a text", () => ({ status: 400, body: "Invalid or missing session ID" })],
    ["410 and a text", () => ({ status: 410, body: "Session 1234567890abcdef has expired." })],
  ])("that says so with %s", async (_how, refusal) => {
    const server = await serve();
    const mine = shopHost(server);
    await act(mine);
    forgetSessions(server, refusal);
    expect(await act(mine)).toMatchObject({ outcome: "ok" });
    expect(server.count("initialize")).toBe(2);
    const calls = server.requests.filter(({ message }) => message?.method === "tools/call");
    // One in the first session, one that was refused, one in the second session.
    expect(calls).toHaveLength(3);
    expect(calls[2]?.headers["mcp-session-id"]).not.toBe(calls[1]?.headers["mcp-session-id"]);
    expect(calls[2]?.message?.params?.["arguments"]).toEqual(calls[1]?.message?.params?.["arguments"]);
  });

  it("also where only the list was to be read in it", async () => {
    const server = await serve({
      "tools/call": (response, { id }) => {
        const send = eventStream(response);
        send({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
        send({ jsonrpc: "2.0", id, result: { content: [] } });
        response.end();
      },
    });
    const mine = shopHost(server);
    await act(mine);
    forgetSessions(server, () => ({ status: 404, body: "" }));
    expect(await mine.open()).toMatchObject({ tools: [{ name: "shop__act" }], unavailable: [] });
    expect(server.count("initialize")).toBe(2);
    expect(server.count("tools/list")).toBe(3);
  });
});

describe("what is not about the session is an answer like any other", () => {
  it.each([
    [-32602, "Checkout session not found"],
    [-32602, "Session not found"],
    [-32603, "The session of the customer is unknown to the shop"],
    [1234, "Session not found"],
  ])("%i: %s", async (code, message) => {
    const server = await serve({ "tools/call": (response, { id }) => json(response, rpc(id, code, message)) });
    const mine = shopHost(server);
    expect(await act(mine)).toMatchObject({ outcome: "failed", content: [{ kind: "text", text: message }] });
    expect(server.count("tools/call")).toBe(1);
    expect(server.count("initialize")).toBe(1);
  });

  it("not even in the words of a lost session, while the server still knows it", async () => {
    const server = await serve({ "tools/call": (response, { id }) => json(response, rpc(id, -32000, "Session not found")) });
    const mine = shopHost(server);
    expect(await act(mine)).toMatchObject({ outcome: "failed", content: [{ kind: "text", text: "Session not found" }] });
    expect(server.count("tools/call")).toBe(1);
    expect(server.count("ping")).toBe(1);
  });

  it("a server without sessions has none to lose", async () => {
    const server = await serve({
      initialize: (response, { id }) =>
        json(response, {
          jsonrpc: "2.0",
          id,
          result: { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "s", version: "1" } },
        }),
      "tools/call": (response) => response.writeHead(404).end(),
    });
    const mine = shopHost(server);
    expect(await act(mine)).toMatchObject({ outcome: "failed", cause: expect.stringContaining("404") as string });
    expect(server.count("tools/call")).toBe(1);
  });
});

describe("a call is not sent a third time", () => {
  it("when the new session is refused as well: it has failed, and the next call has another one", async () => {
    const server = await serve();
    const mine = shopHost(server);
    const good = server.script["tools/call"];
    await act(mine);
    server.script["tools/call"] = (response) => response.writeHead(404).end();
    expect(await act(mine)).toMatchObject({ outcome: "failed", cause: expect.stringContaining("404") as string });
    expect(server.count("tools/call")).toBe(3);
    server.script["tools/call"] = good ?? (() => undefined);
    expect((await act(mine)).outcome).toBe("ok");
    expect(server.count("tools/call")).toBe(4);
  });

  it("when there is no new session: nothing was done, and it says so", async () => {
    const server = await serve();
    const mine = shopHost(server);
    const call = toolOf(await mine.open(), "shop__act");
    forgetSessions(server, () => ({ status: 404, body: "" }));
    server.script["initialize"] = (response) => response.writeHead(503).end();
    const failed = await call.call({}, callContext());
    expect(failed).toMatchObject({ outcome: "failed" });
    expect(failed.content).toMatchObject([{ text: expect.stringContaining("Nothing was done") as string }]);
    expect(server.count("tools/call")).toBe(1);
  });
});
