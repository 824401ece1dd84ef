import type { WireError } from "../../protocol/errors.ts";
import type { HelloFrame, Replies, Reply, RequestFrame, RequestName, ServerFrames } from "../../protocol/frames.ts";

/** What a line reports to its owner. Frames come in the order in which the server sent them, and none after `close`. */
export interface LineListener {
  /**
   * First after every connect: from now on requests go through. Rooms are gone, conversations have to be opened again.
   */
  welcome(frame: ServerFrames["welcome"]): void;
  events(frame: ServerFrames["events"]): void;
  text(frame: ServerFrames["text"]): void;
  more(frame: ServerFrames["more"]): void;
  progress(frame: ServerFrames["progress"]): void;
  typing(frame: ServerFrames["typing"]): void;
  "page-call"(frame: ServerFrames["page-call"]): void;
  /** What the hello said of the customer runs out: answer with `identity-renew`. */
  renew(): void;
  /** The connection is gone, or a try failed; the line goes on trying by itself. */
  lost(): void;
  /**
   * The server refuses this page (`connect_error` with a `WireError` that another try would not change). The line stays
   * silent until `reconnect`.
   */
  refused(error: WireError): void;
}

/**
 * A lasting connection to one assistant of one server, until `close`. It connects at once and reconnects by itself,
 * with growing pauses.
 */
export interface Line {
  /**
   * Sends one request. Resolves with the server's reply, refusals included. Rejects with `LineLostError` when there is
   * no welcome yet, the connection breaks or no reply comes in time: whether the request arrived is then unknown, so
   * repeat it with the same ids. What a view asks (`view-…`) has the time that it takes.
   */
  request<N extends RequestName>(name: N, frame: RequestFrame<N>): Promise<Reply<Replies[N]>>;
  /**
   * Drops what there is and connects anew at once, with a fresh hello: after sleep, back online, with another token.
   */
  reconnect(): void;
  /** Ends it for good. Open requests reject. Harmless when repeated. */
  close(): void;
}

export interface LinePorts {
  /** Address of the server, such as `https://desk.example.com` or `https://shop.example/desk`. */
  readonly server: string;
  readonly assistant: string;
  /** Called with each connect, so that it carries the newest token. One that rejects is a failed try. */
  readonly hello: () => HelloFrame | Promise<HelloFrame>;
  readonly listener: LineListener;
}

/** Makes lines; `openSocketLine` and the tests' `memoryLine` are two makers of it. */
export type OpenLine = (ports: LinePorts) => Line;

/** No reply can be had now. The message is for the customer. */
export class LineLostError extends Error {
  override readonly name = "LineLostError";

  constructor() {
    super("There is no connection right now. Please try again in a moment.");
  }
}

/** The server answered a request with a refusal. The message is for the customer. */
export class RequestRefusedError extends Error {
  override readonly name = "RequestRefusedError";
  readonly wire: WireError;

  constructor(wire: WireError) {
    super(wire.message);
    this.wire = wire;
  }
}
