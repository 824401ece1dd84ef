import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import { type DefaultEventsMap, Server } from "socket.io";
import { ERRORS, RequestError } from "../../protocol/errors.ts";
import { type ClientToServer, LINE_PATH, type ServerToClient } from "../../protocol/frames.ts";
import type { Log } from "../conversation/ports.ts";
import { addressOf } from "../guard/address.ts";
import type { Limits } from "../guard/limits.ts";
import { originAllowed } from "../guard/origins.ts";
import type { SocketData } from "./socket-data.ts";

export type LineServer = Server<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;

/** The largest frame from a customer. A message of 16,000 characters fits in every script. */
export const LARGEST_FRAME_BYTES = 64 * 1024;

export interface LineServerOptions {
  readonly httpServer: HttpServer;
  /** Origins that may use at least one assistant, and our own. Which assistant exactly is judged with the hello. */
  readonly origins: () => readonly string[];
  readonly limits: Limits;
  readonly trustedProxies: number;
  readonly isStopping: () => boolean;
  readonly log: Log;
}

/**
 * socket.io at `LINE_PATH`. Before any of it is spoken, every HTTP request and every upgrade passes the door: server going down (503), origin (403), limits of
 * the address (429), each answered with a `WireError` as JSON.
 */
export function openLineServer(options: LineServerOptions): LineServer {
  const io: LineServer = new Server(options.httpServer, {
    path: LINE_PATH,
    serveClient: false,
    maxHttpBufferSize: LARGEST_FRAME_BYTES,
    perMessageDeflate: false,
    httpCompression: false,
    connectTimeout: 10_000,
    upgradeTimeout: 5000,
    destroyUpgradeTimeout: 5000,
  });
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    void atTheDoor(request, response, options).then((admitted) => {
      if (admitted) next();
    });
  });
  io.engine.on("connection", (connection: { request: IncomingMessage; once(event: "close", listener: () => void): void }) => {
    connection.once("close", options.limits.connected(addressOf(connection.request, options.trustedProxies)));
  });
  return io;
}

async function atTheDoor(request: IncomingMessage, response: ServerResponse, options: LineServerOptions): Promise<boolean> {
  const { origin } = request.headers;
  if (origin !== undefined) {
    // Refusals too: the page's developer should be able to read why.
    response.setHeader("Access-Control-Allow-Origin", origin);
    response.setHeader("Vary", "Origin");
  }
  try {
    const isSameOrigin = origin === undefined && request.headers["sec-fetch-site"] === "same-origin";
    if (!isSameOrigin && !originAllowed(origin, options.origins()))
      throw new RequestError("origin-refused", { detail: originDetail(origin) });
    if (request.method === "OPTIONS") {
      response.writeHead(204, { "Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": "Content-Type" }).end();
      return false;
    }
    if (isNewConnection(request)) {
      if (options.isStopping()) throw new RequestError("stopping", { retryAfterMs: 2000 });
      await options.limits.beforeConnection(addressOf(request, options.trustedProxies));
    }
    return true;
  } catch (error) {
    const refusal = error instanceof RequestError ? error : new RequestError("internal");
    options.log.warn({ code: refusal.code, origin, error: error === refusal ? undefined : error }, "Refused a connection to the line.");
    refuse(response, refusal);
    return false;
  }
}

function originDetail(origin: string | undefined): string {
  if (origin === undefined) return "The connection has no Origin header.";
  return `Add ${JSON.stringify(origin.slice(0, 200))} to allowedOrigins of the assistant.`;
}

function isNewConnection(request: IncomingMessage): boolean {
  return !new URL(request.url ?? "/", "http://line").searchParams.has("sid");
}

function refuse(response: ServerResponse, refusal: RequestError): void {
  const body = JSON.stringify({ error: refusal.toWire() });
  response.writeHead(ERRORS[refusal.code].status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    Connection: "close",
    ...(refusal.retryAfterMs === undefined ? {} : { "Retry-After": String(Math.ceil(refusal.retryAfterMs / 1000)) }),
  });
  response.end(body);
}
