import { fileURLToPath } from "node:url";
import express, { type NextFunction, type Request, type Response } from "express";
import { listenOnLoopback, type Listening } from "../listen.ts";
import { refundableCents, refundedCents, totalCents } from "../orders/order.ts";
import { productById } from "../products.ts";
import { contentSecurityPolicy } from "./content-security-policy.ts";
import type { Html } from "./html.ts";
import { OrdersUnavailable, readOrders } from "./order-source.ts";
import { cataloguePage } from "./pages/catalogue.ts";
import { inlinePage } from "./pages/inline.ts";
import { messagePage } from "./pages/message.ts";
import { orderPage } from "./pages/order.ts";
import { ordersPage } from "./pages/orders.ts";
import { productPage } from "./pages/product.ts";
import { returnsPage } from "./pages/returns.ts";

/** How the shop is set up. */
export interface ShopOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** Address of the Frontdesk server whose widget the pages embed; it may have a path. */
  readonly deskUrl: string;
  /** Origin of the order server. */
  readonly ordersUrl: string;
  /** Origin of Frontdesk's sandbox of views. */
  readonly sandboxUrl?: string | undefined;
}

/**
 * Starts the demo shop on the loopback address. It is a site like any other: it knows the widget's script tag and
 * nothing more of Frontdesk.
 */
export function startShop(options: ShopOptions): Promise<Listening> {
  const { ordersUrl } = options;
  const deskUrl = new URL(options.deskUrl).href.replace(/\/+$/, "");
  const policy = contentSecurityPolicy(deskUrl, options.sandboxUrl);
  const app = express();
  app.disable("x-powered-by");
  app.use((_request, response, next) => {
    response.set({
      "Content-Security-Policy": policy,
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "strict-origin-when-cross-origin",
    });
    next();
  });
  app.use(express.static(fileURLToPath(new URL("public", import.meta.url)), { index: false, maxAge: "5m" }));

  app.get("/", (_request, response) => send(response, cataloguePage(deskUrl)));
  app.get("/inline", (_request, response) => send(response, inlinePage(deskUrl)));
  app.get("/returns", (_request, response) => send(response, returnsPage(deskUrl)));
  app.get("/products/:productId", (request, response, next) => {
    const product = productById(request.params.productId);
    if (product === undefined) next();
    else send(response, productPage(deskUrl, product));
  });
  app.get("/orders", async (_request, response) => send(response, ordersPage(deskUrl, await readOrders(ordersUrl))));
  app.get("/orders/:orderId", async (request, response, next) => {
    const order = (await readOrders(ordersUrl)).find(({ orderId }) => orderId === request.params.orderId);
    if (order === undefined) next();
    else send(response, orderPage(deskUrl, order));
  });
  serveApi(app, ordersUrl);

  app.use((_request, response) => {
    send(response.status(404), messagePage(deskUrl, "Nothing on this shelf", "The page you asked for is not here."));
  });
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (!(error instanceof OrdersUnavailable) || response.headersSent) {
      next(error);
    } else if (request.path.startsWith("/api/")) {
      response.status(503).json({ error: "The order book cannot be read right now." });
    } else {
      send(
        response.status(503),
        messagePage(deskUrl, "The order book is closed", "Your orders cannot be read right now. Please try again in a minute."),
      );
    }
  });
  return listenOnLoopback(app, options.port);
}

/** What an assistant or the shop's own scripts may ask it. */
function serveApi(app: express.Express, ordersUrl: string): void {
  app.get("/api/orders/:orderId", async (request, response) => {
    const order = (await readOrders(ordersUrl)).find(({ orderId }) => orderId === request.params.orderId);
    response.set("Cache-Control", "no-store");
    if (order === undefined) response.status(404).json({ error: `There is no order ${request.params.orderId}.` });
    else
      response.json({
        ...order,
        totalCents: totalCents(order),
        refundedCents: refundedCents(order),
        refundableCents: refundableCents(order),
      });
  });
  app.get("/api/opening-hours", (_request, response) => {
    response.json({ hours: "Tuesday to Saturday, 10:00 to 18:00, and on Sundays by appointment." });
  });
  // Its courier takes the booking and hangs up before it says so: nobody knows how it ended.
  app.post("/api/courier", (request) => {
    request.socket.destroy();
  });
}

function send(response: Response, html: Html): void {
  response.type("html").set("Cache-Control", "no-store").send(html.text);
}
