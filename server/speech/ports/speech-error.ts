import type { EngineFault, SpeechFault } from "../../conversation/ports/voice-test.ts";

export type SpeechErrorKind = SpeechFault;

/** What went wrong with an engine. `message` is for staff: which engine, what happened, and what to do. It holds no secret. */
export class SpeechError extends Error implements EngineFault {
  override readonly name = "SpeechError";
  readonly kind: SpeechErrorKind;

  constructor(kind: SpeechErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
