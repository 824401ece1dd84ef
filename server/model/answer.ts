import type { Readable } from "node:stream";
import { ModelError, type ModelPart } from "../conversation/ports/model.ts";
import { EventStreamReader } from "./transport/event-stream.ts";
import type { Gathering } from "./transport/gathering.ts";
import { networkFailure } from "./transport/network-failure.ts";
import { PartQueue } from "./wires/part-queue.ts";
import type { WireReader } from "./wires/wire.ts";

/** More than this many pieces of the body that nobody took: the sender has to wait. */
const MOST_UNTAKEN = 64;

export interface AnswerSource {
  /** The provider as staff know it. */
  readonly who: string;
  readonly body: Readable;
  readonly reader: WireReader;
  readonly gathering: Pick<Gathering, "hold">;
  /** An answer with more bytes is broken. */
  readonly mostBytes: number;
}

/**
 * Bytes in, parts out. The bytes are read as they come, so that nothing of them is kept, and a fault waits until what
 * came before it has been taken. Turning away does not end the body, so that its connection can be kept. From its
 * making on an error of the body is never unhandled.
 */
export class Answer {
  readonly #who: string;
  readonly #body: Readable;
  readonly #reader: WireReader;
  readonly #gathering: Pick<Gathering, "hold">;
  readonly #events = new EventStreamReader();
  readonly #queue = new PartQueue();
  #leftBytes: number;
  #untaken = 0;
  #over = false;
  #fault: ModelError | undefined;
  #patient = false;
  #held = false;
  #wake: (() => void) | undefined;

  constructor({ who, body, reader, gathering, mostBytes }: AnswerSource) {
    this.#who = who;
    this.#body = body;
    this.#reader = reader;
    this.#gathering = gathering;
    this.#leftBytes = mostBytes;
    body.on("data", (chunk: Uint8Array) => this.#came(chunk));
    body.on("end", () => this.#ended());
    body.on("error", (error: unknown) => this.#broke(error));
    body.on("close", () => this.#broke(new Error("the connection was closed")));
  }

  /**
   * The parts that came and were not taken yet, as soon as there are some; none at the end of the body. Rejects with
   * `ModelError` for what is no answer. Text that is taken `patiently` may wait a moment for more, if the process is
   * busy; nothing else waits.
   */
  async next({ patiently }: { readonly patiently: boolean }): Promise<readonly ModelPart[]> {
    this.#patient = patiently;
    for (;;) {
      if (!this.#held) {
        const parts = this.#queue.take();
        this.#untaken = 0;
        if (this.#body.isPaused()) this.#body.resume();
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
    this.#leftBytes -= chunk.byteLength;
    if (this.#leftBytes < 0)
      return this.#fail(new ModelError("broken", `The answer of ${this.#who} is far longer than its limit of tokens.`));
    this.#read(() => this.#readAll(this.#events.push(chunk)));
    if (this.#fault !== undefined) return;
    this.#untaken += 1;
    const isFull = this.#untaken > MOST_UNTAKEN;
    if (isFull) this.#body.pause();
    if (isFull || this.#queue.urgent) this.#release();
    else if (this.#held || this.#queue.empty) return;
    else if (this.#patient && this.#gathering.hold(this.#release)) this.#held = true;
    else this.#wake?.();
  }

  #ended(): void {
    if (this.#over) return;
    this.#read(() => {
      this.#readAll(this.#events.end());
      if (!this.#queue.whole) this.#reader.end(this.#queue);
    });
    this.#over = true;
    this.#release();
  }

  #broke(error: unknown): void {
    if (!this.#over) this.#fail(networkFailure(error, this.#who, true));
  }

  #readAll(events: readonly string[]): void {
    for (const data of events) {
      // An event without data is legal, and what some proxies keep a connection alive with.
      if (data.trim() !== "") this.#reader.read(data, this.#queue);
      if (this.#queue.whole) break;
    }
    this.#over = this.#queue.whole;
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
    return new ModelError("broken", `${this.#who} sent an event that cannot be read: ${what}`);
  }
}
