import type { Readable } from "node:stream";
import { ModelError, type Model, type ModelPart, type ModelRequest } from "../conversation/ports/model.ts";
import type { Clock } from "../foundation/clock.ts";
import { BodyChunks } from "./transport/body-chunks.ts";
import { EventStreamReader } from "./transport/event-stream.ts";
import { networkFailure } from "./transport/network-failure.ts";
import { PartQueue } from "./wires/part-queue.ts";
import type { Post, Posted } from "./transport/post.ts";
import { toModelError } from "./transport/provider-failure.ts";
import { redactKey } from "./transport/redact-key.ts";
import { isStream, readRefusal, refusalError } from "./transport/refusal.ts";
import type { Wire, WireReader } from "./wires/wire.ts";

/** How long what follows an answer's end mark may take, so that its connection can be used again. */
const DRAIN_MS = 1_000;
const MOST_ADJUSTMENTS = 3;
/**
 * An answer may have this many bytes, and more where more tokens were asked for: an event with a single token takes
 * some hundred.
 */
const ANSWER_BYTES = 4 * 1024 * 1024;
const TOKEN_BYTES = 1024;

/**
 * A model behind one wire: posts, reads the answer as it comes, and gives each fault its kind. Never tries again by
 * itself.
 */
export class WireModel implements Model {
  readonly #wire: Wire;
  readonly #post: Post;
  readonly #clock: Clock;
  readonly #apiKey: string | undefined;

  constructor(wire: Wire, { post, clock, apiKey }: { post: Post; clock: Clock; apiKey: string | undefined }) {
    this.#wire = wire;
    this.#post = post;
    this.#clock = clock;
    this.#apiKey = apiKey;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart, void> {
    signal.throwIfAborted();
    let body: Readable | undefined;
    let begun = false;
    let whole = false;
    try {
      body = (await this.#open(request, signal)).body;
      const chunks = new BodyChunks(body);
      const answer = new Answer(this.#wire.who, this.#wire.reader(request));
      let leftBytes = ANSWER_BYTES + request.maxOutputTokens * TOKEN_BYTES;
      for (let ended = false; !ended;) {
        const chunk = await chunks.next().catch((error: unknown) => {
          throw networkFailure(error, this.#wire.who, true);
        });
        ended = chunk === undefined;
        leftBytes -= chunk?.byteLength ?? 0;
        if (leftBytes < 0) throw new ModelError("broken", `The answer of ${this.#wire.who} is far longer than its limit of tokens.`);
        for (const part of answer.take(chunk)) {
          signal.throwIfAborted();
          begun = true;
          whole = part.type === "finish";
          yield part;
          if (whole) return;
        }
        answer.throwFault();
      }
      throw new ModelError("broken", `The answer of ${this.#wire.who} ended without its end mark: the connection was closed early.`);
    } catch (error) {
      signal.throwIfAborted();
      throw this.#reported(error, begun);
    } finally {
      if (whole) drain(body, this.#clock);
      else body?.destroy();
    }
  }

  async #open(request: ModelRequest, signal: AbortSignal): Promise<Posted> {
    for (let adjustments = 0; ; adjustments++) {
      const { url, headers, body } = this.#wire.encode(request);
      const common = { accept: "text/event-stream", "content-type": "application/json", "user-agent": "frontdesk" };
      const posted = await this.#post({ url, headers: { ...common, ...headers }, body, signal }).catch((error: unknown) => {
        throw networkFailure(error, this.#wire.who, false);
      });
      if (isStream(posted)) return posted;
      const refusal = await readRefusal(posted, this.#clock.now());
      const adjustable = adjustments < MOST_ADJUSTMENTS && (posted.status === 400 || posted.status === 422);
      if (!adjustable || this.#wire.adjust?.(refusal.message) !== true) throw refusalError(refusal, posted, this.#wire.who);
    }
  }

  /**
   * Without the key. Once a part was passed on the answer is broken, whatever went wrong: nobody may try again as if
   * nothing had happened.
   */
  #reported(error: unknown, begun: boolean): ModelError {
    const fault = error instanceof ModelError ? error : toModelError({ codes: [], message: String(error) }, this.#wire.who);
    const kind = begun && fault.kind !== "refused" && fault.kind !== "context-overflow" ? "broken" : fault.kind;
    const more = fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs };
    return new ModelError(kind, redactKey(fault.message, this.#apiKey), more);
  }
}

/** Bytes in, parts out. A fault waits until what came before it has been passed on. */
class Answer {
  readonly #who: string;
  readonly #reader: WireReader;
  readonly #events = new EventStreamReader();
  readonly #queue = new PartQueue();
  #fault: ModelError | undefined;

  constructor(who: string, reader: WireReader) {
    this.#who = who;
    this.#reader = reader;
  }

  /** The parts that these bytes complete; `undefined` is the end of the body. */
  take(chunk: Uint8Array | undefined): readonly ModelPart[] {
    try {
      const events = chunk === undefined ? this.#events.end() : this.#events.push(chunk);
      for (const data of events) this.#reader.read(data, this.#queue);
      if (chunk === undefined) this.#reader.end(this.#queue);
    } catch (error) {
      this.#fault = error instanceof ModelError ? error : this.#unreadable(error);
    }
    return this.#queue.take();
  }

  throwFault(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  #unreadable(error: unknown): ModelError {
    const what = error instanceof Error ? error.message.replaceAll(/\s+/g, " ").slice(0, 300) : String(error);
    return new ModelError("broken", `${this.#who} sent an event that cannot be read: ${what}`);
  }
}

/** Reads what follows the end mark, normally nothing, so that the connection is kept for the next answer. */
function drain(body: Readable | undefined, clock: Clock): void {
  if (body === undefined || body.destroyed || body.readableEnded) return;
  const cancel = clock.after(DRAIN_MS, () => body.destroy());
  body.on("close", cancel);
  body.resume();
}
