/** One JSON-RPC message of a try, as it went over the wire, without our credentials. */
export interface RawMessage {
  readonly direction: "sent" | "received";
  /** Milliseconds since the try began. */
  readonly atMs: number;
  readonly bytes: number;
  /** Absent where it was too large to keep. */
  readonly message?: unknown;
  /** What was kept of a message that was too large. */
  readonly beginning?: string;
}

const MESSAGE_BYTES = 64 * 1024;
const BEGINNING_CHARACTERS = 4_000;
const WHOLE_BYTES = 256 * 1024;
const MOST_MESSAGES = 100;

/** Keeps what is said with a server during one try, and when. Bounded, whatever the server sends. */
export class WireRecord {
  readonly #messages: RawMessage[] = [];
  readonly #now: () => number;
  readonly #beganAt: number;
  #keptBytes = 0;
  #leftOut = 0;
  #callId: unknown;
  #calledAt: number | undefined;
  #firstByteAt: number | undefined;
  #isError = false;

  /** `now` in milliseconds; it never goes back. */
  constructor(now: () => number) {
    this.#now = now;
    this.#beganAt = now();
  }

  get messages(): readonly RawMessage[] {
    return this.#messages;
  }

  /** How many messages were not kept. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Whether the server said of its result that it is an error. */
  get isError(): boolean {
    return this.#isError;
  }

  /** From when the call left until the first byte of its answer. Undefined: it never left, or nothing came. */
  get firstByteMs(): number | undefined {
    return this.#calledAt === undefined || this.#firstByteAt === undefined ? undefined : this.#firstByteAt - this.#calledAt;
  }

  get sinceCallMs(): number | undefined {
    return this.#calledAt === undefined ? undefined : this.#now() - this.#calledAt;
  }

  get elapsedMs(): number {
    return this.#now() - this.#beganAt;
  }

  /** The head of an HTTP answer came. */
  answered(): void {
    if (this.#calledAt !== undefined) this.#firstByteAt ??= this.#now();
  }

  heard(direction: RawMessage["direction"], message: object): void {
    this.#mark(direction, message as Record<string, unknown>);
    const text = JSON.stringify(message);
    const bytes = Buffer.byteLength(text);
    if (this.#messages.length >= MOST_MESSAGES || this.#keptBytes >= WHOLE_BYTES) {
      this.#leftOut += 1;
      return;
    }
    const isSmall = bytes <= MESSAGE_BYTES && this.#keptBytes + bytes <= WHOLE_BYTES;
    this.#keptBytes += isSmall ? bytes : BEGINNING_CHARACTERS;
    this.#messages.push({
      direction,
      atMs: Math.round(this.elapsedMs),
      bytes,
      ...(isSmall ? { message: JSON.parse(text) as unknown } : { beginning: text.slice(0, BEGINNING_CHARACTERS) }),
    });
  }

  #mark(direction: RawMessage["direction"], { method, id, result }: Record<string, unknown>): void {
    if (direction === "sent") {
      if (method !== "tools/call") return;
      this.#callId = id;
      this.#calledAt = this.#now();
      this.#firstByteAt = undefined;
      return;
    }
    this.answered();
    if (id !== this.#callId || typeof result !== "object" || result === null) return;
    this.#isError = (result as Record<string, unknown>)["isError"] === true;
  }
}
