import type { Readable } from "node:stream";

/** More than this many unread pieces: the sender has to wait. */
const MOST_UNREAD = 64;

/**
 * The pieces of an answer's body as they come. Less work per piece than the body's own iterator, and turning away does
 * not end the body, so that its connection can be kept. From its making on an error of the body is never unhandled.
 */
export class BodyChunks {
  readonly #body: Readable;
  readonly #unread: Uint8Array[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(body: Readable) {
    this.#body = body;
    body.on("data", (chunk: Uint8Array) => {
      this.#unread.push(chunk);
      if (this.#unread.length > MOST_UNREAD) body.pause();
      this.#wake?.();
    });
    body.on("end", () => this.#over({}));
    body.on("error", (error: unknown) => this.#over({ error }));
    body.on("close", () => this.#over({ error: new Error("the connection was closed") }));
  }

  /** The next piece; undefined at the end. Rejects with the body's error. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = this.#unread.shift();
      if (chunk !== undefined) {
        if (this.#unread.length === 0 && this.#body.isPaused()) this.#body.resume();
        return chunk;
      }
      if (this.#end !== undefined) {
        if ("error" in this.#end) throw this.#end.error;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  #over(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#wake?.();
  }
}
