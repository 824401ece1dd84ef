import type { LineServer } from "./line-server.ts";
import { unreadBytes } from "./reading-pace.ts";

/** From here on a socket gets no passing frames. */
const SLOW_BYTES = 1024 * 1024;
/** From here on it is closed; its browser opens another and reads what it missed from the journal. */
const HOPELESS_BYTES = 8 * 1024 * 1024;

/**
 * Knows the sockets whose network does not keep up. One that was slow stays so until everything for it has left:
 * otherwise it would flap.
 */
export class SlowSockets {
  readonly #io: LineServer;
  readonly #slow = new Set<string>();

  constructor(io: LineServer) {
    this.#io = io;
  }

  /** Those of `socketIds` that should not get passing frames now. */
  among(socketIds: ReadonlySet<string>): string[] {
    let found: string[] | undefined;
    for (const socketId of socketIds) {
      if (this.#isSlow(socketId)) (found ??= []).push(socketId);
    }
    return found ?? [];
  }

  #isSlow(socketId: string): boolean {
    const socket = this.#io.of("/").sockets.get(socketId);
    if (socket === undefined) {
      this.#slow.delete(socketId);
      return false;
    }
    const bytes = unreadBytes(socket.conn);
    if (bytes === 0) {
      this.#slow.delete(socketId);
      return false;
    }
    if (bytes > HOPELESS_BYTES) socket.conn.close(true);
    if (bytes > SLOW_BYTES && !this.#slow.has(socketId)) {
      this.#slow.add(socketId);
      socket.once("disconnect", () => this.#slow.delete(socketId));
    }
    return this.#slow.has(socketId);
  }
}
