import type { Model } from "../../conversation/ports/model.ts";
import type { HearingOptions, HearingSession } from "./hearing.ts";
import type { Speaking } from "./speaking.ts";

/** A model that hears and speaks by itself: what else takes an engine that hears, a model and an engine that speaks. */
export interface Realtime {
  /** Which engine it is, for people. */
  readonly name: string;
  /** Begins to connect at once. What goes wrong comes out of `transcripts`, and of whatever the model is asked then. */
  open(options: RealtimeOptions): RealtimeSession;
}

export interface RealtimeOptions extends HearingOptions {
  /** Says what the model did not say itself. */
  readonly speaking: Speaking;
}

/**
 * One call. It hears as any `HearingSession`; it never answers by itself.
 *
 * `model` is asked as any other, with the whole prompt: the prompt is the truth, and what the provider remembers of the
 * call is brought in step with it before each answer. So whatever is not in the prompt (an approval that was spoken, an
 * answer that was void) is forgotten, and a turn whose words are in it is what the model heard itself. Its tool calls
 * are only told. When the session is over it throws `ModelError`.
 *
 * `speaking` gives a `piece` of an answer of this model as the model spoke it, and any other text by `options.speaking`.
 * Pieces are asked for in their order. After `cut`, what the provider remembers of the answer ends where it was heard.
 */
export interface RealtimeSession extends HearingSession {
  readonly model: Model;
  readonly speaking: Speaking;
}
