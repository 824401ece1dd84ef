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
