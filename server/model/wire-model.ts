import type { Readable } from "node:stream";
import { ModelError, type Model, type ModelPart, type ModelRequest, type OfferedTool } from "../conversation/ports/model.ts";
import type { Clock } from "../foundation/clock.ts";
import { Answer } from "./answer.ts";
import type { Gathering } from "./transport/gathering.ts";
import { toolNamedIn } from "./transport/named-tool.ts";
import { networkFailure } from "./transport/network-failure.ts";
import type { Post, Posted } from "./transport/post.ts";
import { toModelError } from "./transport/provider-failure.ts";
import { redactKey } from "./transport/redact-key.ts";
import { isStream, readRefusal, refusalError } from "./transport/refusal.ts";
import type { Wire } from "./wires/wire.ts";

/** How long what follows an answer's end mark may take, so that its connection can be used again. */
const DRAIN_MS = 1_000;
const MOST_ADJUSTMENTS = 3;
/** A provider names one tool at a time. */
const MOST_LEFT_OUT = 32;
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
  /** A provider refuses this tool, for the reason it gave, so it is not offered any more. */
  readonly onLeftOut: (tool: string, reason: string) => void;
}

/**
 * A model behind one wire: posts, reads the answer as it comes, and gives each fault its kind. Never tries again by
 * itself.
 */
export class WireModel implements Model {
  readonly #wire: Wire;
  readonly #post: Post;
  readonly #clock: Clock;
  readonly #gathering: Gathering;
  readonly #apiKey: string | undefined;
  readonly #silenceMs: number | undefined;
  readonly #onLeftOut: WireModelPorts["onLeftOut"];
  /** The schema of each tool for which the provider refused a whole request, by the tool's name. */
  readonly #refused = new Map<string, OfferedTool["inputSchema"]>();

  constructor(wire: Wire, { post, clock, gathering, apiKey, silenceMs, onLeftOut }: WireModelPorts) {
    this.#wire = wire;
    this.#post = post;
    this.#clock = clock;
    this.#gathering = gathering;
    this.#apiKey = apiKey;
    this.#silenceMs = silenceMs;
    this.#onLeftOut = onLeftOut;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart, void> {
    signal.throwIfAborted();
    let body: Readable | undefined;
    let begun = false;
    let whole = false;
    try {
      const opened = await this.#open(request, signal);
      body = opened.posted.body;
      const answer = new Answer({
        who: this.#wire.who,
        body,
        reader: this.#wire.reader(opened.request),
        gathering: this.#gathering,
        mostBytes: ANSWER_BYTES + request.maxOutputTokens * TOKEN_BYTES,
      });
      for (let ended = false; !ended;) {
        // The first word never waits.
        const parts = await answer.next({ patiently: begun });
        ended = parts.length === 0;
        for (const part of parts) {
          signal.throwIfAborted();
          begun = true;
          whole = part.type === "finish";
          yield part;
          if (whole) return;
        }
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

  async #open(wanted: ModelRequest, signal: AbortSignal): Promise<{ posted: Posted; request: ModelRequest }> {
    for (let adjustments = 0, leftOut = 0; ;) {
      const request = this.#takeable(wanted);
      const { url, headers, body } = this.#wire.encode(request);
      const common = { accept: "text/event-stream", "content-type": "application/json", "user-agent": "frontdesk" };
      const posted = await this.#post({ url, headers: { ...common, ...headers }, body, signal, silenceMs: this.#silenceMs }).catch(
        (error: unknown) => {
          throw networkFailure(error, this.#wire.who, false);
        },
      );
      if (isStream(posted)) return { posted, request };
      const refusal = await readRefusal(posted, this.#clock.now());
      const ofRequest = posted.status === 400 || posted.status === 422;
      if (ofRequest && adjustments < MOST_ADJUSTMENTS && this.#wire.adjust?.(refusal.message) === true) adjustments += 1;
      else if (ofRequest && leftOut < MOST_LEFT_OUT && this.#leavesOut(request, refusal.message)) leftOut += 1;
      else throw refusalError(refusal, posted, this.#wire.who);
    }
  }

  /** Without the tools for which the provider refuses everything. One whose schema changed is tried anew. */
  #takeable(request: ModelRequest): ModelRequest {
    if (this.#refused.size === 0) return request;
    return { ...request, tools: request.tools.filter(({ name, inputSchema }) => this.#refused.get(name) !== inputSchema) };
  }

  #leavesOut({ tools }: ModelRequest, reason: string): boolean {
    const tool = toolNamedIn(reason, tools);
    if (tool === undefined) return false;
    this.#refused.set(tool.name, tool.inputSchema);
    this.#onLeftOut(tool.name, redactKey(reason, this.#apiKey));
    return true;
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

/** Reads what follows the end mark, normally nothing, so that the connection is kept for the next answer. */
function drain(body: Readable | undefined, clock: Clock): void {
  if (body === undefined || body.destroyed || body.readableEnded) return;
  const cancel = clock.after(DRAIN_MS, () => body.destroy());
  body.on("close", cancel);
  body.resume();
}
