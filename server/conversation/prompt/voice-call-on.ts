import type { JournalEvent } from "../../../protocol/events.ts";

/** A call ends by itself long before nothing was said in it for so long; one that has not was lost with its server. */
const SILENT_MS = 10 * 60_000;

/** Whether the customer is in a voice call, as the journal says. Its beginning may be further back than was read. */
export class VoiceCallOn {
  #call: { readonly voiceCallId: string; readonly at: number } | undefined;

  apply(event: JournalEvent): void {
    switch (event.type) {
      case "voice-call-started":
        this.#call = event;
        return;
      case "message-received":
        if (event.spoken !== undefined) this.#call = { voiceCallId: event.spoken.voiceCallId, at: event.at };
        return;
      case "speech-heard":
      case "speech-cut":
        if (event.voiceCallId === this.#call?.voiceCallId) this.#call = event;
        return;
      case "voice-call-ended":
        // One that was taken over ends after the next has begun.
        if (event.voiceCallId === this.#call?.voiceCallId) this.#call = undefined;
        return;
      default:
        return;
    }
  }

  /** At this moment, in milliseconds since 1970. */
  isOn(at: number): boolean {
    return this.#call !== undefined && at - this.#call.at < SILENT_MS;
  }

  copy(): VoiceCallOn {
    const copy = new VoiceCallOn();
    copy.#call = this.#call;
    return copy;
  }
}
