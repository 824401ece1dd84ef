import { ModelError, type ModelPart, type ModelRequest } from "../../conversation/ports/model.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { ProviderFailure } from "../../model/transport/failure-kind.ts";
import { toModelError } from "../../model/transport/provider-failure.ts";
import { SCHEMA_RULES } from "../../model/wires/schema-rules.ts";
import { ToolForms } from "../../model/wires/tool-forms.ts";
import type { ClientEvent, FunctionTool } from "./client-events.ts";
import { KnownItems } from "./known-items.ts";
import { RealtimeAnswer } from "./realtime-answer.ts";
import type { ServerEvent } from "./server-events.ts";
import { type Pace, SpokenAnswer } from "./spoken-answer.ts";
import { wantedOf } from "./wanted-items.ts";

/** How long an answer may say nothing: before its first word, and in the middle of it. */
const SILENT_MS = 15_000;
/** How long an answer that was cancelled may take to be over. */
const CANCELLED_MS = 3_000;
/** The most that may be asked for in numbers. */
const MOST_OUTPUT_TOKENS = 4_096;

export interface AnsweringPorts {
  readonly who: string;
  readonly clock: Pick<Clock, "after" | "id">;
  /** `onRefused`: what to do where the provider does not take it. Absent: nothing. */
  readonly send: (event: ClientEvent, onRefused?: (failure: ProviderFailure) => void) => void;
  /** A connection is there that may be used for long enough. Throws `ModelError` where the session is over. */
  readonly connect: () => void;
  /** The connection cannot be relied on any more. */
  readonly leave: () => void;
  /** Its audio begins to come. */
  readonly onAnswer: (spoken: SpokenAnswer) => void;
}

/** What the model is asked and says, over whatever connection the session has. */
export class Answering {
  readonly items = new KnownItems();
  readonly #ports: AnsweringPorts;
  readonly #pace: Pace;
  #answer: RealtimeAnswer | undefined;
  /** The instructions and tools that the session has. */
  #told = "";
  #callOff: () => void = () => undefined;

  constructor(ports: AnsweringPorts, pace: Pace) {
    this.#ports = ports;
    this.#pace = pace;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart, void> {
    signal.throwIfAborted();
    await this.#rest(signal);
    const answer = this.#ask(request);
    const onAbort = (): void => this.#giveUp(answer, signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      yield* answer.parts;
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#giveUp(answer, new Error("Nobody reads the answer any more."));
    }
  }

  /** False: the event is about no answer. */
  on(event: ServerEvent): boolean {
    const answer = this.#answer;
    if (answer?.on(event) !== true) return false;
    this.#callOff();
    if (!answer.isDone) this.#watch(answer);
    return true;
  }

  /** The provider said that something is wrong, and not with what. */
  failed(failure: ProviderFailure): void {
    if (this.#answer?.isDone === false) this.#giveUp(this.#answer, toModelError(failure, this.#ports.who));
  }

  /** The connection is gone, and all that the provider remembered. `error` ends an answer that was on it. */
  lost(error: ModelError): void {
    this.#callOff();
    this.#told = "";
    this.items.clear();
    const answer = this.#answer;
    if (answer?.isDone === false) answer.fail(answer.begun ? new ModelError("broken", error.message) : error, { isDone: true });
  }

  /** Only one answer can be made at a time. */
  async #rest(signal: AbortSignal): Promise<void> {
    const answer = this.#answer;
    if (answer === undefined || answer.isDone) return;
    const over = Promise.withResolvers<void>();
    const onAbort = (): void => over.resolve();
    signal.addEventListener("abort", onAbort, { once: true });
    const callOff = this.#ports.clock.after(CANCELLED_MS, () => over.resolve());
    await Promise.race([answer.done, over.promise]);
    callOff();
    signal.removeEventListener("abort", onAbort);
    signal.throwIfAborted();
    if (!answer.isDone) this.#ports.leave();
  }

  #ask(request: ModelRequest): RealtimeAnswer {
    const { who, clock, send, connect, onAnswer } = this.#ports;
    connect();
    const forms = new ToolForms(request.tools, SCHEMA_RULES.openai);
    const spoken = new SpokenAnswer(this.#pace);
    const answer = new RealtimeAnswer({ who, forms, items: this.items, spoken });
    this.#answer = answer;
    const onRefused = (failure: ProviderFailure): void => {
      this.#told = "";
      this.#giveUp(answer, toModelError(failure, who));
    };
    const { instructions, items } = wantedOf(request, forms);
    const tools = request.tools.map((tool): FunctionTool => {
      const { name, description } = tool;
      return { type: "function", name, description: description.toWellFormed(), parameters: forms.schemaOf(tool) };
    });
    const told = JSON.stringify([instructions, tools]);
    if (told !== this.#told) send({ type: "session.update", session: { type: "realtime", instructions, tools } }, onRefused);
    this.#told = told;
    for (const event of this.items.bringInStep(items, () => `fd_${clock.id().replaceAll("-", "")}`.slice(0, 32))) {
      if (event.type === "conversation.item.create")
        send(event, (failure) => {
          this.items.remove(event.item.id);
          onRefused(failure);
        });
      // Whatever it remembers now: next time it is told in words.
      else if (event.type === "conversation.item.truncate") send(event, () => this.items.spoil(event.item_id));
      else send(event);
    }
    const known = this.items.withoutPending();
    const limit = request.maxOutputTokens > MOST_OUTPUT_TOKENS ? "inf" : request.maxOutputTokens;
    const input = known?.map((id) => ({ type: "item_reference" as const, id }));
    const response = { tool_choice: request.toolChoice, max_output_tokens: limit, ...(input === undefined ? {} : { input }) } as const;
    send({ type: "response.create", response }, (failure) => answer.fail(toModelError(failure, who), { isDone: true }));
    onAnswer(spoken);
    this.#watch(answer);
    return answer;
  }

  #watch(answer: RealtimeAnswer): void {
    this.#callOff();
    this.#callOff = this.#ports.clock.after(SILENT_MS, () => {
      const message = `${this.#ports.who} said nothing for ${SILENT_MS / 1000} s.`;
      this.#giveUp(answer, new ModelError(answer.begun ? "broken" : "unreachable", message));
    });
  }

  /** Nobody waits for it any more. */
  #giveUp(answer: RealtimeAnswer, error: unknown): void {
    if (answer.isDone) return;
    answer.fail(error, { isDone: false });
    this.#cancel(answer);
  }

  #cancel(answer: RealtimeAnswer): void {
    if (answer.isCancelled) return;
    answer.isCancelled = true;
    this.#callOff();
    const { responseId } = answer;
    const event = { type: "response.cancel", ...(responseId === undefined ? {} : { response_id: responseId }) } as const;
    // It was over already, or had not begun.
    this.#ports.send(event, () => answer.over());
  }
}
