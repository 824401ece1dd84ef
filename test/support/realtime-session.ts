/**
 * One session of the fake of OpenAI Realtime. It remembers items as the provider does, and refuses what the provider
 * refuses. Its events, and what it takes, are typed by the openai package.
 */
import type {
  ConversationItem,
  RealtimeClientEvent,
  RealtimeErrorEvent,
  RealtimeSessionCreateRequest,
  ResponseCreateEventWithReferencesParam as ResponseCreate,
} from "openai/resources/realtime/realtime";
import { AUDIO_RATE, ProviderResponse, type ScriptedAnswer, type UnsentEvent } from "./realtime-answer.ts";

export type Client = Exclude<RealtimeClientEvent, { type: "response.create" }> | ResponseCreate;

/** Something that the provider remembers. */
export interface RememberedItem {
  readonly item: ConversationItem & { id: string };
  /** Of the customer's audio, or of the assistant's, in milliseconds. */
  audioMs: number;
  readonly audio?: Buffer;
}

/** What a response is made of. */
export interface AskedResponse {
  readonly items: readonly RememberedItem[];
  readonly session: RealtimeSessionCreateRequest;
  readonly create: NonNullable<ResponseCreate["response"]>;
}

export interface SessionScript {
  answer(asked: AskedResponse): ScriptedAnswer | Promise<ScriptedAnswer>;
  /** What is understood of the customer's audio. Undefined: nothing ever comes. An error: its transcription failed. */
  understand(pcm: Buffer): string | undefined | Error | Promise<string | undefined | Error>;
}

const MS_BYTES = (AUDIO_RATE * 2) / 1000;

export class ProviderSession {
  readonly items: RememberedItem[] = [];
  /** All that the client said, but audio. */
  readonly said: Client[] = [];
  readonly errors: RealtimeErrorEvent["error"][] = [];
  session: RealtimeSessionCreateRequest = { type: "realtime", output_modalities: ["audio"], instructions: "Talk quickly.", tools: [] };
  readonly #script: SessionScript;
  readonly #send: (text: string) => void;
  readonly #newId: (kind: string) => string;
  #buffer: Buffer[] = [];
  #response: ProviderResponse | undefined;
  #hasSpoken = false;

  constructor(script: SessionScript, send: (text: string) => void, newId: (kind: string) => string) {
    this.#script = script;
    this.#send = send;
    this.#newId = newId;
  }

  begin(more: object): void {
    const told = { ...this.session, id: this.#newId("sess"), object: "realtime.session", ...more };
    this.emit({ type: "session.created", session: told });
    this.emit({ type: "conversation.created", conversation: { id: "conv_1", object: "realtime.conversation" } });
  }

  emit(event: UnsentEvent): void {
    this.#send(JSON.stringify({ event_id: this.#newId("event"), ...event }));
  }

  /** Tells a part of the transcript while it is spoken, as some models do. */
  understood(itemId: string, delta: string): void {
    this.emit({ type: "conversation.item.input_audio_transcription.delta", item_id: itemId, content_index: 0, delta });
  }

  refuse(code: string, message: string, eventId: string | undefined, type = "invalid_request_error"): void {
    const error = { type, code, message, param: null, event_id: eventId ?? null };
    this.errors.push(error);
    this.emit({ type: "error", error });
  }

  take(event: Client): void {
    if (event.type !== "input_audio_buffer.append") this.said.push(event);
    switch (event.type) {
      case "session.update":
        return this.#update(event);
      case "input_audio_buffer.append":
        return void this.#buffer.push(Buffer.from(event.audio, "base64"));
      case "input_audio_buffer.clear":
        this.#buffer = [];
        return this.emit({ type: "input_audio_buffer.cleared" });
      case "input_audio_buffer.commit":
        return this.#commit(event.event_id);
      case "conversation.item.create":
        return this.#create(event);
      case "conversation.item.delete":
        return this.#delete(event);
      case "conversation.item.truncate":
        return this.#truncate(event);
      case "response.create":
        return this.#respond(event);
      case "response.cancel":
        if (this.#response === undefined)
          return this.refuse("response_cancel_not_active", "Cancellation failed: no active response found", event.event_id);
        return this.#response.cancel();
      default:
        return this.refuse("unknown_event", `Nobody says ${event.type} over a WebSocket here.`, event.event_id);
    }
  }

  #update({ session, event_id: eventId }: Extract<Client, { type: "session.update" }>): void {
    if (session.type !== "realtime")
      return this.refuse("invalid_type", "Passing a transcription session update to a realtime session is not allowed.", eventId);
    const voice = session.audio?.output?.voice;
    if (voice !== undefined && this.#hasSpoken && voice !== this.session.audio?.output?.voice)
      return this.refuse("cannot_update_voice", "Cannot update a conversation's voice if assistant audio is present.", eventId);
    if (voice === "nobody") return this.refuse("invalid_value", "Invalid value: 'nobody'.", eventId);
    if ("model" in session) return this.refuse("cannot_update_model", "The model of a session cannot be changed.", eventId);
    this.session = { ...this.session, ...session };
    this.emit({ type: "session.updated", session: this.session });
  }

  #commit(eventId: string | undefined): void {
    const audio = Buffer.concat(this.#buffer);
    this.#buffer = [];
    if (audio.length < 100 * MS_BYTES)
      return this.refuse("input_audio_buffer_commit_empty", "Error committing input audio buffer: buffer too small.", eventId);
    const item = {
      id: this.#newId("item"),
      object: "realtime.item",
      type: "message",
      role: "user",
      status: "completed",
      content: [{ type: "input_audio" }],
    } as const;
    const mutable = { ...item, content: [...item.content] };
    this.emit({ type: "input_audio_buffer.committed", item_id: item.id, previous_item_id: this.items.at(-1)?.item.id ?? null });
    this.#remember({ item: mutable, audioMs: audio.length / MS_BYTES, audio });
    this.emit({ type: "conversation.item.done", item: mutable });
    void Promise.resolve(this.#script.understand(audio)).then((text) => {
      const place = { item_id: item.id, content_index: 0 };
      if (text instanceof Error)
        return this.emit({
          type: "conversation.item.input_audio_transcription.failed",
          ...place,
          error: { type: "server_error", code: "server_error", message: text.message },
        });
      if (text === undefined) return;
      if (text !== "") this.understood(item.id, text);
      this.emit({
        type: "conversation.item.input_audio_transcription.completed",
        ...place,
        transcript: text,
        usage: { type: "duration", seconds: Math.ceil(audio.length / MS_BYTES / 1000) },
      });
    });
  }

  #create({ item, previous_item_id: previous, event_id: eventId }: Extract<Client, { type: "conversation.item.create" }>): void {
    const id = item.id ?? this.#newId("item");
    const fault = this.#faultIn(item, id, previous);
    if (fault !== undefined) return this.refuse(fault[0], fault[1], eventId);
    const whole = { ...item, id, object: "realtime.item", status: "completed" } as ConversationItem & { id: string };
    this.#remember({ item: whole, audioMs: 0 }, previous);
    this.emit({ type: "conversation.item.done", item: whole });
  }

  #faultIn(item: ConversationItem, id: string, previous: string | undefined): readonly [string, string] | undefined {
    const has = (one: string): boolean => this.items.some((known) => known.item.id === one);
    if (id.length > 32) return ["string_above_max_length", "Invalid 'item.id': string too long."];
    if (has(id)) return ["item_create_duplicate_id", `Item '${id}' already exists.`];
    if (previous !== undefined && previous !== "root" && !has(previous))
      return ["item_create_invalid_previous_item_id", `No item '${previous}'.`];
    const { type } = item;
    if (type === "message" && item.role === "assistant" && item.content.some((content) => content.type !== "output_text"))
      return ["invalid_value", "Only text can be given for the assistant."];
    const calls = this.items.flatMap((known) => (known.item.type === "function_call" ? [known.item.call_id] : []));
    if (type === "function_call" && (item.call_id?.length ?? 0) > 32)
      return ["string_above_max_length", "Invalid 'item.call_id': string too long."];
    if (type === "function_call_output" && !calls.includes(item.call_id))
      return ["invalid_tool_call_id", `Tool call ID '${item.call_id}' not found in conversation.`];
    return undefined;
  }

  #delete({ item_id: id, event_id: eventId }: Extract<Client, { type: "conversation.item.delete" }>): void {
    const at = this.items.findIndex(({ item }) => item.id === id);
    if (at < 0) return this.refuse("item_delete_invalid_item_id", `Error deleting item: no item '${id}'.`, eventId);
    this.items.splice(at, 1);
    this.emit({ type: "conversation.item.deleted", item_id: id });
  }

  #truncate({
    item_id: id,
    content_index,
    audio_end_ms: endMs,
    event_id: eventId,
  }: Extract<Client, { type: "conversation.item.truncate" }>): void {
    const known = this.items.find(({ item }) => item.id === id);
    if (known === undefined) return this.refuse("item_truncate_invalid_item_id", `Error truncating item: no item '${id}'.`, eventId);
    if (known.item.type !== "message" || known.item.role !== "assistant" || known.audioMs === 0 || endMs <= 0)
      return this.refuse("unsupported_content_type", "Only model output audio messages can be truncated", eventId);
    if (endMs > known.audioMs)
      return this.refuse("invalid_value", `Audio content of ${Math.floor(known.audioMs)}ms is already shorter than ${endMs}ms`, eventId);
    known.audioMs = endMs;
    // The words go: nobody knows which of them were heard.
    known.item.content = [{ type: "output_audio" }];
    this.emit({ type: "conversation.item.truncated", item_id: id, content_index, audio_end_ms: endMs });
  }

  #respond({ response: create = {}, event_id: eventId }: ResponseCreate): void {
    if (this.#response !== undefined)
      return this.refuse("conversation_already_has_active_response", "Conversation already has an active response in progress.", eventId);
    const named = create.input?.flatMap((one) => ("id" in one && one.id !== undefined ? [one.id] : []));
    const items = named === undefined ? [...this.items] : this.items.filter(({ item }) => named.includes(item.id));
    if (named !== undefined && items.length !== named.length)
      return this.refuse("item_not_found", "An item that is referred to is not there.", eventId);
    const asked = { items: structuredClone(items), session: this.session, create };
    void this.#run(new ProviderResponse(this.#answering(), () => this.#script.answer(asked)));
  }

  async #run(response: ProviderResponse): Promise<void> {
    this.#response = response;
    await response.run(() => (this.#response = undefined));
  }

  #answering(): ConstructorParameters<typeof ProviderResponse>[0] {
    return {
      newId: this.#newId,
      emit: (event) => this.emit(event),
      remember: (item) => this.#remember({ item, audioMs: 0 }),
      speaks: (itemId, audio) => {
        this.#hasSpoken = true;
        const known = this.items.find(({ item }) => item.id === itemId);
        if (known !== undefined) known.audioMs += audio.length / MS_BYTES;
      },
      conversationId: "conv_1",
    };
  }

  #remember(known: RememberedItem, previous?: string): void {
    const at =
      previous === "root" ? 0 : previous === undefined ? this.items.length : this.items.findIndex(({ item }) => item.id === previous) + 1;
    this.items.splice(at, 0, known);
    this.emit({ type: "conversation.item.added", item: known.item, previous_item_id: this.items[at - 1]?.item.id ?? null });
  }
}
