import { Socket as Engine, Fetch, WebSocket } from "engine.io-client";
import { PASSING_REFUSALS } from "../../protocol/errors.ts";
import type { WireError } from "../../protocol/errors.ts";
import type { LINE_PATH, Replies, Reply, RequestFrame, RequestName, ServerFrames } from "../../protocol/frames.ts";
import { ACK, CONNECT, CONNECT_ERROR, decodePacket, DISCONNECT, encodePacket, EVENT } from "./json-packets.ts";
import { LineLostError } from "./line.ts";
import type { Line, LinePorts } from "./line.ts";

/**
 * The constant's type alone: its module would bring zod into the browser. A different path there is a type error here.
 */
const path: typeof LINE_PATH = "/line";
const REQUEST_TIMEOUT_MS = 15_000;
/** Until engine.io has a session, whichever transport it takes. */
const CONNECT_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** The server itself may be well again soon, too. */
const HEALS: readonly string[] = [...PASSING_REFUSALS, "internal"];
/** Whatever else a newer server sends is not for us. */
const FRAMES: readonly string[] = [
  "welcome",
  "events",
  "text",
  "more",
  "progress",
  "renew",
  "typing",
  "page-call",
] satisfies (keyof ServerFrames)[];

/**
 * Scheme, host, port and path, as engine.io takes them: it puts the brackets of IPv6 back. The scheme may be missing.
 */
const ADDRESS = /^(?:(https?):\/\/)?\[?([^/?#]*?)\]?(?::(\d+))?(\/[^?#]*)?(?:[?#]|$)/i;

/** A request that waits for its reply. */
interface Asked {
  readonly resolve: (reply: never) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * The customer line: the Socket.IO protocol, version 5, over engine.io, which brings WebSockets, HTTP long-polling where
 * those are blocked, and heartbeats. See `Line` for what it promises.
 */
export function openSocketLine(ports: LinePorts): Line {
  return new SocketLine(ports);
}

class SocketLine implements Line {
  readonly #ports: LinePorts;
  /** The first one is tried first. */
  readonly #transports = [WebSocket, Fetch];
  readonly #asked = new Map<string, Asked>();
  #lastId = 0;
  /** Of the present connection or try. Whatever an earlier one still says does not count. */
  #engine: Engine | undefined;
  #isWelcome = false;
  #isClosed = false;
  /** Tries without a welcome. */
  #tries = 0;
  /** Ends the try, or the pause before the next. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: LinePorts) {
    this.#ports = ports;
    this.#connect();
  }

  request<N extends RequestName>(name: N, frame: RequestFrame<N>): Promise<Reply<Replies[N]>> {
    return new Promise((resolve, reject) => {
      // After a sleep the heartbeat's timer may be late: engine.io then says so, and ends the connection by itself.
      if (!this.#isWelcome || this.#engine!._hasPingExpired()) return reject(new LineLostError());
      const id = `${this.#lastId++}`;
      // Still connected: the server, or the way to it, is stuck. What a view asks may wait for another server, or a person.
      const timer = name.startsWith("view-") ? undefined : setTimeout(() => this.reconnect(), REQUEST_TIMEOUT_MS);
      this.#asked.set(id, { resolve, reject, timer });
      this.#engine!.write(encodePacket(EVENT, [name, frame], id));
    });
  }

  reconnect(): void {
    if (this.#isClosed) return;
    const wasWelcome = this.#isWelcome;
    this.#leave();
    this.#tries = 0;
    this.#connect();
    if (wasWelcome) this.#ports.listener.lost();
  }

  close(): void {
    this.#isClosed = true;
    this.#leave();
  }

  #connect(): void {
    const written = this.#ports.server.trim();
    const server = written.startsWith("/") && globalThis.location ? location.origin + written : written;
    const [, scheme, hostname = "", port = "", folder = ""] = ADDRESS.exec(server) ?? [];
    const engine = new Engine({
      hostname,
      port,
      secure: scheme === "https",
      path: (folder + path).replace(/\/+/g, "/"),
      // The hello says it too, but a page that may not come is turned away before: so the server's log can name it.
      query: { assistant: this.#ports.assistant },
      transports: this.#transports,
      // Not with polling first: what is said of it at the door would be lost with the next failure.
      tryAllTransports: this.#transports[0] === WebSocket,
    });
    this.#engine = engine;
    this.#timer = setTimeout(() => this.#lose(), CONNECT_TIMEOUT_MS);
    const ours = (): boolean => this.#engine === engine;
    engine.on("open", () => {
      if (!ours()) return;
      clearTimeout(this.#timer);
      Promise.resolve(this.#ports.hello()).then(
        (hello) => ours() && engine.write(encodePacket(CONNECT, hello)),
        () => ours() && this.#loseFor(FIRST_PAUSE_MS * 5),
      );
    });
    engine.on("data", (text: string) => ours() && void this.#take(text));
    engine.on("close", (_reason, cause) => ours() && this.#lose(cause));
  }

  /** Asynchronous, so that a listener that throws does not end engine.io's polling. */
  async #take(text: string): Promise<void> {
    let packet;
    try {
      packet = decodePacket(text);
    } catch {
      return this.#lose();
    }
    const { type, id, data } = packet;
    if (type === EVENT) {
      const [name, frame] = data as [keyof ServerFrames, never];
      if (name === "welcome") {
        this.#isWelcome = true;
        this.#tries = 0;
      }
      if (FRAMES.includes(name)) this.#ports.listener[name](frame);
    } else if (type === ACK) {
      const asked = this.#asked.get(id);
      clearTimeout(asked?.timer);
      this.#asked.delete(id);
      asked?.resolve((data as [never])[0]);
    } else if (type === CONNECT_ERROR) {
      const refusal = (data as { readonly data?: unknown } | undefined)?.data;
      if (isWireError(refusal)) this.#refuse(refusal);
      else this.#loseFor(LONGEST_PAUSE_MS);
    } else if (type === DISCONNECT) {
      // For Socket.IO this is final; for us it is a restart.
      this.#lose();
    }
  }

  /** `cause`: what engine.io says of it; the answer, if a poll was refused. */
  #lose(cause?: object): void {
    // A proxy that swallows WebSockets makes the try time out, and engine.io does not then try the other transport.
    if (!this.#isWelcome) this.#transports.reverse();
    this.#loseFor(Math.min(FIRST_PAUSE_MS * 2 ** this.#tries++, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2));
    // Why we are turned away at the door is in the answer to a poll; that to an upgrade cannot be read.
    const answer = (cause as { readonly context?: unknown } | undefined)?.context;
    if (!(answer instanceof Response)) return;
    answer.json().then(
      (body: { readonly error?: unknown } | null) => {
        if (!this.#engine && isWireError(body?.error)) this.#refuse(body.error);
      },
      () => {},
    );
  }

  #loseFor(pauseMs: number): void {
    this.#drop();
    this.#timer = setTimeout(() => this.#connect(), pauseMs);
    this.#ports.listener.lost();
  }

  #refuse(refusal: WireError): void {
    if (this.#isClosed) return;
    if (HEALS.includes(refusal.code)) return this.#loseFor(refusal.retryAfterMs ?? LONGEST_PAUSE_MS);
    this.#drop();
    this.#ports.listener.refused(refusal);
  }

  /** As `#drop`, and politely. */
  #leave(): void {
    if (this.#isWelcome) this.#engine!.write(encodePacket(DISCONNECT));
    this.#drop();
  }

  /** Ends the connection, the try or the pause, and what was asked. */
  #drop(): void {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#isWelcome = false;
    clearTimeout(this.#timer);
    for (const { timer, reject } of this.#asked.values()) {
      clearTimeout(timer);
      reject(new LineLostError());
    }
    this.#asked.clear();
    engine?.close();
  }
}

function isWireError(value: unknown): value is WireError {
  const { code, message } = (value ?? {}) as Partial<WireError>;
  return typeof code === "string" && typeof message === "string";
}
