import { Fetch, Manager, WebSocket } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { PASSING_REFUSALS } from "../../protocol/errors.ts";
import type { WireError } from "../../protocol/errors.ts";
import type { ClientToServer, LINE_PATH, Replies, Reply, RequestFrame, RequestName, ServerToClient } from "../../protocol/frames.ts";
import { Decoder, Encoder } from "./json-packets.ts";
import { LineLostError } from "./line.ts";
import type { Line, LineListener, LinePorts } from "./line.ts";

/**
 * The constant's type alone: its module would bring zod into the browser. A different path there is a type error here.
 */
const path: typeof LINE_PATH = "/line";
const REQUEST_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** The server itself may be well again soon, too. */
const HEALS: readonly string[] = [...PASSING_REFUSALS, "internal"];

/**
 * The customer line over socket.io: WebSocket first, HTTP long-polling where that is blocked. See `Line` for what it
 * promises.
 */
export function openSocketLine(ports: LinePorts): Line {
  return new SocketLine(ports);
}

class SocketLine implements Line {
  readonly #listener: LineListener;
  readonly #manager: Manager<ServerToClient, ClientToServer>;
  readonly #socket: Socket<ServerToClient, ClientToServer>;
  #isWelcome = false;
  #isClosed = false;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor({ server, hello, listener }: LinePorts) {
    this.#listener = listener;
    const { origin, pathname } = new URL(server, globalThis.location?.href);
    this.#manager = new Manager(origin, {
      path: (pathname + path).replace(/\/+/g, "/"),
      transports: [WebSocket, Fetch],
      parser: { Encoder, Decoder },
      tryAllTransports: true,
      timeout: CONNECT_TIMEOUT_MS,
      reconnectionDelay: FIRST_PAUSE_MS,
      reconnectionDelayMax: LONGEST_PAUSE_MS,
    });
    this.#socket = this.#manager.socket("/", { auth: (send) => send({ ...hello() }) });
    this.#socket.on("welcome", (frame) => {
      this.#isWelcome = true;
      listener.welcome(frame);
    });
    this.#socket.on("events", (frame) => listener.events(frame));
    this.#socket.on("text", (frame) => listener.text(frame));
    this.#socket.on("more", (frame) => listener.more(frame));
    this.#socket.on("progress", (frame) => listener.progress(frame));
    this.#socket.on("disconnect", (reason) => this.#disconnected(reason));
    this.#socket.on("connect_error", (error) => this.#failed(error));
  }

  async request<N extends RequestName>(name: N, frame: RequestFrame<N>): Promise<Reply<Replies[N]>> {
    if (!this.#isWelcome) throw new LineLostError();
    try {
      return await (this.#socket as Socket).timeout(REQUEST_TIMEOUT_MS).emitWithAck(name, frame);
    } catch {
      // Still connected: the server, or the way to it, is stuck.
      if (this.#isWelcome) this.reconnect();
      throw new LineLostError();
    }
  }

  reconnect(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#later);
    this.#socket.disconnect().connect();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isWelcome = false;
    clearTimeout(this.#later);
    this.#socket.off();
    this.#socket.disconnect();
  }

  #disconnected(reason: string): void {
    if (this.#isClosed) return;
    this.#lost();
    // For socket.io a disconnect by the server is final; for us it is a restart.
    if (reason === "io server disconnect") this.#reconnectIn(FIRST_PAUSE_MS);
  }

  #failed(error: ConnectError): void {
    if (this.#isClosed) return;
    if (isWireError(error.data)) return this.#refuse(error.data);
    this.#lost();
    const { opts } = this.#manager;
    if (!this.#socket.active) this.#reconnectIn(LONGEST_PAUSE_MS);
    // A proxy that swallows WebSockets makes the attempt time out, and socket.io does not then try the other transport.
    else opts.transports = (opts.transports as [typeof WebSocket]).toReversed();
    // The reason for being turned away at the door is in the reply to a poll; a refused upgrade cannot be read.
    if (error.context instanceof Response)
      error.context.json().then(
        (answer: { readonly error?: unknown } | null) => {
          if (!this.#isClosed && !this.#isWelcome && isWireError(answer?.error)) this.#refuse(answer.error);
        },
        () => {},
      );
  }

  #refuse(refusal: WireError): void {
    // At the door socket.io would go on trying.
    this.#socket.disconnect();
    clearTimeout(this.#later);
    if (HEALS.includes(refusal.code)) {
      this.#lost();
      this.#reconnectIn(refusal.retryAfterMs ?? LONGEST_PAUSE_MS);
    } else {
      this.#isWelcome = false;
      this.#listener.refused(refusal);
    }
  }

  #lost(): void {
    this.#isWelcome = false;
    this.#listener.lost();
  }

  #reconnectIn(delayMs: number): void {
    this.#later = setTimeout(() => this.reconnect(), delayMs);
  }
}

/** What socket.io reports: `data` is the hello's refusal, `context` the answer of a poll that failed. */
type ConnectError = Error & { readonly data?: unknown; readonly context?: unknown };

function isWireError(value: unknown): value is WireError {
  const { code, message } = (value ?? {}) as Partial<WireError>;
  return typeof code === "string" && typeof message === "string";
}
