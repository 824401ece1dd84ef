/** The endpoint over a whole server: set up over the REST API, used in a chat and in a call. */
import { expect, test } from "vitest";
import { connect } from "node:net";
import { start } from "../../http/server-harness.ts";
import { callsOnce } from "../../support/desk-scripts.ts";
import { waitFor } from "../../support/wait-for.ts";
import { WireDevice } from "../../tools/devices/wire-device.ts";
import { CONVERSATION, startVoiceServer } from "../../voice/call/server-stage.ts";

const KEY = "k".repeat(32);
const environment = { FRONTDESK_ADMIN_KEY: KEY };
const LAMP = { name: "switch_lamp", inputSchema: { type: "object", properties: { on: { type: "boolean" } } } };

/** What the tests read of answers. */
interface Answer {
  readonly id: string;
  readonly url: string;
  readonly empty?: { readonly reason: string };
  readonly items?: readonly unknown[];
}

function api(url: string, key = KEY) {
  return async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/api/v1/assistants/${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, json: (text === "" ? {} : JSON.parse(text)) as Answer };
  };
}

test("an endpoint is off at first; it is switched on, given a token, and its devices are listed with their tools", async () => {
  const { url, logged } = await start({ environment });
  const ask = api(url);
  expect(await ask("GET", "shop/endpoint")).toMatchObject({ status: 200, json: { enabled: false, connected: 0 } });
  expect((await ask("POST", "shop/endpoint/fetch-tools")).json.empty).toMatchObject({ reason: "endpoint-off" });
  expect(await ask("PUT", "shop/endpoint", { enabled: true })).toMatchObject({ status: 200, json: { enabled: true } });
  const made = await ask("POST", "shop/endpoint/tokens", { name: "Shop window" });
  expect(made).toMatchObject({
    status: 201,
    json: { id: expect.any(String), url: expect.stringMatching(/^ws:\/\/localhost:\d+\/mcp_endpoint\/mcp\/\?token=/) },
  });
  const { id, url: endpoint } = made.json;
  const device = new WireDevice(endpoint, { name: "lamp", tools: [LAMP] });
  await device.heard("tools/list");
  const fetched = await waitFor(async () => {
    const { json } = await ask("POST", "shop/endpoint/fetch-tools");
    return json.empty === undefined ? json : undefined;
  });
  expect(fetched).toMatchObject({
    devices: [
      { name: "lamp", token: { id, name: "Shop window" }, tools: [{ name: "switch_lamp", parameters: 1, permission: "needs_approval" }] },
    ],
  });
  const tokens = await ask("GET", "shop/endpoint/tokens");
  expect(tokens.json.items).toMatchObject([{ id, name: "Shop window", connected: 1, address: "127.0.0.1" }]);
  expect(JSON.stringify(tokens.json)).not.toContain("token=");
  const rotated = await ask("POST", `shop/endpoint/tokens/${id}/rotate`);
  expect(rotated).toMatchObject({ status: 200, json: { id } });
  expect(await device.ended()).toMatchObject({ code: 4411 });
  const again = new WireDevice(rotated.json.url, { tools: [LAMP] });
  await again.heard("initialize");
  expect((await ask("DELETE", `shop/endpoint/tokens/${id}`)).status).toBe(204);
  expect(await again.ended()).toMatchObject({ code: 4410 });
  expect((await ask("DELETE", `shop/endpoint/tokens/${id}`)).status).toBe(404);
  expect((await ask("POST", `shop/endpoint/tokens/${id}/rotate`)).status).toBe(404);
  expect((await ask("PUT", "shop/endpoint", {})).status).toBe(422);
  expect((await ask("GET", "nothing/endpoint")).status).toBe(404);
  for (const secret of [endpoint, rotated.json.url]) expect(logged.join("")).not.toContain(new URL(secret).searchParams.get("token"));
});

test("a URL stays good over a restart of the server", async () => {
  const stage = await startVoiceServer({ environment });
  await api(stage.url)("PUT", "shop/endpoint", { enabled: true });
  const { url: endpoint } = (await api(stage.url)("POST", "shop/endpoint/tokens", { name: "Lamp" })).json;
  await stage.server.close();
  const next = await startVoiceServer({ environment, folder: stage.folder });
  const device = new WireDevice(endpoint.replace(/localhost:\d+/, new URL(next.url).host), { tools: [LAMP] });
  await device.heard("initialize");
});

test("who may not change an assistant has no business with its endpoint", async () => {
  const { url } = await start({ environment });
  const key = async (roles: readonly string[]): Promise<string> => {
    const answer = await fetch(`${url}/api/v1/api-keys`, {
      method: "POST",
      headers: { Authorization: `Bearer ${KEY}`, "Content-Type": "application/json" },
      body: JSON.stringify({ name: roles.join(), roles }),
    });
    return ((await answer.json()) as { key: string }).key;
  };
  const [owner, other, support] = [await key(["owner"]), await key(["owner"]), await key(["support"])];
  const model = { provider: "openai-compatible", model: "small", baseUrl: "http://127.0.0.1:9/v1", apiKey: "sk-own" };
  const made = await fetch(`${url}/api/v1/assistants`, {
    method: "POST",
    headers: { Authorization: `Bearer ${owner}`, "Content-Type": "application/json" },
    body: JSON.stringify({ key: "own", name: "Own", prompt: "Help.", model, allowedOrigins: ["https://own.example"] }),
  });
  expect(made.status).toBe(201);
  expect((await api(url, owner)("PUT", "own/endpoint", { enabled: true })).status).toBe(200);
  expect((await api(url, other)("PUT", "own/endpoint", { enabled: false })).status).toBe(404);
  expect((await api(url, support)("GET", "own/endpoint/tokens")).status).toBe(403);
  // The file's assistants are the admins'.
  expect((await api(url, owner)("GET", "shop/endpoint")).status).toBe(403);

  const { url: endpoint } = (await api(url, owner)("POST", "own/endpoint/tokens", { name: "Lamp" })).json;
  const device = new WireDevice(endpoint, { tools: [LAMP] });
  await device.heard("tools/list");
  await waitFor(async () => (await api(url, owner)("POST", "own/endpoint/fetch-tools")).json.empty === undefined);
  // Nobody had to share anything: the devices are the assistant's own.
  const added = await api(url, owner)("POST", "own/connectors", { server: "device", permissions: { switch_lamp: "always_allow" } });
  expect(added).toMatchObject({
    status: 201,
    json: {
      serverName: "Devices",
      status: { status: "connected" },
      tools: [{ name: "switch_lamp", state: "accepted", permission: "always_allow" }],
    },
  });
  const version = (await fetch(`${url}/api/v1/assistants/own`, { headers: { Authorization: `Bearer ${owner}` } })).headers.get("etag")!;
  expect((await api(url, owner)("DELETE", "own", undefined, { "If-Match": version })).status).toBe(204);
  await device.ended();
});

test("the health of the endpoint, and what a browser reads that opens its address", async () => {
  const { url } = await start({ environment });
  const health = await fetch(`${url}/mcp_endpoint/health`);
  expect([health.status, await health.json()]).toEqual([200, { status: "ok" }]);
  const opened = await fetch(`${url}/mcp_endpoint/mcp/?token=x`);
  expect([opened.status, await opened.text()]).toEqual([426, expect.stringContaining("This address is for devices")]);
});

test("in a chat a device's tool asks first, runs after the approval, and its result is told", async () => {
  const stage = await startVoiceServer({ environment, script: callsOnce({ name: "device__switch_lamp", arguments: { on: true } }) });
  const ask = api(stage.url);
  await ask("PUT", "shop/endpoint", { enabled: true });
  const { url: endpoint } = (await ask("POST", "shop/endpoint/tokens", { name: "Shop window" })).json;
  const device = new WireDevice(endpoint, { name: "lamp", tools: [LAMP] });
  await waitFor(async () => (await ask("POST", "shop/endpoint/fetch-tools")).json.empty === undefined);
  const customer = await stage.customer();
  await customer.ask("message-send", { conversationId: CONVERSATION, messageId: "message-0001", text: "Light, please." });
  const requested = await stage.event("approval-requested");
  expect(device.frames.some(({ method }) => method === "tools/call")).toBe(false);
  const proposed = await stage.event("tool-call-proposed");
  expect(proposed.tool).toMatchObject({ source: "device", server: "device", serverName: "Shop window", tool: "switch_lamp" });
  const { approvalId, argumentsHash } = requested;
  const reply = await customer.ask("approval-decide", { conversationId: CONVERSATION, approvalId, argumentsHash, decision: "approved" });
  expect(reply).toMatchObject({ ok: true });
  expect(await stage.event("tool-call-ended")).toMatchObject({ outcome: "ok" });
  expect((await device.heard("tools/call")).params).toMatchObject({ name: "switch_lamp", arguments: { on: true } });
});

test("a device that connects during a call is usable in the next sentence", async () => {
  const stage = await startVoiceServer({
    environment,
    assistant: { connectors: { device: { permissions: { "*": "always_allow" } } } },
    script: (request, step, signal) =>
      request.tools.some(({ name }) => name === "device__switch_lamp")
        ? callsOnce({ name: "device__switch_lamp", arguments: { on: true } })(request, step, signal)
        : [
            { type: "text", text: "There is no lamp." },
            { type: "finish", reason: "stop", usage: {} },
          ],
  });
  const ask = api(stage.url);
  await ask("PUT", "shop/endpoint", { enabled: true });
  const { url: endpoint } = (await ask("POST", "shop/endpoint/tokens", { name: "Shop window" })).json;
  const customer = await stage.customer();
  const call = await customer.call();
  const speak = async (atMs: number): Promise<void> => {
    call.say({ type: "talk", held: true, atMs });
    call.say({ type: "talk", held: false, atMs: atMs + 900 });
  };
  stage.hearing.understands = () => "light please";
  await speak(0);
  await stage.event("turn-ended");
  expect((await stage.event("step-ended")).text).toBe("There is no lamp.");
  const device = new WireDevice(endpoint, { name: "lamp", tools: [LAMP] });
  await waitFor(async () => (await ask("POST", "shop/endpoint/fetch-tools")).json.empty === undefined);
  await speak(5_000);
  expect((await device.heard("tools/call")).params).toMatchObject({ name: "switch_lamp" });
  expect(await stage.event("tool-call-ended")).toMatchObject({ outcome: "ok" });
});

test("a proxy's half-open upgrade takes nothing down", async () => {
  const { url, port } = await start({ environment });
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET /mcp_endpoint/mcp/?token=x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("data", resolve));
  socket.destroy();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});
