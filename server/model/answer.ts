import { ModelError, type ModelPart } from "../conversation/ports/model.ts";
import { EventStreamReader } from "./transport/event-stream.ts";
import type { Posted } from "./transport/post.ts";
import { errorInPlace } from "./transport/refusal.ts";
import { PartQueue } from "./wires/part-queue.ts";
import type { WireReader } from "./wires/wire.ts";

export interface AnswerParts {
  readonly who: string;
  readonly reader: WireReader;
  readonly head: Pick<Posted, "status" | "headers">;
  readonly now: () => number;
}

/** What may stand before a body's first character: a byte order mark, and blanks that keep a connection alive. */
const BEFORE_ANYTHING: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d]);
/** `{`, `[` and `<`: an event stream begins with none of them. */
const NO_STREAM: ReadonlySet<number> = new Set([0x7b, 0x5b, 0x3c]);

/**
 * Bytes in, parts out. Its first character says what the body is, whatever its content type says: an event stream, one
 * whole JSON answer, or a page. A fault waits until what came before it has been passed on.
 */
export class Answer {
  readonly #parts: AnswerParts;
  readonly #events = new EventStreamReader();
  readonly #queue = new PartQueue();
  /** A body that is no stream, until its end. */
  readonly #whole: Uint8Array[] = [];
  #isStream = false;
  #fault: ModelError | undefined;

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  get form(): "as-stream" | "whole" {
    return this.#isStream ? "as-stream" : "whole";
  }

  /** The parts that these bytes complete; `undefined` is the end of the body. */
  take(chunk: Uint8Array | undefined): readonly ModelPart[] {
    try {
      if (this.#isStream) this.#readEvents(chunk);
      else this.#begin(chunk);
    } catch (error) {
      this.#fault = error instanceof ModelError ? error : this.#unreadable(error);
    }
    return this.#queue.take();
  }

  throwFault(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  #readEvents(chunk: Uint8Array | undefined): void {
    const { reader } = this.#parts;
    const events = chunk === undefined ? this.#events.end() : this.#events.push(chunk);
    // An event without data is legal, and what some proxies keep a connection alive with.
    for (const data of events) if (data.trim() !== "") reader.read(data, this.#queue);
    if (chunk === undefined) reader.end(this.#queue);
  }

  #begin(chunk: Uint8Array | undefined): void {
    if (chunk === undefined) return this.#readWhole(Buffer.concat(this.#whole).toString("utf8"));
    const first = this.#whole.length > 0 ? undefined : chunk.find((byte) => !BEFORE_ANYTHING.has(byte));
    if (first === undefined && this.#whole.length === 0) return;
    if (first === undefined || NO_STREAM.has(first)) this.#whole.push(chunk);
    else {
      this.#isStream = true;
      this.#readEvents(chunk);
    }
  }

  #readWhole(text: string): void {
    const { reader, head, who, now } = this.#parts;
    const json = text.replace(/^\uFEFF/, "").trim();
    if (json === "") return reader.end(this.#queue);
    if (json.startsWith("<") || !reader.whole(JSON.parse(json), this.#queue)) throw errorInPlace(text, head, who, now());
  }

  #unreadable(error: unknown): ModelError {
    const what = error instanceof Error ? error.message.replaceAll(/\s+/g, " ").slice(0, 300) : String(error);
    return new ModelError("broken", `${this.#parts.who} sent something that cannot be read: ${what}`);
  }
}
