/**
 * What can go wrong with an engine of speech. `unreachable`: no connection. `key-refused`: the key is wrong or may not do
 * this. `quota`: the account has nothing left. `busy`: too many requests, or the engine is overloaded. `misconfigured`:
 * a model, voice, language or address that the engine does not take. `bad-audio`: what came is no PCM. `silent`: nothing
 * came in time. `broken`: an answer that broke off, or makes no sense.
 */
export type SpeechErrorKind = "unreachable" | "key-refused" | "quota" | "busy" | "misconfigured" | "bad-audio" | "silent" | "broken";

/** `message` is for staff: which engine, what happened, and what to do. It holds no secret. */
export class SpeechError extends Error {
  override readonly name = "SpeechError";
  readonly kind: SpeechErrorKind;

  constructor(kind: SpeechErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
