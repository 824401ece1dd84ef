import { randomBytes } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { io as connect, type Socket } from "socket.io-client";
import { expect, onTestFinished, test } from "vitest";
import { LINE_PATH, type WelcomeFrame } from "../../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { CONFIGURATION, SHOP_ORIGIN, start } from "../http/server-harness.ts";
import { waitFor } from "../support/wait-for.ts";

const KEY = randomBytes(24).toString("hex");
const SECRET_WORDS = "Xylofonbär Nummer siebzehn";

/** A model server that begins an answer and leaves the rest to the test. */
async function slowModel(): Promise<{ baseUrl: string; answers: ServerResponse[] }> {
  const answers: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "Well" } }] })}\n\n`);
    answers.push(response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, answers };
}

test("a customer who is online, with an answer under way, is erased: the answer ends, and nothing is written afterwards", async () => {
  const { baseUrl, answers } = await slowModel();
  const shop = { ...CONFIGURATION.assistants.shop, model: { ...CONFIGURATION.assistants.shop.model, baseUrl } };
  const server = await start({ environment: { FRONTDESK_ADMIN_KEY: KEY }, configuration: { ...CONFIGURATION, assistants: { shop } } });
  const api = async (method: string, path: string) => {
    const response = await fetch(`${server.url}/api/v1${path}`, { method, headers: { Authorization: `Bearer ${KEY}` } });
    return { status: response.status, text: await response.text(), file: response.headers.get("content-disposition") };
  };

  const socket: Socket = connect(server.url, {
    path: LINE_PATH,
    transports: ["websocket"],
    extraHeaders: { Origin: SHOP_ORIGIN },
    auth: { version: PROTOCOL_VERSION, assistant: "shop", sessionId: "session-one" },
    reconnection: false,
  });
  onTestFinished(() => void socket.disconnect());
  const { customerId } = await new Promise<WelcomeFrame>((welcome) => socket.once("welcome", welcome));
  const message = { conversationId: "conversation-one", messageId: "message-one", text: SECRET_WORDS };
  expect(await socket.emitWithAck("message-send", message)).toMatchObject({ ok: true });
  await waitFor(() => answers.length === 1);
  expect(await api("GET", "/conversations/conversation-one")).toMatchObject({ status: 200 });
  const exported = await api("GET", `/customers/${customerId}/export`);
  expect(JSON.parse(exported.text)).toMatchObject({ customer: customerId, conversations: [{ events: [{ text: SECRET_WORDS }, {}] }] });
  const page = await api("GET", `/customers/${customerId}/export?format=html`);
  expect(page.text).toContain(SECRET_WORDS);
  expect(page.file).toMatch(/^attachment; filename="[\w-]+-\d{4}-\d\d-\d\d\.html"$/);
  expect((await api("GET", "/customers/nobody/export")).status).toBe(404);
  expect((await api("POST", "/customers/nobody/erasure")).status).toBe(404);

  const gone = new Promise<string>((closed) => socket.once("disconnect", closed));
  const receipt = await api("POST", `/customers/${customerId}/erasure`);
  expect(receipt.status).toBe(202);
  expect(receipt.text).not.toContain(customerId);
  const { id } = JSON.parse(receipt.text) as { id: string };
  await gone;
  await waitFor(async () => (JSON.parse((await api("GET", `/erasures/${id}`)).text) as { status: string }).status === "done");
  answers[0]!.end(
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: " then" }, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`,
  );
  expect(await api("GET", "/conversations/conversation-one")).toMatchObject({ status: 404 });
  expect(JSON.parse((await api("GET", "/conversations")).text)).toMatchObject({ items: [] });
  expect(JSON.parse((await api("GET", "/audit-log?action=customer.erase")).text)).toMatchObject({ items: [{ after: { receipt: id } }] });

  await server.close();
  const data = join(server.folder, "data");
  for (const name of await readdir(data))
    if (name.startsWith("frontdesk.sqlite")) expect((await readFile(join(data, name))).includes(SECRET_WORDS.slice(4))).toBe(false);
  expect(server.logged.join("")).not.toContain("siebzehn");
});
