import type { EventOf } from "../../../protocol/events.ts";
import type { ProgressFrame } from "../../../protocol/frames.ts";
import type { CallState } from "./call-state.ts";
import type { CallEnd, Mail } from "./mail.ts";
import type {
  CallContext,
  Continuation,
  InputAnswer,
  InputRequest,
  Interruption,
  SamplingAnswer,
  SamplingRequest,
  Tool,
} from "../ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import { ProgressPace } from "./progress-pace.ts";
import { isKept, samplingAnswer, tokensOf, type SamplingEnded } from "./sampling.ts";
import { Stopwatch } from "./stopwatch.ts";

export interface SamplingAsked {
  readonly requestId: string;
  readonly request: SamplingRequest;
  /** What the call's earlier samplings used of its budget. */
  readonly usedTokens: number;
  readonly signal: AbortSignal;
}

export interface FlightPorts {
  readonly clock: Clock;
  readonly conversationId: string;
  post(mail: Mail): void;
  sample(call: CallState, asked: SamplingAsked): Promise<SamplingEnded>;
}

/** How many questions one call may ask. Nobody answers more, and a server that asks without end has a fault. */
const MOST_QUESTIONS = 20;

const CANCELLED: InputAnswer = { kind: "input", action: "cancel" };

/**
 * A call that runs here: what it may do while it runs, and what is open between it and the journal. It writes nothing
 * itself; it posts what has to be written, and goes on when it is. Time in which a person is asked does not count.
 */
export class Flight {
  readonly #ports: FlightPorts;
  readonly #call: CallState;
  readonly #controller = new AbortController();
  readonly #watch: Stopwatch;
  readonly #asks = new Map<string, (answer: InputAnswer) => void>();
  readonly #progress: ProgressPace<Omit<ProgressFrame, "conversationId" | "callId">>;
  #asked: number;
  #sampledTokens: number;
  #sampling: Promise<unknown> = Promise.resolve();

  constructor(ports: FlightPorts, call: CallState) {
    this.#ports = ports;
    this.#call = call;
    this.#watch = new Stopwatch(ports.clock);
    this.#asked = call.inputs.size;
    this.#sampledTokens = [...call.samplings.values()].reduce((sum, ended) => sum + tokensOf(ended), 0);
    this.#progress = new ProgressPace(ports.clock, (progress) =>
      ports.post({ kind: "progress", frame: { conversationId: ports.conversationId, callId: call.callId, ...progress } }),
    );
  }

  /** Whether a person is asked by it at this moment. */
  get asking(): boolean {
    return this.#asks.size > 0;
  }

  /** How long it took until now. */
  elapsedMs(): number {
    return this.#watch.elapsedMs();
  }

  /** Makes the call; its end comes by mail. */
  start(tool: Tool, input: Readonly<Record<string, unknown>>, continuation: Continuation | undefined): void {
    void this.#run(tool, input, continuation).then((end) => {
      this.#progress.end();
      this.#cancelAsks();
      this.#ports.post({ kind: "end", callId: this.#call.callId, end, durationMs: this.elapsedMs() });
    });
  }

  cancel(reason: Interruption): void {
    this.#controller.abort(reason);
    this.#cancelAsks();
  }

  /** The run leaves: a call that waits for a person is answered that nobody will, so that it may end. */
  leave(): void {
    this.#cancelAsks();
  }

  isOpen(requestId: string): boolean {
    return this.#asks.has(requestId);
  }

  /** The journal has an answer. */
  answered({ requestId, action, content }: EventOf<"input-decided">): void {
    const given = action === "accept" || action === "decline" ? action : "cancel";
    this.#resolve(requestId, { kind: "input", action: given, ...(content === undefined ? {} : { content }) });
  }

  async #run(tool: Tool, input: Readonly<Record<string, unknown>>, continuation: Continuation | undefined): Promise<CallEnd> {
    const { callId } = this.#call;
    const { signal } = this.#controller;
    const context: CallContext = {
      callId,
      signal,
      onProgress: (progress) => this.#progress.report(progress),
      ask: (request) => this.#ask(request),
      sample: (request) => this.#sample(request),
      onTask: (task) => this.#kept((kept) => ({ kind: "task", callId, task, kept })),
      ...(continuation === undefined ? {} : { continuation }),
    };
    try {
      const result = await tool.call(input, context);
      if (result.outcome !== "paused") return { result, samplings: {} };
      const samplings: Record<string, SamplingEnded> = {};
      for (const [key, question] of Object.entries(result.inputs))
        if (question.kind === "sampling") samplings[key] = await this.#sampleNow(question);
      return { result, samplings };
    } catch (error) {
      return { result: { outcome: "unknown", content: [], cause: `The tool's adapter failed: ${String(error)}` }, samplings: {} };
    }
  }

  #ask(request: InputRequest): Promise<InputAnswer> {
    this.#asked += 1;
    if (this.#controller.signal.aborted || this.#asked > MOST_QUESTIONS) return Promise.resolve(CANCELLED);
    const requestId = this.#ports.clock.id();
    return new Promise((resolve) => {
      this.#asks.set(requestId, resolve);
      this.#watch.hold();
      this.#ports.post({ kind: "ask", callId: this.#call.callId, requestId, request });
    });
  }

  #resolve(requestId: string, answer: InputAnswer): void {
    const resolve = this.#asks.get(requestId);
    if (resolve === undefined) return;
    this.#asks.delete(requestId);
    this.#watch.release();
    resolve(answer);
  }

  #cancelAsks(): void {
    for (const requestId of this.#asks.keys()) this.#resolve(requestId, CANCELLED);
  }

  async #sample(request: SamplingRequest): Promise<SamplingAnswer> {
    const ended = await this.#sampleNow(request);
    const { text: _text, ...unspoken } = ended;
    const written = isKept(request) ? ended : unspoken;
    await this.#kept((kept) => ({ kind: "sampled", callId: this.#call.callId, ended: written, kept }));
    return samplingAnswer(ended);
  }

  /** One after the other, so that each knows what the earlier ones used. */
  #sampleNow(request: SamplingRequest): Promise<SamplingEnded> {
    const next = this.#sampling.then(async () => {
      const { signal } = this.#controller;
      const ended = await this.#ports.sample(this.#call, {
        requestId: this.#ports.clock.id(),
        request,
        usedTokens: this.#sampledTokens,
        signal,
      });
      this.#sampledTokens += tokensOf(ended);
      return ended;
    });
    this.#sampling = next.catch(() => {});
    return next;
  }

  /** Posts something and waits until it is in the journal, or until nobody will write it. */
  async #kept(mail: (kept: () => void) => Mail): Promise<void> {
    await new Promise<void>((resolve) => {
      const { signal } = this.#controller;
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
      this.#ports.post(mail(resolve));
    });
  }
}
