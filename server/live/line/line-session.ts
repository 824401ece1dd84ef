import type { Socket as Connection } from "node:net";
import { RequestError } from "../../../protocol/errors.ts";
import type { Limits } from "../../guard/limits/limits.ts";
import { unreadBytes } from "./reading-pace.ts";

/** What the session needs of engine.io's own. */
export interface EngineSession {
  readonly transport: { readonly name: string };
  on(event: "packet", listener: (packet: { readonly data?: string | Buffer }) => void): unknown;
  once(event: "close" | "upgrade", listener: () => void): unknown;
  off(event: "upgrade", listener: () => void): unknown;
  close(discard: boolean): unknown;
}

/** What it needs of a WebSocket of the package `ws`. */
export interface WebSocketOf {
  readonly readyState: number;
  on(event: "ping" | "pong", listener: () => void): unknown;
}

export interface LineSessionPorts {
  readonly limits: Pick<Limits, "bytes">;
  readonly address: string;
  /** Whoever has not said hello by then is gone. */
  readonly helloMs: number;
  /** How long a session may try out a WebSocket before it moves to it. */
  readonly probeMs: number;
  /** Bytes that wait for all sessions of its network to take them. */
  readonly unreadOfNetwork: () => number;
}

/** What a packet counts beside its bytes: an empty one is read, and a ping answered, too. */
const PACKET_BYTES = 64;
/** A session that goes on for so long after its bytes were refused is ended: being refused costs it nothing. */
const MOST_REFUSED_BYTES = 128 * 1024;
/** What the sessions of one network may have unread together, before they get pictures and sounds again. */
const MOST_UNREAD_BYTES = 32 * 1024 * 1024;
const READING_MS = 5_000;
/** With so much unread, whoever is left does not get the words of farewell either. */
const UNREAD_BYTES = 64 * 1024;

/** `WebSocket.OPEN`. */
const OPEN = 1;
const ALLOWED = Promise.resolve(undefined);

/**
 * One page's session below its packets. It counts what comes in, in packets of whatever kind, against the page's network
 * and, after the hello, its customer. It ends those who say nothing or do not stop.
 */
export class LineSession {
  readonly #ports: LineSessionPorts;
  #engine: EngineSession | undefined;
  /** The WebSocket's connection; a session that polls has none of its own. */
  #connection: Connection | undefined;
  #customerId: string | undefined;
  #hello: NodeJS.Timeout | undefined;
  #uncounted = 0;
  #refused = 0;
  /** The newest count; the refusal that it ended with, if it did. */
  #counted: Promise<unknown> = ALLOWED;

  constructor(ports: LineSessionPorts) {
    this.#ports = ports;
    this.#hello = setTimeout(() => this.end(), ports.helloMs);
  }

  /** The session is open, and so are its packets. */
  opened(engine: EngineSession): void {
    this.#engine = engine;
    engine.on("packet", ({ data }) => this.count(PACKET_BYTES + (engine.transport.name === "polling" ? (data?.length ?? 0) : 0)));
    engine.once("close", () => this.#closed());
  }

  /** The page said hello, as this customer. */
  greeted(customerId: string): void {
    clearTimeout(this.#hello);
    this.#hello = undefined;
    this.#customerId = customerId;
  }

  /** A WebSocket of the session: its first connection, or one that it may move to. One that is refused is gone. */
  connected(connection: Connection, webSocket: WebSocketOf): void {
    if (webSocket.readyState !== OPEN) return void connection.destroy();
    const packet = (): void => this.count(PACKET_BYTES);
    webSocket.on("ping", packet);
    webSocket.on("pong", packet);
    connection.on("data", (bytes: Buffer) => {
      this.count(bytes.length);
      // We have said goodbye, and whoever still talks would be listened to for another 30 seconds.
      if (webSocket.readyState !== OPEN) connection.destroy();
    });
    if (this.#engine === undefined) this.#connection = connection;
    else this.#probed(this.#engine, connection);
  }

  /** So many bytes came in. */
  count(bytes: number): void {
    if (this.#uncounted === 0) this.#counted = this.#counted.then(() => this.#take());
    this.#uncounted += bytes;
  }

  /** Throws `RequestError` `rate-limited` while the page, or its network, sends too much. */
  async checkBytes(): Promise<void> {
    const refusal = await this.#counted;
    if (refusal !== undefined) throw refusal;
  }

  /** Bytes that wait for the page's network, here and in its connection. */
  unreadBytes(): number {
    return (this.#engine === undefined ? 0 : unreadBytes(this.#engine)) + (this.#connection?.writableLength ?? 0);
  }

  /** Throws `RequestError` `rate-limited` while its network does not read the megabytes that it asked for. */
  checkUnread(): void {
    if (this.#ports.unreadOfNetwork() <= MOST_UNREAD_BYTES) return;
    throw new RequestError("rate-limited", { detail: "This network has not read yet what it asked for.", retryAfterMs: READING_MS });
  }

  /** Ends the session and its connection at once. A page that is asked to close would keep its place until it answers. */
  end(): void {
    this.#engine?.close(true);
    this.#connection?.destroy();
  }

  /** Everything of one turn of the event loop is counted together, however many packets it was. */
  async #take(): Promise<unknown> {
    const bytes = this.#uncounted;
    this.#uncounted = 0;
    try {
      await this.#ports.limits.bytes(this.#customerId, this.#ports.address, bytes);
      this.#refused = 0;
      return undefined;
    } catch (refusal) {
      this.#refused += bytes;
      if (this.#refused > MOST_REFUSED_BYTES) this.end();
      return refusal;
    }
  }

  /** A page that tries out a WebSocket moves to it soon, or the connection is gone. */
  #probed(engine: EngineSession, connection: Connection): void {
    const late = setTimeout(() => connection.destroy(), this.#ports.probeMs);
    const moved = (): void => {
      clearTimeout(late);
      this.#connection = connection;
    };
    engine.once("upgrade", moved);
    connection.once("close", () => {
      clearTimeout(late);
      engine.off("upgrade", moved);
    });
  }

  #closed(): void {
    clearTimeout(this.#hello);
    const connection = this.#connection;
    if (connection === undefined || connection.destroyed) return;
    if (connection.writableLength > UNREAD_BYTES) connection.destroy();
    else connection.destroySoon();
  }
}
