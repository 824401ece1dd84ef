/** How the fake of OpenAI Realtime answers: the events of one response, in the order in which the provider documents them. */
import { setImmediate as nextRound } from "node:timers/promises";
import type {
  ConversationItem,
  RealtimeConversationItemAssistantMessage as AssistantMessage,
  RealtimeResponse,
  RealtimeServerEvent,
} from "openai/resources/realtime/realtime";

/** What the model says next. */
export interface ScriptedAnswer {
  readonly pieces?: readonly ScriptedPiece[];
  readonly calls?: readonly { readonly name: string; readonly argumentsText: string; readonly callId?: string }[];
  readonly ends?: "stop" | "length" | "refused" | "failed";
  /** With `failed`. */
  readonly error?: { readonly type?: string; readonly code?: string; readonly message?: string };
  /** Says the pieces and then nothing more, until it is cancelled. */
  readonly stalls?: boolean;
}

export interface ScriptedPiece {
  readonly text: string;
  /** 24 kHz. Absent: a tone and a pause, as long as the text is. Null: written, not spoken. */
  readonly audio?: Buffer | null;
  /** Begins another item of the answer. */
  readonly ownItem?: boolean;
  /** Said only then. */
  readonly after?: Promise<unknown>;
  /** Its audio comes only then. */
  readonly audioAfter?: Promise<unknown>;
}

export type Unsent<Event> = Event extends { event_id: string } ? Omit<Event, "event_id"> : never;
export type UnsentEvent = Unsent<RealtimeServerEvent>;

/** What of the session a response works with. */
export interface AnsweringSession {
  readonly newId: (kind: string) => string;
  readonly emit: (event: UnsentEvent) => void;
  /** Remembers an item behind the others, and tells it. */
  readonly remember: (item: ConversationItem & { id: string }) => void;
  readonly speaks: (itemId: string, audio: Buffer) => void;
  readonly conversationId: string;
}

export const AUDIO_RATE = 24_000;
const DELTA_BYTES = 4_800;

/** A tone of 60 ms for each letter, the last 240 ms of it silent: audio whose pauses are where the texts end. */
export function toneOf(text: string, frequency = 300): Buffer {
  const samples = Math.round(text.trim().length * 0.06 * AUDIO_RATE);
  const audio = Buffer.alloc(samples * 2);
  for (let index = 0; index < samples - 0.24 * AUDIO_RATE; index++)
    audio.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * frequency * index) / AUDIO_RATE)), index * 2);
  return audio;
}

/** One response, until it is over or cancelled. */
export class ProviderResponse {
  readonly id: string;
  readonly #session: AnsweringSession;
  readonly #script: () => ScriptedAnswer | Promise<ScriptedAnswer>;
  #answer: ScriptedAnswer = {};
  readonly #output: (ConversationItem & { id: string })[] = [];
  readonly #cancelled = Promise.withResolvers<void>();
  #isCancelled = false;

  constructor(session: AnsweringSession, script: () => ScriptedAnswer | Promise<ScriptedAnswer>) {
    this.id = session.newId("resp");
    this.#session = session;
    this.#script = script;
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#cancelled.resolve();
  }

  /** `onOver`: another one may be made. */
  async run(onOver: () => void): Promise<void> {
    const { emit } = this.#session;
    emit({ type: "response.created", response: this.#response("in_progress") });
    this.#answer = await this.#script();
    const { pieces = [], calls = [], stalls = false } = this.#answer;
    for (let at = 0; at < pieces.length && !this.#isCancelled;) {
      const next = pieces.findIndex((piece, index) => index > at && piece.ownItem === true);
      const end = next < 0 ? pieces.length : next;
      await this.#message(pieces.slice(at, end));
      at = end;
    }
    if (stalls) await this.#cancelled.promise;
    for (const call of calls) if (!this.#isCancelled) this.#call(call);
    onOver();
    emit({ type: "response.done", response: this.#response(this.#status()) });
    emit({ type: "rate_limits.updated", rate_limits: [{ name: "requests", limit: 1_000, remaining: 999, reset_seconds: 60 }] });
  }

  async #message(pieces: readonly ScriptedPiece[]): Promise<void> {
    const { newId, emit, remember } = this.#session;
    const item: AssistantMessage & { id: string } = {
      id: newId("item"),
      object: "realtime.item",
      type: "message",
      role: "assistant",
      status: "in_progress",
      content: [],
    };
    const place = { response_id: this.id, item_id: item.id, output_index: this.#output.length, content_index: 0 };
    this.#output.push(item);
    emit({ type: "response.output_item.added", response_id: this.id, output_index: place.output_index, item });
    remember(item);
    const isSpoken = pieces.some(({ audio }) => audio !== null);
    emit({
      type: "response.content_part.added",
      ...place,
      part: isSpoken ? { type: "audio", transcript: "" } : { type: "text", text: "" },
    });
    for (const piece of pieces) {
      if (!this.#isCancelled) await this.#piece(piece, item, place);
    }
    const text = item.content.map((content) => content.transcript ?? content.text ?? "").join("");
    if (isSpoken) {
      emit({ type: "response.output_audio.done", ...place });
      emit({ type: "response.output_audio_transcript.done", ...place, transcript: text });
    } else emit({ type: "response.output_text.done", ...place, text });
    emit({ type: "response.content_part.done", ...place, part: isSpoken ? { type: "audio", transcript: text } : { type: "text", text } });
    item.status = this.#isCancelled ? "incomplete" : "completed";
    emit({ type: "response.output_item.done", response_id: this.id, output_index: place.output_index, item });
    emit({ type: "conversation.item.done", item });
  }

  async #piece({ text, audio, after, audioAfter }: ScriptedPiece, item: AssistantMessage & { id: string }, place: Place): Promise<void> {
    const { emit, speaks } = this.#session;
    const until = async (one: Promise<unknown> | undefined): Promise<void> =>
      void (await Promise.race([one ?? nextRound(), this.#cancelled.promise]));
    await until(after);
    if (this.#isCancelled) return;
    const said = (item.content[0] ??= audio === null ? { type: "output_text", text: "" } : { type: "output_audio", transcript: "" });
    for (const delta of text.match(/\S*\s*/g)?.filter((word) => word !== "") ?? []) {
      if (audio === null) said.text += delta;
      else said.transcript += delta;
      emit({ type: audio === null ? "response.output_text.delta" : "response.output_audio_transcript.delta", ...place, delta });
    }
    if (audio === null) return;
    await until(audioAfter);
    const sound = audio ?? toneOf(text);
    for (let at = 0; at < sound.length && !this.#isCancelled; at += DELTA_BYTES) {
      const delta = sound.subarray(at, at + DELTA_BYTES);
      speaks(item.id, delta);
      emit({ type: "response.output_audio.delta", ...place, delta: delta.toString("base64") });
      await nextRound();
    }
  }

  #call({ name, argumentsText, callId }: NonNullable<ScriptedAnswer["calls"]>[number]): void {
    const { newId, emit, remember } = this.#session;
    const id = newId("item");
    const item = {
      id,
      object: "realtime.item",
      type: "function_call",
      status: "in_progress",
      name,
      call_id: callId ?? newId("call"),
      arguments: "",
    } as const;
    const place = { response_id: this.id, item_id: id, output_index: this.#output.length, call_id: item.call_id };
    emit({ type: "response.output_item.added", response_id: this.id, output_index: place.output_index, item });
    const whole = { ...item, status: "completed", arguments: argumentsText } as const;
    this.#output.push(whole);
    remember(whole);
    emit({ type: "response.function_call_arguments.delta", ...place, delta: argumentsText });
    emit({ type: "response.function_call_arguments.done", ...place, name, arguments: argumentsText });
    emit({ type: "response.output_item.done", response_id: this.id, output_index: place.output_index, item: whole });
    emit({ type: "conversation.item.done", item: whole });
  }

  #status(): NonNullable<RealtimeResponse["status"]> {
    if (this.#isCancelled) return "cancelled";
    const { ends = "stop" } = this.#answer;
    return ends === "stop" ? "completed" : ends === "failed" ? "failed" : "incomplete";
  }

  #response(status: NonNullable<RealtimeResponse["status"]>): RealtimeResponse {
    const { ends, error } = this.#answer;
    const details: { [status in string]?: RealtimeResponse["status_details"] } = {
      cancelled: { type: "cancelled", reason: "client_cancelled" },
      incomplete: { type: "incomplete", reason: ends === "refused" ? "content_filter" : "max_output_tokens" },
      failed: { type: "failed", error: { type: "server_error", code: "server_error", message: "The server had an error.", ...error } },
    };
    const usage = {
      total_tokens: 18,
      input_tokens: 11,
      output_tokens: 7,
      input_token_details: { cached_tokens: 4, audio_tokens: 5, text_tokens: 6 },
    };
    return {
      id: this.id,
      object: "realtime.response",
      status,
      ...(details[status] === undefined ? {} : { status_details: details[status] }),
      output: this.#output,
      conversation_id: this.#session.conversationId,
      output_modalities: ["audio"],
      ...(status === "in_progress" ? {} : { usage }),
    };
  }
}

interface Place {
  readonly response_id: string;
  readonly item_id: string;
  readonly output_index: number;
  readonly content_index: number;
}
