/** What we say to a Realtime session, as `RealtimeClientEvent` of openai@7.59.0 has it. Arrays are its, so not read-only. */

/** PCM of 16 bits, little endian, one channel; no other rate is taken. */
export const REALTIME_RATE = 24_000;

export interface FunctionTool {
  readonly type: "function";
  readonly name: string;
  readonly description: string;
  readonly parameters: unknown;
}

/** Only what is there is changed. */
export interface SessionUpdate {
  readonly type: "realtime";
  readonly output_modalities?: "audio"[];
  readonly audio?: {
    readonly input: {
      readonly format: { readonly type: "audio/pcm"; readonly rate: typeof REALTIME_RATE };
      readonly transcription: { readonly model: string; readonly language?: string };
      /** We say where a turn ends; nothing is answered, and nobody interrupted, by the provider. */
      readonly turn_detection: null;
    };
    readonly output: {
      readonly format: { readonly type: "audio/pcm"; readonly rate: typeof REALTIME_RATE };
      readonly voice: string;
      readonly speed?: number;
    };
  };
  readonly instructions?: string;
  readonly tools?: FunctionTool[];
}

export type NewItem =
  | { readonly id: string; readonly type: "message"; readonly role: "user"; readonly content: { type: "input_text"; text: string }[] }
  | { readonly id: string; readonly type: "message"; readonly role: "assistant"; readonly content: { type: "output_text"; text: string }[] }
  | { readonly id: string; readonly type: "function_call"; readonly call_id: string; readonly name: string; readonly arguments: string }
  | { readonly id: string; readonly type: "function_call_output"; readonly call_id: string; readonly output: string };

export interface NewResponse {
  readonly tool_choice: "auto" | "none";
  readonly max_output_tokens: number | "inf";
  /** What is answered, where it is not all that the session has. */
  readonly input?: { readonly type: "item_reference"; readonly id: string }[];
}

export type ClientEvent =
  | { readonly type: "session.update"; readonly session: SessionUpdate }
  | { readonly type: "input_audio_buffer.append"; readonly audio: string }
  | { readonly type: "input_audio_buffer.commit" }
  | { readonly type: "input_audio_buffer.clear" }
  | { readonly type: "conversation.item.create"; readonly item: NewItem; readonly previous_item_id?: string }
  | { readonly type: "conversation.item.delete"; readonly item_id: string }
  | {
      readonly type: "conversation.item.truncate";
      readonly item_id: string;
      readonly content_index: 0;
      readonly audio_end_ms: number;
    }
  | { readonly type: "response.create"; readonly response: NewResponse }
  | { readonly type: "response.cancel"; readonly response_id?: string };

/** As it is sent: an error names the event that it is about. */
export type SentEvent = ClientEvent & { readonly event_id: string };
