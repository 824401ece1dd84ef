import type { Readable } from "node:stream";
import { ModelError, type ModelPart } from "../conversation/ports/model.ts";
import { EventStreamReader } from "./transport/event-stream.ts";
import type { Gathering } from "./transport/gathering.ts";
import { networkFailure } from "./transport/network-failure.ts";
import type { Posted } from "./transport/post.ts";
import { errorInPlace } from "./transport/refusal.ts";
import { PartQueue } from "./wires/part-queue.ts";
import type { WireReader } from "./wires/wire.ts";

/** More than this many pieces of the body that nobody took: the sender has to wait. */
const MOST_UNTAKEN = 64;
/** What may stand before a body's first character: a byte order mark, and blanks that keep a connection alive. */
const BEFORE_ANYTHING: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d]);
/** `{`, `[` and `<`: an event stream begins with none of them. */
const NO_STREAM: ReadonlySet<number> = new Set([0x7b, 0x5b, 0x3c]);

export interface AnswerSource {
  /** The provider as staff know it. */
  readonly who: string;
  readonly head: Pick<Posted, "status" | "headers">;
  readonly body: Readable;
  readonly reader: WireReader;
  readonly gathering: Pick<Gathering, "hold">;
  /** An answer with more bytes is broken. */
  readonly mostBytes: number;
  readonly now: () => number;
}

/**
 * Bytes in, parts out. The first character says what the body is, whatever its content type says: an event stream, one
 * whole JSON answer, or a page. The bytes of a stream are read as they come, so that nothing of them is kept, and a
 * fault waits until what came before it has been taken. Turning away does not end the body, so that its connection can
 * be kept. From its making on an error of the body is never unhandled.
 */
export class Answer {
  readonly #source: AnswerSource;
  readonly #events = new EventStreamReader();
  readonly #queue = new PartQueue();
  /** A body that is no stream, until its end. */
  readonly #whole: Uint8Array[] = [];
  #isStream = false;
  #leftBytes: number;
  #untaken = 0;
  #over = false;
  #fault: ModelError | undefined;
  #patient = false;
  #held = false;
  #wake: (() => void) | undefined;

  constructor(source: AnswerSource) {
    this.#source = source;
    this.#leftBytes = source.mostBytes;
    const { body } = source;
    body.on("data", (chunk: Uint8Array) => this.#came(chunk));
    body.on("end", () => this.#ended());
    body.on("error", (error: unknown) => this.#broke(error));
    body.on("close", () => this.#broke(new Error("the connection was closed")));
  }

  get form(): "as-stream" | "whole" {
    return this.#isStream ? "as-stream" : "whole";
  }

  /**
   * The parts that came and were not taken yet, as soon as there are some; none at the end of the body. Rejects with
   * `ModelError` for what is no answer. Text that is taken `patiently` may wait a moment for more, if the process is
   * busy; nothing else waits.
   */
  async next({ patiently }: { readonly patiently: boolean }): Promise<readonly ModelPart[]> {
    const { body } = this.#source;
    this.#patient = patiently;
    for (;;) {
      if (!this.#held) {
        const parts = this.#queue.take();
        this.#untaken = 0;
        if (body.isPaused()) body.resume();
        if (parts.length > 0) return parts;
        if (this.#fault !== undefined) throw this.#fault;
        if (this.#over) return [];
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  #came(chunk: Uint8Array): void {
    if (this.#over) return;
    const { body, who, gathering } = this.#source;
    this.#leftBytes -= chunk.byteLength;
    if (this.#leftBytes < 0) return this.#fail(new ModelError("broken", `The answer of ${who} is far longer than its limit of tokens.`));
    this.#read(() => (this.#isStream ? this.#readAll(this.#events.push(chunk)) : this.#begin(chunk)));
    if (this.#fault !== undefined) return;
    this.#untaken += 1;
    const isFull = this.#untaken > MOST_UNTAKEN;
    if (isFull) body.pause();
    if (isFull || this.#queue.urgent) this.#release();
    else if (this.#held || this.#queue.empty) return;
    else if (this.#patient && gathering.hold(this.#release)) this.#held = true;
    else this.#wake?.();
  }

  #begin(chunk: Uint8Array): void {
    const first = this.#whole.length > 0 ? undefined : chunk.find((byte) => !BEFORE_ANYTHING.has(byte));
    if (first === undefined && this.#whole.length === 0) return;
    if (first === undefined || NO_STREAM.has(first)) this.#whole.push(chunk);
    else {
      this.#isStream = true;
      this.#readAll(this.#events.push(chunk));
    }
  }

  #ended(): void {
    if (this.#over) return;
    this.#read(() => {
      if (!this.#isStream) return this.#readWhole(Buffer.concat(this.#whole).toString("utf8"));
      this.#readAll(this.#events.end());
      if (!this.#queue.whole) this.#source.reader.end(this.#queue);
    });
    this.#over = true;
    this.#release();
  }

  #broke(error: unknown): void {
    if (!this.#over) this.#fail(networkFailure(error, this.#source.who, true));
  }

  #readAll(events: readonly string[]): void {
    const { reader } = this.#source;
    for (const data of events) {
      // An event without data is legal, and what some proxies keep a connection alive with.
      if (data.trim() !== "") reader.read(data, this.#queue);
      if (this.#queue.whole) break;
    }
    this.#over = this.#queue.whole;
  }

  #readWhole(text: string): void {
    const { reader, head, who, now } = this.#source;
    const json = text.replace(/^\uFEFF/, "").trim();
    if (json === "") return reader.end(this.#queue);
    if (json.startsWith("<") || !reader.whole(JSON.parse(json), this.#queue)) throw errorInPlace(text, head, who, now());
  }

  #read(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error instanceof ModelError ? error : this.#unreadable(error));
    }
  }

  #fail(fault: ModelError): void {
    this.#fault = fault;
    this.#over = true;
    this.#release();
  }

  readonly #release = (): void => {
    this.#held = false;
    this.#wake?.();
  };

  #unreadable(error: unknown): ModelError {
    const what = error instanceof Error ? error.message.replaceAll(/\s+/g, " ").slice(0, 300) : String(error);
    return new ModelError("broken", `${this.#source.who} sent something that cannot be read: ${what}`);
  }
}
