import type { Readable } from "node:stream";
import { ModelError, type Model, type ModelPart, type ModelRequest } from "../conversation/ports/model.ts";
import type { Clock } from "../foundation/clock.ts";
import { AnotherTry } from "./another-try.ts";
import { Answer } from "./answer.ts";
import type { ModelMemory } from "./model-memory.ts";
import type { Gathering } from "./transport/gathering.ts";
import { networkFailure } from "./transport/network-failure.ts";
import type { Post, Posted } from "./transport/post.ts";
import { toModelError } from "./transport/provider-failure.ts";
import { redactKey } from "./transport/redact-key.ts";
import { isTaken, readRefusal } from "./transport/refusal.ts";
import type { EncodedRequest, Wire } from "./wires/wire.ts";

/** How long what follows an answer's end mark may take, so that its connection can be used again. */
const DRAIN_MS = 1_000;
/**
 * An answer may have this many bytes, and more where more tokens were asked for: an event with a single token takes
 * some hundred.
 */
const ANSWER_BYTES = 4 * 1024 * 1024;
const TOKEN_BYTES = 1024;

export interface WireModelPorts {
  readonly post: Post;
  readonly clock: Clock;
  readonly gathering: Gathering;
  readonly apiKey: string | undefined;
  /** How long the provider may say nothing. Undefined: as long as the signal lets it. */
  readonly silenceMs: number | undefined;
  /** What is known of this model, shared by all that ask it. */
  readonly memory: ModelMemory;
  /** A provider refuses this tool, for the reason it gave, so it is not offered any more. */
  readonly onLeftOut: (tool: string, reason: string) => void;
}

/**
 * A model behind one wire: posts, reads the answer as it comes, and gives each fault its kind. It asks again only where
 * a refusal says what to ask otherwise.
 */
export class WireModel implements Model {
  readonly #wire: Wire;
  readonly #ports: WireModelPorts;

  constructor(wire: Wire, ports: WireModelPorts) {
    this.#wire = wire;
    this.#ports = ports;
  }

  /** How the provider is spoken to, as people know it. */
  get format(): string {
    return this.#wire.format;
  }

  async *stream(wanted: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart, void> {
    signal.throwIfAborted();
    const { who } = this.#wire;
    const { clock, memory, gathering } = this.#ports;
    const attempt = new AnotherTry(wanted, memory, (tool, reason) => this.#leaveOut(wanted, tool, reason));
    for (;;) {
      const { request, habits } = attempt;
      const asked = this.#wire.encode(request, habits);
      let body: Readable | undefined;
      let begun = false;
      let whole = false;
      try {
        const posted = await this.#open(asked, signal);
        body = posted.body;
        const reader = this.#wire.reader(request, habits);
        const mostBytes = ANSWER_BYTES + request.maxOutputTokens * TOKEN_BYTES;
        const answer = new Answer({ who, reader, head: posted, body, gathering, mostBytes, now: () => clock.now() });
        for (let ended = false; !ended;) {
          // The first word never waits.
          const parts = await answer.next({ patiently: begun });
          ended = parts.length === 0;
          for (const part of parts) {
            signal.throwIfAborted();
            if (!begun) {
              attempt.helped();
              memory.form = answer.form;
              begun = true;
            }
            whole = part.type === "finish";
            if (whole && reader.learnt !== undefined) memory.learn(reader.learnt);
            yield part;
            if (whole) return;
          }
        }
        throw new ModelError("broken", `The answer of ${who} ended without its end mark: the connection was closed early.`);
      } catch (error) {
        signal.throwIfAborted();
        if (!begun && attempt.after(error, asked.body, (other) => this.#wire.encode(request, other).body)) continue;
        throw this.#reported(error, begun);
      } finally {
        if (whole) drain(body, clock);
        else body?.destroy();
      }
    }
  }

  async #open({ url, headers, body }: EncodedRequest, signal: AbortSignal): Promise<Posted> {
    const { post, clock, silenceMs } = this.#ports;
    const common = { accept: "text/event-stream", "content-type": "application/json", "user-agent": "frontdesk" };
    const posted = await post({ url, headers: { ...common, ...headers }, body, signal, silenceMs }).catch((error: unknown) => {
      throw networkFailure(error, this.#wire.who, false);
    });
    if (!isTaken(posted)) throw toModelError(await readRefusal(posted, clock.now()), this.#wire.who);
    return posted;
  }

  #leaveOut({ tools }: ModelRequest, name: string, said: string): void {
    const { memory, apiKey, onLeftOut } = this.#ports;
    const tool = tools.find((candidate) => candidate.name === name);
    if (tool === undefined) return;
    const reason = redactKey(said, apiKey);
    memory.leaveOut(tool, reason);
    onLeftOut(name, reason);
  }

  /**
   * Without the key. Once a part was passed on the answer is broken, whatever went wrong: nobody may try again as if
   * nothing had happened.
   */
  #reported(error: unknown, begun: boolean): ModelError {
    const fault = error instanceof ModelError ? error : toModelError({ codes: [], message: String(error) }, this.#wire.who);
    const kind = begun && fault.kind !== "refused" && fault.kind !== "context-overflow" ? "broken" : fault.kind;
    const more = fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs };
    return new ModelError(kind, redactKey(fault.message, this.#ports.apiKey), more);
  }
}

/** Reads what follows the end mark, normally nothing, so that the connection is kept for the next answer. */
function drain(body: Readable | undefined, clock: Clock): void {
  if (body === undefined || body.destroyed || body.readableEnded) return;
  const cancel = clock.after(DRAIN_MS, () => body.destroy());
  body.on("close", cancel);
  body.resume();
}
