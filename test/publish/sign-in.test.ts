/** Programs that people sign in: on the wire. */
import { describe, expect, test } from "vitest";
import { backend, cancelOrder, type Desk, desk, post, type Published } from "./publish-harness.ts";
import { answer, asked, opened, page, type Person, person, question, register, type Tokens, wire } from "./sign-in-harness.ts";

async function served(more: object = {}): Promise<{ server: Desk; published: Published; ada: Person }> {
  const { url } = await backend();
  const server = await desk();
  await server.api("POST", "/http-tools", cancelOrder(url));
  return { server, published: await server.publish([{ source: "http", name: "cancel_order" }], more), ada: await person(server, "Ada") };
}

const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "cancel_order", arguments: { order: 1042 } } };
const list = { jsonrpc: "2.0", id: 3, method: "tools/list", params: {} };
const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "wire", version: "1" } },
};

const bearer = (token: string): Readonly<Record<string, string>> => ({ Authorization: `Bearer ${token}` });

/** The answer to a message of a fresh connection. */
async function sent(published: Pick<Published, "url">, token: string, message: object) {
  const first = await post(published.url, initialize, bearer(token));
  if (first.status !== 200) return first;
  const headers = { ...bearer(token), "Mcp-Session-Id": first.headers.get("mcp-session-id") ?? "" };
  return post(published.url, message, headers);
}

const messageOf = async (response: Response): Promise<string> => ((await response.json()) as { error: { message: string } }).error.message;

test("a person is asked, allows, and the program may use the tools as that person", async () => {
  const { server, published, ada } = await served();
  const program = await wire(server, published);
  const query = await asked(server, program.authorizeUrl(), ada.cookie);
  expect(await question(server, query, ada)).toEqual({
    program: { name: "Wire", answersTo: "127.0.0.1:33418", isHere: true },
    server: { id: published.id, name: "Shop tools" },
    scopes: ["tools:list", "tools:call", "offline_access"],
    tools: [{ title: "Cancel order", description: "Cancels an order.", asks: false }],
    isAdmitted: true,
  });
  const back = await answer(server, query, ada);
  expect(back.origin + back.pathname).toBe(program.redirect);
  expect(back.searchParams.get("state")).toBe("a-state");
  expect(back.searchParams.get("iss")).toBe(`http://localhost:${server.port}`);
  const { status, body } = await program.redeem(back.searchParams.get("code") ?? "");
  expect({ status, body }).toMatchObject({ status: 200, body: { token_type: "Bearer", scope: "tools:list tools:call offline_access", expires_in: 3600 } });
  const response = await sent(published, String(body["access_token"]), call);
  expect(await response.text()).toContain("1042");
  const { body: logs } = await server.api<{ items: object[] }>("GET", `/published-servers/${published.id}/logs`);
  expect(logs.items).toMatchObject([{ keyName: "Ada · Wire", tool: "cancel_order", outcome: "ok" }]);
});
