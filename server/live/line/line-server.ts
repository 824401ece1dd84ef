import type { IncomingMessage, ServerResponse } from "node:http";
import { type DefaultEventsMap, Server } from "socket.io";
import { type ClientToServer, LINE_PATH, type ServerToClient } from "../../../protocol/frames.ts";
import { addressOf } from "../../guard/network/address.ts";
import type { Limits } from "../../guard/limits/limits.ts";
import { letPageRead } from "../refuse.ts";
import type { Upgrades } from "../upgrades.ts";
import type { SocketData } from "./socket-data.ts";

export type LineServer = Server<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;
export type LineSocket = Parameters<Parameters<LineServer["use"]>[0]>[0];

const { createServer } = process.getBuiltinModule("node:http");

/** The largest frame from a customer. A message of 16,000 characters fits in every script. */
export const LARGEST_FRAME_BYTES = 64 * 1024;

export interface LineServerPorts {
  readonly upgrades: Pick<Upgrades, "add">;
  /** Origins that may use at least one assistant, and our own. Which assistant exactly is judged with the hello. */
  readonly origins: () => readonly string[];
  readonly limits: Pick<Limits, "socketOpened">;
  readonly trustedProxies: number;
}

/**
 * socket.io at `LINE_PATH`, behind the door: WebSockets, and HTTP long-polling where a network lets none through.
 * Closing it ends its sockets, not the HTTP server.
 */
export function openLineServer({ upgrades, origins, limits, trustedProxies }: LineServerPorts): LineServer {
  // socket.io would stand in front of the door if it listened to the real server, so it gets one that never listens.
  const io: LineServer = new Server(createServer(), {
    path: LINE_PATH,
    serveClient: false,
    maxHttpBufferSize: LARGEST_FRAME_BYTES,
    perMessageDeflate: false,
    httpCompression: false,
    connectTimeout: 10_000,
    upgradeTimeout: 5000,
  });
  const { engine } = io;
  // engine.io makes the answer to an upgrade itself.
  engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    letPageRead(request, response);
    next();
  });
  // One session may begin with polling and go on over a WebSocket: it counts once, from its first request to its end.
  engine.on("connection", (session: { request: IncomingMessage; once(event: "close", listener: () => void): void }) => {
    session.once("close", limits.socketOpened(addressOf(session.request, trustedProxies)));
  });
  upgrades.add(`${LINE_PATH}/`, {
    origins,
    needsOrigin: true,
    isNew: beginsSession,
    countsItself: true,
    request: (request, response) => engine.handleRequest(request as EngineRequest, response),
    upgrade: (request, socket, head) => engine.handleUpgrade(request as EngineRequest, socket, head),
  });
  return io;
}

type EngineRequest = Parameters<LineServer["engine"]["handleRequest"]>[0];

/** As engine.io sees it: an empty `sid` is none, and of several the last one counts. */
function beginsSession(request: IncomingMessage): boolean {
  return !new URL(request.url ?? "/", "http://line").searchParams.getAll("sid").at(-1);
}
