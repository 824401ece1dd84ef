import type { IncomingMessage, ServerResponse } from "node:http";
import { type DefaultEventsMap, Server } from "socket.io";
import type { Limits } from "../../guard/limits/limits.ts";
import { letPageRead } from "../refuse.ts";
import type { Upgrades } from "../upgrades.ts";
import type { Entrance } from "../entrance.ts";
import type { LineSession } from "./line-session.ts";
import { beginsSession, LineSessions } from "./line-sessions.ts";

const { createServer } = process.getBuiltinModule("node:http");

/** The largest frame from a customer. A message of 16,000 characters fits in every script. */
export const LARGEST_FRAME_BYTES = 64 * 1024;

export interface LinePorts {
  readonly upgrades: Pick<Upgrades, "add">;
  readonly limits: Pick<Limits, "socketOpened" | "bytes">;
  readonly trustedProxies: number;
  /** Whoever has not said hello by then is gone. Default: 10 s. */
  readonly helloMs?: number;
  /** How long a session that polls may try out a WebSocket. Default: 5 s. */
  readonly probeMs?: number;
}

const HELLO_MS = 10_000;
const PROBE_MS = 5_000;

/** Any line: what it says is up to its gateway. */
type AnyLine = Server<EventsMap, EventsMap, DefaultEventsMap, { session: LineSession | undefined }>;
// oxlint-disable-next-line typescript/no-explicit-any -- as socket.io itself types what may be sent
type EventsMap = Record<string, (...frames: any[]) => void>;

/** Where a line is reached, and whose pages may come at all. What each of them may is judged with the hello. */
export interface LinePlace extends Pick<Entrance, "origins" | "needsOrigin" | "advice"> {
  /** Such as `/line`. */
  readonly path: string;
}

/**
 * socket.io at a path, behind the door: WebSockets, and HTTP long-polling where a network lets none through. Closing it
 * ends its sockets, not the HTTP server.
 */
export function openLineAt<Line>({ path, ...entrance }: LinePlace, ports: LinePorts): Line {
  const { upgrades, limits, trustedProxies, helloMs = HELLO_MS, probeMs = PROBE_MS } = ports;
  // socket.io would stand in front of the door if it listened to the real server, so it gets one that never listens.
  const io: AnyLine = new Server(createServer(), {
    path,
    serveClient: false,
    maxHttpBufferSize: LARGEST_FRAME_BYTES,
    perMessageDeflate: false,
    httpCompression: false,
    // The session ends them itself, sooner than engine.io asks them to close.
    connectTimeout: 2 * helloMs,
    upgradeTimeout: probeMs,
  });
  const { engine } = io;
  // engine.io makes the answer to an upgrade itself.
  engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    letPageRead(request, response);
    next();
  });
  const sessions = new LineSessions({ limits, trustedProxies, helloMs, probeMs });
  engine.on("connection", (opened: Parameters<LineSessions["opened"]>[0]) => sessions.opened(opened));
  io.use((socket, next) => {
    // engine.io's own types hide the id, which is in every request of the session.
    socket.data.session = sessions.find((socket.conn as unknown as { readonly id: string }).id);
    next();
  });
  upgrades.add(`${path}/`, {
    ...entrance,
    isNew: beginsSession,
    countsItself: true,
    request(request, response) {
      sessions.requested(request);
      engine.handleRequest(request as EngineRequest, response);
    },
    upgrade(request, socket, head) {
      engine.handleUpgrade(request as EngineRequest, socket, head);
      sessions.upgraded(request);
    },
  });
  return io as Line;
}

type EngineRequest = Parameters<AnyLine["engine"]["handleRequest"]>[0];
