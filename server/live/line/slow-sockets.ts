import { unreadBytes } from "./reading-pace.ts";

/** What the judgement needs of a socket of socket.io. */
export interface JudgedSocket {
  readonly id: string;
  readonly conn: { close(discard: boolean): unknown };
  once(event: "disconnect", listener: () => void): unknown;
}

/** From here on a socket gets no passing frames. */
const SLOW_BYTES = 1024 * 1024;
/** From here on it is closed; its browser opens another and reads what it missed from the journal. */
const HOPELESS_BYTES = 8 * 1024 * 1024;

/**
 * Knows the sockets whose network does not keep up. One that was slow stays so until everything for it has left:
 * otherwise it would flap.
 */
export class SlowSockets {
  readonly #slow = new Set<string>();

  /** Whether the socket should not get passing frames now. */
  has(socket: JudgedSocket): boolean {
    const bytes = unreadBytes(socket.conn);
    if (bytes === 0) {
      this.#slow.delete(socket.id);
      return false;
    }
    if (bytes > HOPELESS_BYTES) socket.conn.close(true);
    if (bytes > SLOW_BYTES && !this.#slow.has(socket.id)) {
      this.#slow.add(socket.id);
      socket.once("disconnect", () => this.#slow.delete(socket.id));
    }
    return this.#slow.has(socket.id);
  }
}
