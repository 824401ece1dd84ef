import { Fetch, Manager, WebSocket } from "socket.io-client";
import type { Socket } from "socket.io-client";
import type { WireError } from "../../protocol/errors.ts";
import type { ClientToServer, LINE_PATH, Replies, Reply, RequestFrame, RequestName, ServerToClient } from "../../protocol/frames.ts";
import { Decoder, Encoder } from "./json-packets.ts";
import { LineLostError } from "./line.ts";
import type { Line, LinePorts } from "./line.ts";

/** The constant's type alone: its module would bring zod into the browser. A different path there is a type error here. */
const path: typeof LINE_PATH = "/line";
const REQUEST_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** Refusals that time heals. */
const PASSING: readonly string[] = ["rate-limited", "busy", "stopping", "internal"];

/** The customer line over socket.io: WebSocket first, HTTP long-polling where that is blocked. See `Line` for what it promises. */
export function openSocketLine({ server, hello, listener }: LinePorts): Line {
  let welcomed = false;
  let closed = false;
  let later: ReturnType<typeof setTimeout> | undefined;
  const manager = new Manager(server, {
    path,
    transports: [WebSocket, Fetch],
    parser: { Encoder, Decoder },
    tryAllTransports: true,
    timeout: CONNECT_TIMEOUT_MS,
    reconnectionDelay: FIRST_PAUSE_MS,
    reconnectionDelayMax: LONGEST_PAUSE_MS,
  });
  const socket: Socket<ServerToClient, ClientToServer> = manager.socket("/", { auth: (send) => send({ ...hello() }) });

  const lost = (): void => {
    welcomed = false;
    listener.lost();
  };
  const reconnect = (): void => {
    if (closed) return;
    clearTimeout(later);
    socket.disconnect().connect();
  };

  const refuse = (wire: WireError): void => {
    // At the door socket.io would go on trying.
    socket.disconnect();
    clearTimeout(later);
    if (PASSING.includes(wire.code)) {
      lost();
      later = setTimeout(reconnect, wire.retryAfterMs ?? LONGEST_PAUSE_MS);
    } else {
      welcomed = false;
      listener.refused(wire);
    }
  };

  socket.on("welcome", (frame) => {
    welcomed = true;
    listener.welcome(frame);
  });
  socket.on("events", (frame) => listener.events(frame));
  socket.on("text", (frame) => listener.text(frame));
  socket.on("progress", (frame) => listener.progress(frame));
  socket.on("disconnect", (reason) => {
    if (closed) return;
    lost();
    // socket.io takes the server's own good-bye for final; for us it is a restart.
    if (reason === "io server disconnect") later = setTimeout(reconnect, FIRST_PAUSE_MS);
  });
  socket.on("connect_error", (error: ConnectError) => {
    if (closed) return;
    if (isWireError(error.data)) return refuse(error.data);
    lost();
    if (!socket.active) later = setTimeout(reconnect, LONGEST_PAUSE_MS);
    // A proxy that swallows WebSockets makes the try time out, which socket.io does not take as a reason to try the other way.
    else manager.opts.transports = (manager.opts.transports as [typeof WebSocket]).toReversed();
    // Who is turned away at the door is told why in the answer to a poll; a refused upgrade cannot be read.
    if (error.context instanceof Response)
      error.context.json().then(
        (answer: { readonly error?: unknown } | null) => {
          if (!closed && !welcomed && isWireError(answer?.error)) refuse(answer.error);
        },
        () => {},
      );
  });

  return {
    async request<N extends RequestName>(name: N, frame: RequestFrame<N>): Promise<Reply<Replies[N]>> {
      if (!welcomed) throw new LineLostError();
      try {
        return await (socket as Socket).timeout(REQUEST_TIMEOUT_MS).emitWithAck(name, frame);
      } catch {
        // Still connected: the server, or the way to it, is stuck.
        if (welcomed) reconnect();
        throw new LineLostError();
      }
    },
    reconnect,
    close() {
      if (closed) return;
      closed = true;
      welcomed = false;
      clearTimeout(later);
      socket.off();
      socket.disconnect();
    },
  };
}

/** What socket.io reports: `data` is the hello's refusal, `context` the answer of a poll that failed. */
type ConnectError = Error & { readonly data?: unknown; readonly context?: unknown };

function isWireError(value: unknown): value is WireError {
  const { code, message } = (value ?? {}) as Partial<WireError>;
  return typeof code === "string" && typeof message === "string";
}
