import { io, type Socket } from "socket.io-client";
import type { ErrorCode, WireError } from "../../protocol/errors.ts";
import type { Reply } from "../../protocol/frames.ts";
import type {
  STAFF_LINE_PATH,
  STAFF_LINE_VERSION,
  StaffClientToServer,
  StaffReplies,
  StaffRequestFrame,
  StaffRequestName,
  StaffServerFrames,
  StaffServerToClient,
} from "../../protocol/staff-frames.ts";

/**
 * The constants' types alone: their module would bring zod into the browser. A different one there is a type error here.
 */
const path: typeof STAFF_LINE_PATH = "/staff-line";
const version: typeof STAFF_LINE_VERSION = 1;

const REQUEST_TIMEOUT_MS = 15_000;
/** After a refusal that says nothing of when to come again. */
const AGAIN_MS = 5_000;

type Frames = Omit<StaffServerFrames, "ended">;

/** What a connection reports. Frames come in the order in which the server sent them. */
export type ConnectionListener = { readonly [Name in keyof Frames]: (frame: Frames[Name]) => void } & {
  /** It is gone, or a try failed; it goes on trying by itself. */
  lost(): void;
  /** Nobody is signed in here any more. It rests until `reconnect`. */
  signedOut(): void;
};

/** No reply can be had now: whether the request arrived is unknown. */
export class LineLostError extends Error {
  override readonly name = "LineLostError";
}

/** The socket of the staff line: the only file that knows socket.io, loaded when somebody first watches something. */
export class Connection {
  readonly #socket: Socket<StaffServerToClient, StaffClientToServer>;
  readonly #listener: ConnectionListener;
  #isWelcome = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #heardAt = 0;

  constructor(basePath: string, listener: ConnectionListener) {
    this.#listener = listener;
    this.#socket = io(location.origin, {
      path: basePath + path,
      auth: { version },
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 10_000,
    });
    const socket = this.#socket;
    socket.onAny(() => this.#hear());
    socket.io.on("ping", () => this.#hear());
    socket.on("welcome", (frame) => {
      this.#isWelcome = true;
      listener.welcome(frame);
    });
    socket.on("events", (frame) => listener.events(frame));
    socket.on("text", (frame) => listener.text(frame));
    socket.on("progress", (frame) => listener.progress(frame));
    socket.on("inbox", (frame) => listener.inbox(frame));
    socket.on("presence", (frame) => listener.presence(frame));
    socket.on("typing", (frame) => listener.typing(frame));
    let isSignedOut = false;
    socket.on("ended", ({ reason }) => (isSignedOut = reason === "signed-out"));
    socket.on("disconnect", () => {
      this.#lose();
      if (isSignedOut) listener.signedOut();
      // What the server ended, socket.io does not open again by itself.
      else if (!socket.active) this.#comeAgain(0);
      isSignedOut = false;
    });
    socket.on("connect_error", (error) => {
      this.#lose();
      if (socket.active) return;
      const refusal = (error as Error & { readonly data?: Partial<WireError> }).data;
      if (refusal?.code === ("unauthenticated" satisfies ErrorCode)) listener.signedOut();
      else this.#comeAgain(refusal?.retryAfterMs ?? AGAIN_MS);
    });
  }

  get isWelcome(): boolean {
    return this.#isWelcome;
  }

  /** For how long the server has said nothing; it says something at least every 25 s. */
  get silentMs(): number {
    return Date.now() - this.#heardAt;
  }

  /** Resolves with the reply, refusals included. Rejects with `LineLostError`. */
  async request<N extends StaffRequestName>(
    name: N,
    frame: StaffRequestFrame<N>,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<Reply<StaffReplies[N]>> {
    if (!this.#isWelcome) throw new LineLostError();
    try {
      return (await this.#socket.timeout(timeoutMs).emitWithAck(name, ...([frame] as never))) as Reply<StaffReplies[N]>;
    } catch {
      throw new LineLostError();
    }
  }

  /** Drops what there is and connects anew at once: after sleep, back online, signed in again. */
  reconnect(): void {
    clearTimeout(this.#again);
    this.#socket.disconnect();
    this.#lose();
    this.#socket.connect();
  }

  close(): void {
    clearTimeout(this.#again);
    this.#socket.disconnect();
  }

  #hear(): void {
    this.#heardAt = Date.now();
  }

  #lose(): void {
    this.#isWelcome = false;
    this.#listener.lost();
  }

  #comeAgain(afterMs: number): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#socket.connect(), afterMs);
  }
}
