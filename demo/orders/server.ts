import { randomUUID } from "node:crypto";
import { localhostHostValidation } from "@modelcontextprotocol/sdk/server/middleware/hostHeaderValidation.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import express from "express";
import { listenOnLoopback, type Listening } from "../listen.ts";
import { McpSessions } from "../mcp-sessions.ts";
import { OrderBook } from "./order-book.ts";
import { cancelOrder } from "./tools/cancel-order.ts";
import { listOrders } from "./tools/list-orders.ts";
import { lookupOrder } from "./tools/lookup-order.ts";
import { moveDelivery } from "./tools/move-delivery.ts";
import type { ToolContext } from "./tools/order-tool.ts";
import { productPhoto } from "./tools/product-photo.ts";
import { refundOrder } from "./tools/refund-order.ts";
import { trackParcel } from "./tools/track-parcel.ts";
import { parcelView } from "./views/parcel-view.ts";

const tools = [lookupOrder, listOrders, trackParcel, productPhoto, refundOrder, cancelOrder, moveDelivery];

/** How the order server is set up. */
export interface OrderServerOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** The JSON file that keeps orders, refunds and the call log. */
  readonly file: string;
  /** How long `track_parcel` takes. */
  readonly trackDurationMs: number;
  readonly now?: () => number;
  readonly newId?: () => string;
  /** After how long an unused MCP session is dropped. */
  readonly sessionIdleMs?: number;
  readonly maximumSessions?: number;
}

/** A running order server. `url` is its origin; MCP is at `/mcp`, the state at `/state`. */
export interface OrderServer extends Listening {
  /** MCP sessions that are open now. */
  readonly sessions: () => number;
}

/**
 * Starts the demo's order server on the loopback address: MCP over Streamable HTTP at `/mcp`, the same server after an
 * upgrade at `/renewed/mcp`, and `GET /state` for the shop and the tests.
 */
export async function startOrders(options: OrderServerOptions): Promise<OrderServer> {
  const now = options.now ?? Date.now;
  const newId = options.newId ?? randomUUID;
  const book = new OrderBook({ file: options.file, now, newId });
  const sessionsOf = (isRenewed: boolean): McpSessions =>
    new McpSessions({
      makeServer: () => makeServer({ book, trackDurationMs: options.trackDurationMs, isRenewed }),
      now,
      newId,
      idleMs: options.sessionIdleMs ?? 10 * 60_000,
      maximum: options.maximumSessions ?? 500,
    });
  const sessions = sessionsOf(false);
  const renewed = sessionsOf(true);
  const app = express();
  app.disable("x-powered-by");
  // Otherwise any page could reach the refund tool by pointing its own name at 127.0.0.1.
  app.use(localhostHostValidation());
  app.get("/state", (_request, response) => {
    response.set("Cache-Control", "no-store").json(book.state);
  });
  app.all("/mcp", express.json({ limit: "1mb" }), (request, response) => sessions.handle(request, response));
  app.all("/renewed/mcp", express.json({ limit: "1mb" }), (request, response) => renewed.handle(request, response));
  const listening = await listenOnLoopback(app, options.port);
  return {
    url: listening.url,
    sessions: () => sessions.size,
    async close() {
      await Promise.all([sessions.close(), renewed.close()]);
      await listening.close();
    },
  };
}

function makeServer(context: ToolContext): McpServer {
  const server = new McpServer(
    { name: "lull-orders", title: "Lull orders", version: "1.0.0" },
    { instructions: "Orders of the ceramics shop Lull. Amounts are whole euro cents. Look an order up before you refund it." },
  );
  for (const register of tools) register(server, context);
  parcelView(server);
  return server;
}
