import type { ModelPart } from "../../conversation/ports/model.ts";
import { readFailure, toModelError } from "../../model/transport/provider-failure.ts";
import { cachedOf } from "../../model/wires/token-count.ts";
import type { ToolForms } from "../../model/wires/tool-forms.ts";
import { Channel } from "../engines/channel.ts";
import type { KnownItem, KnownItems } from "./known-items.ts";
import type { ServerEvent, ServerItem, ServerResponse } from "./server-events.ts";
import type { SpokenAnswer } from "./spoken-answer.ts";

type Usage = Extract<ModelPart, { type: "finish" }>["usage"];

/** What the answer is told about, from the provider's events. */
export interface AnswerPorts {
  readonly who: string;
  readonly forms: ToolForms;
  readonly items: KnownItems;
  readonly spoken: SpokenAnswer;
}

/** One answer of the model, from `response.create` to `response.done`: its parts, its audio, and what it leaves behind. */
export class RealtimeAnswer {
  readonly parts = new Channel<ModelPart>();
  /** Resolves when the provider has no more to say of it. */
  readonly done: Promise<void>;
  /** The provider was told that nobody wants it. */
  isCancelled = false;
  readonly #done = Promise.withResolvers<void>();
  readonly #ports: AnswerPorts;
  #id: string | undefined;
  #said: KnownItem | undefined;
  #calls: ServerItem[] = [];
  #begun = false;
  #isDone = false;

  constructor(ports: AnswerPorts) {
    this.#ports = ports;
    this.done = this.#done.promise;
  }

  get responseId(): string | undefined {
    return this.#id;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Whether anything of it was told: then nobody may ask again as if nothing had happened. */
  get begun(): boolean {
    return this.#begun;
  }

  get spoken(): SpokenAnswer {
    return this.#ports.spoken;
  }

  /** False: the event is not about it. */
  on(event: ServerEvent): boolean {
    switch (event.type) {
      case "response.created":
        this.#id ??= event.response.id ?? undefined;
        return !this.#isDone;
      case "response.done":
        if (!this.#isOwn(event.response.id)) return false;
        this.#finish(event.response);
        return true;
      case "response.output_item.added":
        if (this.#isOwn(event.response_id)) this.#added(event.item);
        return this.#isOwn(event.response_id);
      case "response.output_item.done":
        if (this.#isOwn(event.response_id) && event.item.type === "function_call") this.#calls.push(event.item);
        return this.#isOwn(event.response_id);
      case "response.output_audio_transcript.delta":
      case "response.output_text.delta":
        if (this.#isOwn(event.response_id)) this.#text(event.item_id, event.delta);
        return this.#isOwn(event.response_id);
      case "response.output_audio.delta":
        if (this.#isOwn(event.response_id)) this.spoken.sound(event.item_id, Buffer.from(event.delta, "base64"));
        return this.#isOwn(event.response_id);
      default:
        return false;
    }
  }

  /** It will not come to an end: throws `error` to whoever reads. `isDone`: the provider says no more of it. */
  fail(error: unknown, { isDone }: { readonly isDone: boolean }): void {
    this.parts.fail(error);
    if (isDone) this.over();
  }

  /** The provider says no more of it. */
  over(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.parts.end();
    this.spoken.end();
    this.#done.resolve();
  }

  #isOwn(responseId: string | null | undefined): boolean {
    return !this.#isDone && this.#id !== undefined && responseId === this.#id;
  }

  #added(item: ServerItem): void {
    const { id, type } = item;
    if (typeof id !== "string") return;
    if (type === "message") {
      if (this.#said === undefined)
        this.#remember((this.#said = { kind: "assistant", ids: [id], text: "", heard: () => this.spoken.heardOfItems() }));
      else if (!this.#said.ids.includes(id)) this.#said.ids.push(id);
    } else if (type === "function_call" && typeof item.call_id === "string")
      this.#remember({ kind: "call", ids: [id], text: undefined, callId: item.call_id });
  }

  #remember(item: KnownItem): void {
    const [id = ""] = item.ids;
    if (this.#ports.items.find(id) === undefined) this.#ports.items.add(item);
  }

  #text(itemId: string, words: string): void {
    if (words === "") return;
    this.#begun = true;
    const text = this.spoken.say(itemId, words);
    if (this.#said !== undefined) this.#said.text = this.spoken.text;
    this.parts.put({ type: "text", text });
  }

  #finish(response: ServerResponse): void {
    const { who } = this.#ports;
    const failure = failureIn(response);
    if (failure !== undefined) this.parts.fail(toModelError(failure, who));
    else this.#tellEnd(response);
    this.over();
  }

  #tellEnd(response: ServerResponse): void {
    const { status, status_details: details } = response;
    const usage = usageOf(response);
    if (status === "incomplete") {
      const reason = details?.reason === "content_filter" ? "refused" : "length";
      this.parts.put({ type: "finish", reason, usage });
    } else if (status === "cancelled") this.parts.put({ type: "finish", reason: "stop", usage });
    else {
      const calls = this.#callsOf(response);
      for (const call of calls) this.parts.put(call);
      this.parts.put({ type: "finish", reason: calls.length > 0 ? "tool-calls" : "stop", usage });
    }
  }

  /** Only whole ones, and only of an answer that came to its end. */
  #callsOf({ output }: ServerResponse): Extract<ModelPart, { type: "tool-call" }>[] {
    const items = output?.filter(({ type }) => type === "function_call") ?? [];
    return (items.length > 0 ? items : this.#calls).flatMap(({ call_id: modelCallId, name, arguments: given, status }) => {
      if (typeof modelCallId !== "string" || typeof name !== "string" || status === "incomplete") return [];
      return [{ type: "tool-call", modelCallId, name, argumentsText: this.#ports.forms.meant(name, given ?? "") }];
    });
  }
}

function failureIn({ status, status_details: details }: ServerResponse): ReturnType<typeof readFailure> | undefined {
  return status === "failed" ? readFailure({ error: details?.error ?? { message: "The response failed." } }) : undefined;
}

function usageOf({ usage }: ServerResponse): Usage {
  const { input_tokens: inputTokens, output_tokens: outputTokens, input_token_details: details } = usage ?? {};
  return {
    ...(typeof inputTokens === "number" ? { inputTokens } : {}),
    ...(typeof outputTokens === "number" ? { outputTokens } : {}),
    ...cachedOf(inputTokens, details?.cached_tokens),
  };
}
