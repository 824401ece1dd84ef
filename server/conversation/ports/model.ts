/** The port of language models. Its words (step, tool call) are in docs/words.md. */
import type { Usage } from "../../../protocol/events.ts";
import type { ModelSettings } from "./assistant.ts";

/** The prompt in the words of no provider. */
export type PromptMessage =
  | { readonly role: "system"; readonly text: string }
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text: string; readonly toolCalls: readonly PromptToolCall[]; readonly thoughts?: Thoughts }
  | { readonly role: "tool"; readonly modelCallId: string; readonly name: string; readonly text: string; readonly failed: boolean };

export interface PromptToolCall {
  readonly modelCallId: string;
  readonly name: string;
  /** JSON text of an object. */
  readonly argumentsText: string;
}

/**
 * What a model server wants to see again with a step that had calls: reasoning, signatures. Nobody but that server reads
 * it, and `of` says which server and model it is; any other is not given it.
 */
export interface Thoughts {
  readonly of: string;
  /** JSON, in the words of its wire. */
  readonly value: unknown;
}

export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  readonly messages: readonly PromptMessage[];
  readonly tools: readonly OfferedTool[];
  /** `none`: the tools are named, but may not be called in this step. */
  readonly toolChoice: "auto" | "none";
  readonly maxOutputTokens: number;
}

export type ModelPart =
  | { readonly type: "text"; readonly text: string }
  /** Complete once yielded; `argumentsText` is whatever the model wrote, perhaps not JSON. */
  | { readonly type: "tool-call"; readonly modelCallId: string; readonly name: string; readonly argumentsText: string }
  /** Before the calls that it belongs to. */
  | { readonly type: "thoughts"; readonly thoughts: Thoughts }
  | { readonly type: "finish"; readonly reason: "stop" | "tool-calls" | "length" | "refused"; readonly usage: Usage };

/**
 * A language model. The iterable ends after exactly one `finish`, or throws `ModelError`, or the signal's reason when
 * aborted.
 */
export interface Model {
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart>;
  /** Which model gave the last answer and what it costs, where that was not the one of the settings. */
  readonly answeredBy?: () => Pick<ModelSettings, "model" | "prices"> | undefined;
}

/** Makes the model of an assistant's settings; cached by the maker. Throws `ModelError` of kind `misconfigured`. */
export interface Models {
  /** `conversationId`: what is asked is an answer in it, which a voice call there may have its own model for. */
  of(settings: ModelSettings, conversationId?: string): Promise<Model>;
}

export type ModelErrorKind =
  /** Wrong key, unknown model, bad request: trying again does not help. */
  | "misconfigured"
  | "rate-limited"
  | "overloaded"
  | "context-overflow"
  | "refused"
  /** The stream ended or failed in the middle. */
  | "broken"
  | "unreachable";

/** A model call that failed. `message` is the cause for staff; it never has a key in it. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly kind: ModelErrorKind;
  /** What the provider said about when to come back. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: ModelErrorKind, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}
