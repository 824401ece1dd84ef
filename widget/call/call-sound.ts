import type { VoiceOffer } from "../../protocol/frames.ts";
import type { AssistantVoice, CallPorts, Ears, EarsNews, VoiceNews } from "./call-ports.ts";
import type { CallChoices } from "./call-state.ts";

/** The ears and the voice of a call: opened together, and ended together. */
export class CallSound {
  readonly #ports: Pick<CallPorts, "openEars" | "openVoice">;
  readonly #earsNews: EarsNews;
  readonly #voiceNews: VoiceNews;
  ears: Ears | undefined;
  voice: AssistantVoice | undefined;
  /** Aborted: what is still being opened comes too late. */
  #opening = new AbortController();

  constructor(ports: Pick<CallPorts, "openEars" | "openVoice">, earsNews: EarsNews, voiceNews: VoiceNews) {
    this.#ports = ports;
    this.#earsNews = earsNews;
    this.#voiceNews = voiceNews;
  }

  /**
   * Opens the voice at once, while the press counts, and the ears once `mayHear` has resolved. Rejects with what that
   * said, or with `CallFault`: then nothing is open.
   *
   * @returns false: it was closed meanwhile
   */
  async open(by: VoiceOffer, choices: () => CallChoices, mayHear: () => Promise<unknown>): Promise<boolean> {
    this.close();
    const { signal } = (this.#opening = new AbortController());
    const voice = this.#ports.openVoice(by, choices(), this.#voiceNews).then((opened) => {
      if (signal.aborted) opened.close();
      else this.voice = opened;
    });
    // It is waited for below.
    voice.catch(() => undefined);
    try {
      await mayHear();
      if (signal.aborted) return false;
      const ears = await this.#ports.openEars(by, choices(), this.#earsNews, signal);
      if (signal.aborted) ears.close();
      else this.ears = ears;
      await voice;
      // Where a page came back without a press, browsers let it sound once it hears.
      this.voice?.wake();
    } catch (error) {
      if (signal.aborted) return false;
      this.close();
      throw error;
    }
    return !signal.aborted;
  }

  choose({ mode, microphoneId, loudspeakerId, volume }: Partial<CallChoices>): void {
    const { ears, voice } = this;
    if (mode !== undefined) ears?.pushToTalk(mode === "push-to-talk");
    if (microphoneId !== undefined) ears?.hearFrom(microphoneId);
    if (loudspeakerId !== undefined) voice?.playThrough(loudspeakerId);
    if (volume !== undefined) voice?.loud(volume);
  }

  /** Ends every track, at once: of what is still being opened too. Harmless when repeated. */
  close(): void {
    this.#opening.abort();
    this.ears?.close();
    this.voice?.close();
    this.ears = this.voice = undefined;
  }
}
