import { io as connect, type Socket } from "socket.io-client";
import { expect, onTestFinished, test } from "vitest";
import { LINE_PATH, type WelcomeFrame } from "../../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { start } from "./server-harness.ts";

const ADMIN_KEY = "k".repeat(32);

test("the widget on a page of this server talks with the draft, customers do not, and staff see which is which", async () => {
  const { url } = await start({ environment: { FRONTDESK_ADMIN_KEY: ADMIN_KEY } });
  const api = async (method: string, path: string, body?: unknown, version?: string | null) => {
    const headers = { Authorization: `Bearer ${ADMIN_KEY}`, "Content-Type": "application/json" };
    const more = body === undefined ? {} : { body: JSON.stringify(body) };
    const match: Record<string, string> = typeof version === "string" ? { "If-Match": version } : {};
    const response = await fetch(`${url}/api/v1${path}`, { method, headers: { ...headers, ...match }, ...more });
    return { tag: response.headers.get("etag"), json: (await response.json()) as Record<string, unknown> };
  };
  const model = { provider: "openai-compatible", model: "small", baseUrl: "http://127.0.0.1:9/v1" };
  const made = { key: "help", name: "Help", prompt: "You help.", model, allowedOrigins: ["https://help.example"] };
  expect((await api("POST", "/assistants", made)).json).toMatchObject({ version: 1 });
  await api("PATCH", "/assistants/help/draft", { name: "New help" }, (await api("GET", "/assistants/help/draft")).tag);
  const { json: preview } = await api("POST", "/assistants/help/preview");
  const name = String(preview["assistant"]);

  const hello = (assistant: string, origin: string): Socket => {
    const auth = { version: PROTOCOL_VERSION, assistant, sessionId: "session-one" };
    const socket = connect(url, {
      path: LINE_PATH,
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
      auth,
      extraHeaders: { Origin: origin },
    });
    onTestFinished(() => void socket.disconnect());
    return socket;
  };
  const welcomed = (socket: Socket): Promise<WelcomeFrame> =>
    new Promise((resolve, reject) => socket.once("welcome", resolve).once("connect_error", reject));

  const tester = hello(name, url);
  expect((await welcomed(tester)).assistant.name).toBe("New help");
  expect((await welcomed(hello("help", "https://help.example"))).assistant.name).toBe("Help");
  await expect(welcomed(hello(name, "https://help.example"))).rejects.toThrow("not allowed");

  const request = { conversationId: "conversation-one", messageId: "message-one", text: "Hello" };
  expect(await tester.timeout(10_000).emitWithAck("message-send", request)).toMatchObject({ ok: true });
  const listed = async (query: string) => (await api("GET", `/conversations${query}`)).json["items"];
  expect(await listed("")).toEqual([]);
  expect(await listed("?preview=true")).toMatchObject([{ id: "conversation-one", assistant: "help", preview: true }]);
  const { json } = await api("GET", "/conversations/conversation-one/events");
  expect(json["items"]).toContainEqual(expect.objectContaining({ type: "turn-started", version: 1, draft: expect.any(String) }));
  const opened = await tester.timeout(10_000).emitWithAck("conversation-open", { conversationId: "conversation-one" });
  const began = (opened.events as { type: string }[]).find(({ type }) => type === "turn-started");
  expect(Object.keys(began ?? {}).toSorted()).toEqual(["at", "messageId", "seq", "turnId", "type"]);
});

test("what a draft did is read by whoever may change the assistant, and no customer's conversation is", async () => {
  const { url } = await start({ environment: { FRONTDESK_ADMIN_KEY: ADMIN_KEY } });
  const ask = async (key: string, method: string, path: string, body?: unknown) => {
    const headers: Record<string, string> = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    if (path === "/api-keys") headers["Idempotency-Key"] = `key-of-${JSON.stringify(body).replaceAll(/\W/g, "")}`;
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const keyOf = async (name: string, role: string) =>
    String((await ask(ADMIN_KEY, "POST", "/api-keys", { name, roles: [role] })).json["key"]);
  const [owner, other, support] = [await keyOf("Owner", "owner"), await keyOf("Other", "owner"), await keyOf("Support", "support")];
  const model = { provider: "openai-compatible", model: "small", baseUrl: "http://127.0.0.1:9/v1" };
  const make = (key: string, by: string) =>
    ask(by, "POST", "/assistants", { key, name: key, prompt: "You help.", model, allowedOrigins: ["https://help.example"] });
  for (const [key, by] of [
    ["help", owner],
    ["second", owner],
    ["theirs", other],
  ] as const)
    expect((await make(key, by)).status).toBe(201);
  const say = async (assistant: string, origin: string, conversationId: string) => {
    const auth = { version: PROTOCOL_VERSION, assistant, sessionId: `session-${conversationId}` };
    const socket = connect(url, {
      path: LINE_PATH,
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
      auth,
      extraHeaders: { Origin: origin },
    });
    onTestFinished(() => void socket.disconnect());
    const request = { conversationId, messageId: `message-${conversationId}`, text: "Hello" };
    expect(await socket.timeout(10_000).emitWithAck("message-send", request)).toMatchObject({ ok: true });
  };
  const { json: preview } = await ask(owner, "POST", "/assistants/help/preview");
  await say(String(preview["assistant"]), url, "conversation-tried");
  await say("help", "https://help.example", "conversation-customer");

  const list = (key: string, by: string) => ask(by, "GET", `/assistants/${key}/preview/conversations`);
  const events = (key: string, id: string, by: string) => ask(by, "GET", `/assistants/${key}/preview/conversations/${id}/events`);
  expect((await list("help", owner)).json["items"]).toMatchObject([{ id: "conversation-tried", preview: true }]);
  expect((await events("help", "conversation-tried", owner)).json["items"]).toContainEqual(
    expect.objectContaining({ type: "message-received", text: "Hello" }),
  );
  expect((await list("help", ADMIN_KEY)).json["items"]).toHaveLength(1);
  // A customer's own, also by its id; one of another assistant; one that is not there.
  for (const [key, id] of [
    ["help", "conversation-customer"],
    ["second", "conversation-tried"],
    ["help", "conversation-none"],
  ] as const)
    expect(await events(key, id, owner)).toMatchObject({ status: 404, json: { code: "unknown-conversation" } });
  // Somebody else's assistant.
  expect((await list("help", other)).status).toBe((await ask(other, "POST", "/assistants/help/preview")).status);
  expect((await events("help", "conversation-tried", other)).status).toBeGreaterThanOrEqual(403);
  expect((await list("help", support)).status).toBe(403);
});
