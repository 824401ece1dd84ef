/** What the pace needs of an engine.io socket. */
export interface PacedSocket {
  readonly readyState: string;
  once(event: "drain" | "close", listener: () => void): unknown;
  off(event: "drain" | "close", listener: () => void): unknown;
  close(discard: boolean): unknown;
}

/** With more than this unread, the next answer is not even looked up. */
const UNREAD_BYTES = 1024 * 1024;
/**
 * A socket that asks for so much and reads none of it is closed; a browser opens another and asks for what it still
 * wants.
 */
const MOST_WAITING = 100;

/**
 * Gives a socket its large answers one after the other, each when the one before has left. A client that asks for many
 * and reads none would otherwise fill the memory of the server.
 */
export class ReadingPace {
  readonly #socket: PacedSocket;
  #last: Promise<void> | undefined;
  #waiting = 0;

  constructor(socket: PacedSocket) {
    this.#socket = socket;
  }

  /**
   * Runs `answer`, which writes to the socket, in its turn; not at all when the socket is gone by then. Rejects as
   * `answer` does.
   */
  inTurn(answer: () => Promise<void>): Promise<void> {
    if (this.#waiting >= MOST_WAITING) this.#socket.close(true);
    if (this.#socket.readyState !== "open") return Promise.resolve();
    this.#waiting += 1;
    const turn = this.#after(this.#last, answer);
    this.#last = turn;
    return turn.finally(() => {
      this.#waiting -= 1;
      if (this.#last === turn) this.#last = undefined;
    });
  }

  async #after(before: Promise<void> | undefined, answer: () => Promise<void>): Promise<void> {
    await before?.catch(() => undefined);
    while (this.#socket.readyState === "open" && unreadBytes(this.#socket) > UNREAD_BYTES) await this.#change();
    if (this.#socket.readyState === "open") await answer();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const changed = (): void => {
        this.#socket.off("drain", changed);
        this.#socket.off("close", changed);
        resolve();
      };
      this.#socket.once("drain", changed);
      this.#socket.once("close", changed);
    });
  }
}

/** Packets that engine.io has not handed to the network yet. */
interface PendingPacket {
  readonly data?: string | Buffer;
}

/** Bytes that wait for a socket's network. */
export function unreadBytes(socket: object): number {
  const { writeBuffer } = socket as { readonly writeBuffer: readonly PendingPacket[] };
  return writeBuffer.reduce((sum, packet) => sum + (packet.data?.length ?? 0), 0);
}
