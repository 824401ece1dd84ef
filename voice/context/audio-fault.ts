/**
 * Why there is no sound. `insecure`: the page is neither of https nor of this machine. `unsupported`: the browser lacks
 * what is needed. `not-loaded`: the file of the worklet did not come. Of the microphone: `denied`, by the customer or by
 * the page's permissions policy; `withdrawn`: allowed, and then no longer; `no-microphone`; `busy`: another program has
 * it; `lost`: it was there. `interrupted`: by a telephone call for example, and it did not come back.
 */
export type AudioFaultReason =
  | "insecure"
  | "unsupported"
  | "not-loaded"
  | "denied"
  | "withdrawn"
  | "no-microphone"
  | "busy"
  | "lost"
  | "interrupted";

export class AudioFault extends Error {
  override readonly name = "AudioFault";
  readonly reason: AudioFaultReason;

  constructor(reason: AudioFaultReason, cause?: unknown) {
    super(`There is no sound: ${reason}.`, { cause });
    this.reason = reason;
  }
}
