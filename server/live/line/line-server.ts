import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import { type DefaultEventsMap, Server } from "socket.io";
import { ERRORS, RequestError } from "../../../protocol/errors.ts";
import { type ClientToServer, LINE_PATH, type ServerToClient } from "../../../protocol/frames.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { addressOf } from "../../guard/network/address.ts";
import type { Limits } from "../../guard/limits/limits.ts";
import { originAllowed } from "../../guard/network/origins.ts";
import type { SocketData } from "./socket-data.ts";

export type LineServer = Server<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;

const { STATUS_CODES } = process.getBuiltinModule("node:http");

/** The largest frame from a customer. A message of 16,000 characters fits in every script. */
export const LARGEST_FRAME_BYTES = 64 * 1024;

export interface LineServerOptions {
  readonly httpServer: HttpServer;
  /** Origins that may use at least one assistant, and our own. Which assistant exactly is judged with the hello. */
  readonly origins: () => readonly string[];
  readonly limits: Limits;
  readonly trustedProxies: number;
  readonly isStopping: () => boolean;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/**
 * socket.io at `LINE_PATH`. Before any of it is spoken, every HTTP request and every upgrade passes the door: server going down (503), origin (403), limits of
 * the address (429), each answered with a `WireError` as JSON.
 */
export function openLineServer(options: LineServerOptions): LineServer {
  // Node takes its own listener off a socket that asks for an upgrade: without this one a customer who hangs up at that moment would end the process.
  options.httpServer.prependListener("upgrade", (_request, socket) => socket.on("error", () => socket.destroy()));
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
  const isNews = onceAMinute(options.clock);
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    void atTheDoor({ request, response }, options, isNews).then((admitted) => {
      if (admitted) next();
    });
  });
  io.engine.on("connection", (connection: { request: IncomingMessage; once(event: "close", listener: () => void): void }) => {
    connection.once("close", options.limits.connected(addressOf(connection.request, options.trustedProxies)));
  });
  return io;
}

type IsNews = (what: string) => boolean;

async function atTheDoor(
  exchange: { request: IncomingMessage; response: ServerResponse },
  options: LineServerOptions,
  isNews: IsNews,
): Promise<boolean> {
  const { request, response } = exchange;
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
    if (refusal !== error) options.log.error({ error }, "A connection to the line failed.");
    else if (isNews(`${refusal.code} ${origin}`))
      options.log.warn({ code: refusal.code, origin }, "Refused a connection to the line. Said once a minute.");
    refuse(request, response, refusal);
    return false;
  }
}

const MINUTE_MS = 60_000;
/** Whoever invents origins may not fill the memory with them. */
const MOST_REMEMBERED = 1000;

/** Keeps the log readable while somebody tries again and again. */
function onceAMinute(clock: Pick<Clock, "now">): IsNews {
  const saidAt = new Map<string, number>();
  return (what) => {
    const now = clock.now();
    if (now - (saidAt.get(what) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return false;
    if (saidAt.size >= MOST_REMEMBERED) saidAt.clear();
    saidAt.set(what, now);
    return true;
  };
}

function originDetail(origin: string | undefined): string {
  if (origin === undefined) return "The connection has no Origin header.";
  return `Add ${JSON.stringify(origin.slice(0, 200))} to allowedOrigins of the assistant.`;
}

/** As engine.io sees it: an empty `sid` is none, and of several the last one counts. */
function isNewConnection(request: IncomingMessage): boolean {
  return !new URL(request.url ?? "/", "http://line").searchParams.getAll("sid").at(-1);
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: RequestError): void {
  const body = JSON.stringify({ error: refusal.toWire() });
  const { status } = ERRORS[refusal.code];
  const headers: Record<string, string> = {
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
    "Cache-Control": "no-store",
    Connection: "close",
    ...(refusal.retryAfterMs === undefined ? {} : { "Retry-After": String(Math.ceil(refusal.retryAfterMs / 1000)) }),
  };
  if (request.headers.upgrade === undefined) {
    response.writeHead(status, headers).end(body);
    return;
  }
  // engine.io's response to an upgrade cannot say anything; the socket below can.
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
  request.socket.end(text, () => request.socket.destroy());
}
