/** What of an engine.io connection the pace needs. */
export interface PacedConnection {
  readonly readyState: string;
  once(event: "drain" | "close", listener: () => void): unknown;
  off(event: "drain" | "close", listener: () => void): unknown;
  close(discard: boolean): unknown;
}

/** With more than this unread, the next answer is not even looked up. */
const UNREAD_BYTES = 1024 * 1024;
/** Who asks for so much and reads nothing of it is cut off; a browser connects again and asks for what it still wants. */
const MOST_WAITING = 100;

/**
 * Gives a connection its large answers one after the other, each when the one before has left. Whoever asks for many and reads none would otherwise fill the
 * memory of the server.
 */
export class ReadingPace {
  readonly #connection: PacedConnection;
  #last: Promise<void> | undefined;
  #waiting = 0;

  constructor(connection: PacedConnection) {
    this.#connection = connection;
  }

  /** Runs `answer`, which writes to the connection, in its turn; not at all when the connection is gone by then. Rejects as `answer` does. */
  inTurn(answer: () => Promise<void>): Promise<void> {
    if (this.#waiting >= MOST_WAITING) this.#connection.close(true);
    if (this.#connection.readyState !== "open") return Promise.resolve();
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
    while (this.#connection.readyState === "open" && unreadBytes(this.#connection) > UNREAD_BYTES) await this.#change();
    if (this.#connection.readyState === "open") await answer();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const changed = (): void => {
        this.#connection.off("drain", changed);
        this.#connection.off("close", changed);
        resolve();
      };
      this.#connection.once("drain", changed);
      this.#connection.once("close", changed);
    });
  }
}

/** Packets that engine.io has not handed to the network yet. */
interface PendingPacket {
  readonly data?: string | Buffer;
}

/** Bytes that wait for a connection's network. */
export function unreadBytes(connection: object): number {
  const { writeBuffer } = connection as { readonly writeBuffer: readonly PendingPacket[] };
  return writeBuffer.reduce((sum, packet) => sum + (packet.data?.length ?? 0), 0);
}
