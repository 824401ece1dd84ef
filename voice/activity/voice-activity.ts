import { FRAME, FRAME_MS, SAMPLE_RATE, type VoiceModel } from "./silero.ts";
import { MEASURED_VOICE, type VoiceSettings } from "./voice-settings.ts";

/**
 * What was heard. All times are those of the audio's capture, in milliseconds; `atMs` is the end of the frame that
 * brought it about.
 *
 * - `speech-started` … `speech-paused`, `speech-resumed` … `speech-ended`, in this order.
 * - `doubt`, only while the assistant speaks: perhaps somebody does. `doubt-over`, or `speech-started`, follows.
 */
export type VoiceEvent =
  /** `voiceMs`: where the first frame of speech begins. `fromMs`: where the audio begins that belongs to it. */
  | { readonly type: "speech-started"; readonly atMs: number; readonly voiceMs: number; readonly fromMs: number }
  /** `sinceMs`: where the last frame of speech ended. */
  | { readonly type: "speech-paused" | "speech-ended"; readonly atMs: number; readonly sinceMs: number }
  | { readonly type: "speech-resumed" | "doubt" | "doubt-over"; readonly atMs: number };

interface Speech {
  /** Where its last frame of speech ended. */
  sinceMs: number;
  isPaused: boolean;
}

/** What is missing for no longer than this is a lost packet, and passed over. */
const LOST_MS = 200;
/** The clocks of capture and of samples differ by less than this. */
const JITTER_MS = 20;

/**
 * Who hears whether somebody speaks. It is given audio with its time and says what happened, and has no clock, no
 * microphone and no line of its own: the same audio gives the same events, however it is cut into pieces.
 */
export class VoiceActivity {
  readonly #model: VoiceModel;
  readonly #settings: VoiceSettings;
  readonly #frame = new Float32Array(FRAME);
  #filled = 0;
  /** The capture time of the next sample. */
  #nextMs: number | undefined;
  /** Frames of speech in a row, and where they began. */
  #run = 0;
  #runMs = 0;
  #isDoubtful = false;
  #speech: Speech | undefined;
  /** Up to here audio belonged to speech already. */
  #takenMs = 0;
  #assistantSinceMs: number | undefined;
  #isEchoLikely = false;

  constructor(model: VoiceModel, settings: Partial<VoiceSettings> = {}) {
    this.#model = model;
    this.#settings = { ...MEASURED_VOICE, ...settings };
  }

  /** Somebody speaks, or paused only a moment ago. */
  get isSpeech(): boolean {
    return this.#speech !== undefined;
  }

  /** The assistant's voice is heard from `atMs` on. A voice that goes on goes on: its beginning counts. */
  assistantSpeaks(atMs: number): void {
    this.#assistantSinceMs ??= atMs;
  }

  assistantIsSilent(): void {
    this.#assistantSinceMs = undefined;
  }

  /** Whether the assistant's voice may come back through the microphone: a loudspeaker without echo cancellation. */
  echoIsLikely(isLikely: boolean): void {
    this.#isEchoLikely = isLikely;
  }

  /**
   * @param samples from -1 to 1, one channel at 16 kHz, as many as there are
   * @param capturedMs when the first of them was captured
   */
  accept(samples: Float32Array, capturedMs: number): readonly VoiceEvent[] {
    const events: VoiceEvent[] = [];
    const missingMs = capturedMs - (this.#nextMs ?? -Infinity);
    if (missingMs > LOST_MS || missingMs < -JITTER_MS) this.#begin(capturedMs, events);
    for (let at = 0; at < samples.length;) {
      const taken = Math.min(FRAME - this.#filled, samples.length - at);
      this.#frame.set(samples.subarray(at, at + taken), this.#filled);
      at += taken;
      this.#filled += taken;
      this.#nextMs = capturedMs + (at / SAMPLE_RATE) * 1000;
      if (this.#filled < FRAME) continue;
      this.#filled = 0;
      this.#judge(this.#model.value(this.#frame), this.#nextMs, events);
    }
    return events;
  }

  /** After a gap, what was heard before it says nothing about what follows. */
  #begin(capturedMs: number, events: VoiceEvent[]): void {
    if (this.#nextMs === undefined) this.#takenMs = capturedMs;
    else {
      this.#model.reset();
      this.#endRun(capturedMs, events);
      // Nothing was heard meanwhile, and so it was quiet. A clock that was set back says nothing about how long.
      if (capturedMs > this.#nextMs) this.#hearQuiet(capturedMs, events);
      else this.#endSpeech(capturedMs, events);
      this.#takenMs = Math.min(this.#takenMs, capturedMs);
    }
    this.#filled = 0;
    this.#nextMs = capturedMs;
  }

  #judge(value: number, atMs: number, events: VoiceEvent[]): void {
    if (this.#speech === undefined) this.#awaitSpeech(value, atMs, events);
    else this.#followSpeech(value, atMs, events);
  }

  #awaitSpeech(value: number, atMs: number, events: VoiceEvent[]): void {
    const { above, neededMs } = this.#bar(atMs);
    const { endBelow, doubtMs } = this.#settings;
    if (value < above) {
      this.#run = 0;
      // Between the two values a doubt stays one.
      if (value < endBelow || this.#assistantSinceMs === undefined) this.#endRun(atMs, events);
      return;
    }
    if (this.#run === 0) this.#runMs = atMs - FRAME_MS;
    this.#run += 1;
    const heardMs = this.#run * FRAME_MS;
    if (heardMs >= neededMs) this.#startSpeech(atMs, events);
    else if (this.#assistantSinceMs !== undefined && heardMs >= doubtMs && !this.#isDoubtful) {
      this.#isDoubtful = true;
      events.push({ type: "doubt", atMs });
    }
  }

  /** What a start needs at this moment. */
  #bar(atMs: number): { readonly above: number; readonly neededMs: number } {
    const { startAbove, startMs, stopMs, guardedAbove, guardedMs, guardFirstMs } = this.#settings;
    if (this.#assistantSinceMs === undefined) return { above: startAbove, neededMs: startMs };
    const isGuarded = this.#isEchoLikely || atMs - this.#assistantSinceMs <= guardFirstMs;
    return isGuarded ? { above: guardedAbove, neededMs: guardedMs } : { above: startAbove, neededMs: stopMs };
  }

  #startSpeech(atMs: number, events: VoiceEvent[]): void {
    const fromMs = Math.max(this.#runMs - this.#settings.keptMs, this.#takenMs);
    this.#speech = { sinceMs: atMs, isPaused: false };
    this.#isDoubtful = false;
    this.#run = 0;
    events.push({ type: "speech-started", atMs, voiceMs: this.#runMs, fromMs });
  }

  #followSpeech(value: number, atMs: number, events: VoiceEvent[]): void {
    const speech = this.#speech;
    if (speech === undefined) return;
    if (value < this.#settings.endBelow) {
      this.#hearQuiet(atMs, events);
      return;
    }
    speech.sinceMs = atMs;
    if (!speech.isPaused) return;
    speech.isPaused = false;
    events.push({ type: "speech-resumed", atMs });
  }

  #hearQuiet(atMs: number, events: VoiceEvent[]): void {
    const speech = this.#speech;
    if (speech === undefined) return;
    const { sinceMs } = speech;
    if (!speech.isPaused && atMs - sinceMs >= this.#settings.pauseMs) {
      speech.isPaused = true;
      events.push({ type: "speech-paused", atMs, sinceMs });
    }
    if (atMs - sinceMs >= this.#settings.endMs) this.#endSpeech(atMs, events);
  }

  #endSpeech(atMs: number, events: VoiceEvent[]): void {
    if (this.#speech === undefined) return;
    const { sinceMs } = this.#speech;
    this.#speech = undefined;
    this.#takenMs = atMs;
    events.push({ type: "speech-ended", atMs, sinceMs });
  }

  #endRun(atMs: number, events: VoiceEvent[]): void {
    this.#run = 0;
    if (!this.#isDoubtful) return;
    this.#isDoubtful = false;
    events.push({ type: "doubt-over", atMs });
  }
}
