/** A whole server with a sandbox, an MCP server with a view, and a customer at its line. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";
import { onTestFinished } from "vitest";
import { startModel } from "../../demo/model/server.ts";
import { startOrders } from "../../demo/orders/server.ts";
import type { VisibleEvent } from "../../protocol/events.ts";
import { type EventsFrame, LINE_PATH, type Reply, type WelcomeFrame } from "../../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { OpenedView } from "../../protocol/views.ts";
import { SHOP_ORIGIN, start, type Started, temporaryFolder } from "../http/server-harness.ts";

type Options = NonNullable<Parameters<typeof start>[0]>;

export interface ViewServer extends Started {
  /** Of the order server: its calls and orders. */
  readonly ordersUrl: string;
}

/** The demo's order server and model behind a server whose sandbox has a port of its own. */
export async function startViewServer(options: Options & { permissions?: Readonly<Record<string, unknown>> } = {}): Promise<ViewServer> {
  const {
    permissions = { "*": "needs_approval", track_parcel: "always_allow", lookup_order: "always_allow", list_orders: "always_allow" },
    ...more
  } = options;
  const orders = await startOrders({ port: 0, file: join(await temporaryFolder(), "orders.json"), trackDurationMs: 0 });
  const model = await startModel({ port: 0, tokensPerSecond: 0, firstTokenMs: 0 });
  onTestFinished(() => Promise.all([orders.close(), model.close()]).then(() => undefined));
  const server = await start({
    configuration: {
      assistants: {
        shop: {
          name: "Shop",
          prompt: "Help.",
          model: { provider: "openai-compatible", model: "scripted", baseUrl: `${model.url}/v1` },
          allowedOrigins: [SHOP_ORIGIN],
          connectors: { orders: { permissions } },
        },
      },
      mcpServers: { orders: { name: "Lull orders", url: `${orders.url}/mcp`, transport: "streamable-http" } },
      network: { allowPrivate: ["127.0.0.1"] },
    },
    ...more,
    environment: { SANDBOX_PORT: "0", ...more.environment },
  });
  return { ...server, ordersUrl: orders.url };
}

export interface LineCustomer {
  readonly socket: Socket;
  readonly conversationId: string;
  readonly events: readonly VisibleEvent[];
  readonly token: string;
  ask<T = Record<string, unknown>>(name: string, frame: object): Promise<Reply<T>>;
  /** Waits for the `count`-th event of a type. */
  heard(type: VisibleEvent["type"], count?: number): Promise<VisibleEvent & Record<string, unknown>>;
}

export async function customerOf(server: Pick<Started, "port">, token?: string): Promise<LineCustomer> {
  const socket = io(`http://127.0.0.1:${server.port}`, {
    path: LINE_PATH,
    transports: ["websocket"],
    extraHeaders: { origin: SHOP_ORIGIN },
    auth: {
      version: PROTOCOL_VERSION,
      assistant: "shop",
      sessionId: `session-${randomBytes(6).toString("hex")}`,
      ...(token === undefined ? {} : { token }),
    },
    forceNew: true,
  });
  onTestFinished(() => void socket.close());
  const events: VisibleEvent[] = [];
  const waiting = new Set<() => void>();
  socket.on("events", (frame: EventsFrame) => {
    events.push(...frame.events);
    for (const look of waiting) look();
  });
  const welcome = await new Promise<WelcomeFrame>((resolve, reject) => {
    socket.once("welcome", resolve);
    socket.once("connect_error", reject);
  });
  return {
    socket,
    conversationId: `conversation-${randomBytes(6).toString("hex")}`,
    events,
    token: welcome.token,
    ask: (name, frame) => socket.emitWithAck(name, frame) as never,
    heard: (type, count = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = events.filter((event) => event.type === type)[count - 1];
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found as never);
        };
        waiting.add(look);
        look();
      }),
  };
}

/** Asks where parcel 1042 is, and answers with the id of the call that has the view. */
export async function track(customer: LineCustomer): Promise<string> {
  const { conversationId, ask, heard } = customer;
  await ask("conversation-open", { conversationId });
  await ask("message-send", {
    conversationId,
    messageId: `message-${randomBytes(6).toString("hex")}`,
    text: "Track the parcel of order 1042",
  });
  await heard("turn-ended");
  const call = customer.events.find((event) => event.type === "tool-call-proposed" && event.view !== undefined);
  if (call?.type !== "tool-call-proposed") throw new Error("No call has a view.");
  return call.callId;
}

/** Throws the error of a refusal. */
export async function openView({ ask, conversationId }: LineCustomer, callId: string): Promise<OpenedView> {
  const reply = await ask<OpenedView>("view-open", { conversationId, callId });
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.detail ?? reply.error.message}`);
  return reply;
}
