import { type Server, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";

export interface LegacySessionsPorts {
  readonly clock: Clock;
  readonly log: Log;
}

/** A connection of the legacy era, which lasts over many requests. */
interface Session {
  readonly key: string;
  readonly server: Server;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  usedAt: number;
  /** Something beyond connecting came over it. */
  isUsed: boolean;
  open: number;
}

/** A client that connects and never comes back is let go soon, one that worked much later. */
const KNOCK_MS = 5 * 60_000;
const IDLE_MS = 60 * 60_000;
const SWEEP_MS = 60_000;
const MOST_PER_KEY = 200;

/** The legacy connections of one published server. */
export class LegacySessions {
  readonly #ports: LegacySessionsPorts;
  readonly #sessions = new Map<string, Session>();
  #callOff: (() => void) | undefined;

  constructor(ports: LegacySessionsPorts) {
    this.#ports = ports;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Those that have one. */
  get keys(): ReadonlySet<string> {
    return new Set([...this.#sessions.values()].map(({ key }) => key));
  }

  /** Whether there is such a session of this key. */
  has(id: string, key: string): boolean {
    return this.#sessions.get(id)?.key === key;
  }

  /** A connection is begun with the first request that it brings; `make` is given its id. */
  async begin(
    request: Request,
    key: string,
    { body, make }: { readonly body: unknown; readonly make: (id: string) => Server },
  ): Promise<Response> {
    const id = this.#ports.clock.id();
    const server = make(id);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessioninitialized: () => this.#add(id, { key, server, transport, usedAt: this.#ports.clock.now(), isUsed: false, open: 0 }),
      onsessionclosed: () => void this.#sessions.delete(id),
    });
    server.onerror = (error) => this.#ports.log.info({ error: String(error) }, "A client of a published server sent something odd.");
    await server.connect(transport);
    const response = await transport.handleRequest(request, { parsedBody: body });
    if (!this.#sessions.has(id)) void server.close();
    return response;
  }

  /** `isUse`: it is more than connecting. Undefined: there is no such session. */
  async serve(
    id: string,
    request: Request,
    { body, isUse }: { readonly body: unknown; readonly isUse: boolean },
  ): Promise<Response | undefined> {
    const session = this.#sessions.get(id);
    if (session === undefined) return undefined;
    session.usedAt = this.#ports.clock.now();
    session.isUsed ||= isUse;
    const response = await session.transport.handleRequest(request, { parsedBody: body });
    // A refusal is read to its end, and nobody hangs up on it.
    if (request.method === "GET" && response.ok && !request.signal.aborted) {
      session.open += 1;
      request.signal.addEventListener("abort", () => void (session.open -= 1), { once: true });
    }
    return response;
  }

  /** Somebody listens for what changes. */
  get isHeard(): boolean {
    return [...this.#sessions.values()].some(({ open }) => open > 0);
  }

  toolsChanged(): void {
    for (const { server } of this.#sessions.values()) server.sendToolListChanged().catch(() => undefined);
  }

  /** Ends those of some keys, or all. */
  async close(isEnded: (key: string) => boolean = () => true): Promise<void> {
    const ended = [...this.#sessions].filter(([, session]) => isEnded(session.key));
    for (const [id] of ended) this.#sessions.delete(id);
    if (this.#sessions.size === 0) this.#callOff?.();
    await Promise.all(ended.map(([, { server }]) => server.close().catch(() => undefined)));
  }

  #add(id: string, session: Session): void {
    const own = [...this.#sessions].filter(([, { key }]) => key === session.key);
    const oldest = own.length < MOST_PER_KEY ? undefined : own.toSorted(([, one], [, other]) => one.usedAt - other.usedAt)[0];
    if (oldest !== undefined) this.#end(oldest[0], oldest[1]);
    if (this.#sessions.size === 0) this.#sweepLater();
    this.#sessions.set(id, session);
  }

  #sweepLater(): void {
    this.#callOff?.();
    this.#callOff = this.#ports.clock.after(SWEEP_MS, () => {
      const now = this.#ports.clock.now();
      for (const [id, session] of this.#sessions)
        if (session.open === 0 && now - session.usedAt > (session.isUsed ? IDLE_MS : KNOCK_MS)) this.#end(id, session);
      if (this.#sessions.size > 0) this.#sweepLater();
    });
  }

  #end(id: string, { server }: Session): void {
    this.#sessions.delete(id);
    server.close().catch(() => undefined);
  }
}
