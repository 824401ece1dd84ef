import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** What is behind one path of the door: a protocol that speaks over sockets. */
export interface Entrance {
  /** Origins whose pages may come in. Which assistant they may use is judged later, with the hello. */
  readonly origins: () => readonly string[];
  /** Whether somebody without an `Origin` header is refused. Browsers send one; programs and devices have none. */
  readonly needsOrigin: boolean;
  /** What the owner of a refused page can do. Default: what a site with a chat can do. */
  readonly advice?: string;
  /**
   * Whether a request begins something new. One that belongs to something open was limited when that began, and is let
   * in while the server stops. Default: every request is new.
   */
  readonly isNew?: (request: IncomingMessage) => boolean;
  /**
   * Whether the entrance reports its sockets to the limits itself. Default: the door counts each upgraded socket until
   * it closes.
   */
  readonly countsItself?: boolean;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /**
   * Ordinary requests at the path, for a protocol that falls back to them. Absent: they are answered like any other
   * page.
   */
  readonly request?: (request: IncomingMessage, response: ServerResponse) => void;
}
