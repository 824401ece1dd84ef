import type { IncomingMessage } from "node:http";
import type { Limits } from "../../guard/limits/limits.ts";
import { addressOf, networkOf } from "../../guard/network/address.ts";
import { type EngineSession, LineSession, type LineSessionPorts, type WebSocketOf } from "./line-session.ts";

/** What a request of HTTP counts: its headers, and the work they make. */
const REQUEST_BYTES = 256;
/** What an attempt to move to a WebSocket counts. */
const ATTEMPT_BYTES = 2_048;

export interface LineSessionsPorts extends Pick<LineSessionPorts, "helloMs" | "probeMs"> {
  readonly limits: Pick<Limits, "socketOpened" | "bytes">;
  readonly trustedProxies: number;
}

/** The sessions of the line, by engine.io's ids. */
export class LineSessions {
  readonly #ports: LineSessionsPorts;
  readonly #open = new Map<string, LineSession>();
  readonly #ofEngine = new WeakMap<object, LineSession>();
  readonly #ofNetwork = new Map<string, Set<LineSession>>();
  /** Those that began with an upgrade, until engine.io has an id for them. */
  readonly #begun = new WeakMap<IncomingMessage, LineSession>();

  constructor(ports: LineSessionsPorts) {
    this.#ports = ports;
  }

  /** The session of engine.io's own; undefined once it is closed. */
  find(engine: object): LineSession | undefined {
    return this.#ofEngine.get(engine);
  }

  /** engine.io opened one. It counts once, from its first request to its end, even if it moves to a WebSocket. */
  opened(engine: EngineSession & { readonly id: string; readonly request: IncomingMessage }): void {
    const { id, request } = engine;
    const session = this.#begun.get(request) ?? this.#begin(request);
    this.#open.set(id, session);
    this.#ofEngine.set(engine, session);
    const gone = this.#ports.limits.socketOpened(addressOf(request, this.#ports.trustedProxies));
    session.opened(engine);
    const network = networkOf(addressOf(request, this.#ports.trustedProxies));
    const neighbours = this.#ofNetwork.get(network) ?? new Set();
    this.#ofNetwork.set(network, neighbours.add(session));
    engine.once("close", () => {
      this.#open.delete(id);
      this.#ofEngine.delete(engine);
      neighbours.delete(session);
      if (neighbours.size === 0) this.#ofNetwork.delete(network);
      gone();
    });
  }

  /** An ordinary request, which engine.io reads after this. What it asks for is counted as what it brings. */
  requested(request: IncomingMessage): void {
    if (request.method === "POST") this.#of(request)?.count(REQUEST_BYTES);
  }

  /** engine.io took an upgrade, or has refused it. */
  upgraded(request: IncomingMessage & { readonly websocket?: WebSocketOf }): void {
    const { websocket, socket } = request;
    if (websocket === undefined) {
      // engine.io has refused it, perhaps by asking it to close.
      socket.destroySoon();
      return;
    }
    if (beginsSession(request)) {
      const session = this.#begin(request);
      this.#begun.set(request, session);
      session.connected(socket, websocket);
      return;
    }
    const session = this.#of(request);
    session?.count(ATTEMPT_BYTES);
    if (session === undefined) socket.destroy();
    else session.connected(socket, websocket);
  }

  #begin(request: IncomingMessage): LineSession {
    const address = addressOf(request, this.#ports.trustedProxies);
    return new LineSession({ ...this.#ports, address, unreadOfNetwork: () => this.#unreadBytes(address) });
  }

  #unreadBytes(address: string): number {
    let sum = 0;
    for (const session of this.#ofNetwork.get(networkOf(address)) ?? []) sum += session.unreadBytes();
    return sum;
  }

  #of(request: IncomingMessage): LineSession | undefined {
    return this.#open.get(idOf(request) ?? "");
  }
}

/** Whether a request belongs to no session yet. */
export function beginsSession(request: IncomingMessage): boolean {
  return !idOf(request);
}

/** As engine.io sees it: an empty `sid` is none, and of several the last one counts. */
function idOf(request: IncomingMessage): string | undefined {
  return new URL(request.url ?? "/", "http://line").searchParams.getAll("sid").at(-1);
}
