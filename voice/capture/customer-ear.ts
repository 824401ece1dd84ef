import { Lookback } from "../activity/lookback.ts";
import { toPcm16 } from "../activity/pcm16.ts";
import { SAMPLE_RATE, type VoiceModel } from "../activity/silero.ts";
import { VoiceActivity, type VoiceEvent } from "../activity/voice-activity.ts";
import { MEASURED_VOICE, type VoiceSettings } from "../activity/voice-settings.ts";

/**
 * What follows from what the customer does. Times are those of the capture, in milliseconds.
 *
 * - `audio`: 16-bit PCM, one channel at 16 kHz, to be sent. `isLookback`: from before the start of speech. `isLast`: the
 *   stretch is over.
 * - `speech`: as the voice line's message says it; its `started` comes before the audio, its `ended` after it.
 * - `talk`: the button of push-to-talk; `held` comes before its audio, its end after it.
 * - `lower`: perhaps somebody speaks; `raise`: it was nothing. `stop`: the customer has the word.
 */
export type EarEvent =
  | {
      readonly type: "audio";
      readonly pcm: Uint8Array;
      readonly capturedMs: number;
      readonly isLookback: boolean;
      readonly isLast: boolean;
    }
  | { readonly type: "speech"; readonly event: "started" | "resumed"; readonly atMs: number }
  | { readonly type: "speech"; readonly event: "paused" | "ended"; readonly atMs: number; readonly sinceMs: number }
  | { readonly type: "talk"; readonly held: boolean; readonly atMs: number }
  | { readonly type: "lower" | "raise" }
  | { readonly type: "stop"; readonly by: "speech" | "button" };

interface Piece {
  readonly pcm: Uint8Array;
  readonly capturedMs: number;
}

/** What a start takes to be noticed, and the pieces at both ends. */
const NOTICED_MS = 300;
/** The room still sounds after the assistant's voice. */
const ROOM_MS = 300;
/** What was said when the button was released arrives so much later. */
const TAIL_MS = 60;

/**
 * Hears the customer: takes the microphone's audio and says what is to be sent of it, when they speak, and what the
 * assistant's voice has to do. Until it has a {@link model} it hears only push-to-talk.
 */
export class CustomerEar {
  readonly #tell: (event: EarEvent) => void;
  readonly #settings: VoiceSettings;
  #model: VoiceModel | undefined;
  #activity: VoiceActivity | undefined;
  #lookback: Lookback<Piece>;
  #isHandsFree = true;
  #isMuted = false;
  #isEchoLikely = false;
  /** Up to here the microphone was heard. */
  #nowMs = 0;
  /** Where speech paused. */
  #pausedMs: number | undefined;
  #assistantIsOut = false;
  /** It is silent since; undefined while it speaks. */
  #silentMs: number | undefined;
  #isLowered = false;
  #isHeld = false;
  /** The button was released: what was captured until then is still to come. */
  #releasedMs: number | undefined;

  constructor(tell: (event: EarEvent) => void, settings: Partial<VoiceSettings> = {}) {
    this.#tell = tell;
    this.#settings = { ...MEASURED_VOICE, ...settings };
    this.#lookback = this.#newLookback();
  }

  /** What judges sound. Without it, nobody is heard who does not press. */
  set model(model: VoiceModel) {
    this.#model = model;
    this.#listenAnew();
  }

  get isSpeech(): boolean {
    return this.#activity?.isSpeech ?? false;
  }

  /** False: only what is said while the button is held is heard. */
  set handsFree(isHandsFree: boolean) {
    if (isHandsFree === this.#isHandsFree) return;
    this.#isHandsFree = isHandsFree;
    this.#endSpeech();
  }

  set muted(isMuted: boolean) {
    if (isMuted === this.#isMuted) return;
    this.#isMuted = isMuted;
    if (this.#isHeld) this.#endTalk();
    this.#endSpeech();
  }

  /** The assistant's voice may come back through the microphone: there is no echo cancellation. */
  set echoIsLikely(isLikely: boolean) {
    this.#isEchoLikely = isLikely;
    this.#activity?.echoIsLikely(isLikely);
  }

  /** The assistant's voice is out, from now on. */
  assistantSpeaks(): void {
    this.#silentMs = undefined;
    if (this.#assistantIsOut) return;
    this.#assistantIsOut = true;
    // Speech that only paused would go on at the first sound of the assistant's own voice.
    if (this.isSpeech && this.#pausedMs !== undefined) this.#endSpeech();
    this.#activity?.assistantSpeaks(this.#nowMs);
    // Who speaks already is not talked over.
    if (this.isSpeech || this.#isHeld) this.#stop(this.#isHeld ? "button" : "speech");
  }

  assistantIsSilent(): void {
    if (this.#assistantIsOut) this.#silentMs ??= this.#nowMs;
  }

  /** The button is held: all that is said is sent. */
  press(): void {
    this.#releasedMs = undefined;
    if (this.#isHeld || this.#isMuted) return;
    this.#endSpeech();
    this.#isHeld = true;
    if (this.#assistantIsOut) this.#stop("button");
    this.#tell({ type: "talk", held: true, atMs: this.#nowMs });
  }

  release(): void {
    if (this.#isHeld) this.#releasedMs ??= this.#nowMs + TAIL_MS;
  }

  /** Audio right after that of the last call, one channel at 16 kHz, with the time of its capture. */
  hear(samples: Float32Array, capturedMs: number): void {
    const durationMs = (samples.length / SAMPLE_RATE) * 1000;
    this.#nowMs = capturedMs + durationMs;
    if (this.#silentMs !== undefined && this.#nowMs - this.#silentMs >= ROOM_MS) this.#becomeSilent();
    if (this.#isMuted) return;
    const piece = { pcm: toPcm16(samples), capturedMs };
    if (this.#isHeld) this.#hearHeld(piece);
    else if (this.#isHandsFree && this.#activity !== undefined) {
      this.#lookback.keep(piece, capturedMs, durationMs);
      this.#listen(this.#activity, samples, capturedMs);
    }
  }

  #hearHeld(piece: Piece): void {
    const isLast = this.#releasedMs !== undefined && this.#nowMs >= this.#releasedMs;
    this.#tell({ type: "audio", ...piece, isLookback: false, isLast });
    if (isLast) this.#endTalk();
  }

  #listen(activity: VoiceActivity, samples: Float32Array, capturedMs: number): void {
    const wasSpeech = activity.isSpeech;
    const events = activity.accept(samples, capturedMs);
    const isOver = events.some(({ type }) => type === "speech-ended");
    if (wasSpeech) {
      for (const piece of this.#lookback.take(capturedMs)) this.#tell({ type: "audio", ...piece, isLookback: false, isLast: isOver });
    }
    for (const event of events) this.#follow(event);
  }

  #follow(event: VoiceEvent): void {
    const { atMs } = event;
    switch (event.type) {
      case "doubt":
        this.#lower();
        return;
      case "doubt-over":
        this.#raise();
        return;
      case "speech-started":
        this.#startSpeech(event);
        return;
      case "speech-resumed":
        this.#pausedMs = undefined;
        this.#tell({ type: "speech", event: "resumed", atMs });
        return;
      case "speech-paused":
        this.#pausedMs = event.sinceMs;
        this.#tell({ type: "speech", event: "paused", atMs, sinceMs: event.sinceMs });
        return;
      case "speech-ended":
        this.#pausedMs = undefined;
        this.#tell({ type: "speech", event: "ended", atMs, sinceMs: event.sinceMs });
    }
  }

  #startSpeech({ atMs, voiceMs, fromMs }: VoiceEvent & { readonly type: "speech-started" }): void {
    this.#pausedMs = undefined;
    if (this.#assistantIsOut) this.#stop("speech");
    else this.#raise();
    this.#tell({ type: "speech", event: "started", atMs });
    for (const piece of this.#lookback.take(fromMs))
      this.#tell({ type: "audio", ...piece, isLookback: piece.capturedMs < voiceMs, isLast: false });
  }

  /** Ends what is heard of somebody's speech here and now, and begins to listen anew. */
  #endSpeech(): void {
    if (this.isSpeech) this.#tell({ type: "speech", event: "ended", atMs: this.#nowMs, sinceMs: this.#pausedMs ?? this.#nowMs });
    this.#listenAnew();
  }

  #endTalk(): void {
    this.#isHeld = false;
    this.#releasedMs = undefined;
    this.#tell({ type: "talk", held: false, atMs: this.#nowMs });
    this.#listenAnew();
  }

  #listenAnew(): void {
    this.#pausedMs = undefined;
    this.#lookback = this.#newLookback();
    this.#raise();
    if (this.#model === undefined) return;
    this.#model.reset();
    this.#activity = new VoiceActivity(this.#model, this.#settings);
    this.#activity.echoIsLikely(this.#isEchoLikely);
    if (this.#assistantIsOut) this.#activity.assistantSpeaks(this.#nowMs);
  }

  #becomeSilent(): void {
    this.#silentMs = undefined;
    this.#assistantIsOut = false;
    this.#activity?.assistantIsSilent();
  }

  #stop(by: "speech" | "button"): void {
    this.#isLowered = false;
    this.#tell({ type: "stop", by });
  }

  #lower(): void {
    if (!this.#isLowered) this.#tell({ type: "lower" });
    this.#isLowered = true;
  }

  #raise(): void {
    if (this.#isLowered) this.#tell({ type: "raise" });
    this.#isLowered = false;
  }

  #newLookback(): Lookback<Piece> {
    return new Lookback(this.#settings.keptMs + NOTICED_MS);
  }
}
