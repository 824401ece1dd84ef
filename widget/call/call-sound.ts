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
  /** What was opened before it was closed comes too late. */
  #opening: symbol | undefined;

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
  async open(by: VoiceOffer, choices: () => CallChoices, mayHear: () => Promise<void>): Promise<boolean> {
    this.close();
    const opening = Symbol("opening");
    this.#opening = opening;
    const isMine = (): boolean => this.#opening === opening;
    const voice = this.#ports.openVoice(by, choices(), this.#voiceNews).then((opened) => {
      if (isMine()) this.voice = opened;
      else opened.close();
    });
    // It is waited for below.
    voice.catch(() => undefined);
    try {
      await mayHear();
      if (!isMine()) return false;
      const ears = await this.#ports.openEars(by, choices(), this.#earsNews);
      if (isMine()) this.ears = ears;
      else ears.close();
      await voice;
      // Where a page came back without a press, browsers let it sound once it hears.
      this.voice?.wake();
    } catch (error) {
      if (!isMine()) return false;
      this.close();
      throw error;
    }
    return isMine();
  }

  choose({ mode, microphoneId, loudspeakerId, volume }: Partial<CallChoices>): void {
    const { ears, voice } = this;
    if (mode !== undefined) ears?.pushToTalk(mode === "push-to-talk");
    if (microphoneId !== undefined) ears?.hearFrom(microphoneId);
    if (loudspeakerId !== undefined) voice?.playThrough(loudspeakerId);
    if (volume !== undefined) voice?.loud(volume);
  }

  close(): void {
    this.#opening = undefined;
    this.ears?.close();
    this.voice?.close();
    this.ears = this.voice = undefined;
  }
}
