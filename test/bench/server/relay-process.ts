/**
 * The floor: a bare socket.io relay that speaks frames of the line. One emit per token, a hand-written reading of the
 * model's events, one MCP client per conversation; no journal, no checks, no limits. `MODEL_URL` and `MCP_URL` say
 * where the mocks are. With `DURABLE_FILE`, each message is written there and is on disk before it is acknowledged and
 * the model is asked. `EARLIER_MESSAGES` says how many times `QUESTION` and `ANSWER` are before each message. Prints its
 * port.
 */
import { open } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Server, type Socket } from "socket.io";
import { Agent, request } from "undici";

interface Message {
  readonly role: string;
  readonly content: string | null;
  readonly [more: string]: unknown;
}

interface Delta {
  readonly content?: string;
  readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly name: string; readonly arguments: string } }[];
}

const EARLIER: readonly Message[] = Array.from({ length: Number(process.env["EARLIER_MESSAGES"] ?? 0) }, () => [
  { role: "user", content: process.env["QUESTION"] ?? "" },
  { role: "assistant", content: process.env["ANSWER"] ?? "" },
]).flat();
const modelUrl = `${process.env["MODEL_URL"]}/chat/completions`;
const agent = new Agent({ allowH2: false });
const clients = new Map<string, Promise<Client>>();
const TOOL = { type: "function", function: { name: "orders__look_up", description: "Looks an order up.", parameters: { type: "object" } } };

async function* ask(messages: readonly Message[]): AsyncGenerator<Delta> {
  const payload = JSON.stringify({ model: "bench", stream: true, messages, tools: [TOOL] });
  const { body } = await request(modelUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: payload,
    dispatcher: agent,
  });
  let rest = "";
  for await (const text of body.setEncoding("utf8") as AsyncIterable<string>) {
    const events = (rest + text).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      if (event === "data: [DONE]") continue;
      const delta = (JSON.parse(event.slice(6)) as { choices: { delta: Delta }[] }).choices[0]?.delta;
      if (delta !== undefined) yield delta;
    }
  }
}

async function connect(): Promise<Client> {
  const client = new Client({ name: "floor", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(process.env["MCP_URL"] ?? "")));
  return client;
}

async function answer(socket: Socket, conversationId: string, asked: string): Promise<void> {
  const messages: Message[] = [{ role: "system", content: "Help." }, ...EARLIER, { role: "user", content: asked }];
  for (let called = true; called;) {
    called = false;
    for await (const { content, tool_calls: calls } of ask(messages)) {
      if (content) socket.emit("text", { conversationId, text: content });
      for (const call of calls ?? []) {
        called = true;
        const client = clients.get(conversationId) ?? connect();
        clients.set(conversationId, client);
        const result = await (
          await client
        ).callTool({
          name: call.function.name.replace("orders__", ""),
          arguments: JSON.parse(call.function.arguments) as Record<string, unknown>,
        });
        messages.push({ role: "assistant", content: null, tool_calls: [call] });
        messages.push({ role: "tool", content: JSON.stringify(result.content), tool_call_id: call.id });
      }
    }
  }
  socket.emit("events", { conversationId, events: [{ type: "turn-ended", outcome: "done" }] });
}

const durable = process.env["DURABLE_FILE"] === undefined ? undefined : await open(process.env["DURABLE_FILE"], "a");

const httpServer = createServer();
const io = new Server(httpServer, { path: "/line", serveClient: false, perMessageDeflate: false });
io.on("connection", (socket) => {
  socket.emit("welcome", { token: "" });
  socket.on("conversation-open", (_frame: unknown, acknowledge: (reply: unknown) => void) => acknowledge({ ok: true, events: [] }));
  type Send = { conversationId: string; text: string };
  socket.on("message-send", async ({ conversationId, text }: Send, acknowledge: (reply: unknown) => void) => {
    await durable?.appendFile(`${JSON.stringify({ conversationId, text })}\n`);
    await durable?.datasync();
    acknowledge({ ok: true, seq: 1 });
    void answer(socket, conversationId, text);
  });
});
httpServer.listen(0, "127.0.0.1", () => console.log((httpServer.address() as AddressInfo).port));
process.on("SIGTERM", () => process.exit());
