import type { ParsedVoiceMessage, VoiceFrame } from "../../../protocol/voice-frames.ts";
import { CAPTURE_RATE } from "../../../protocol/voice-frames.ts";
import { Lookback } from "../../../voice/activity/lookback.ts";
import { fromPcm16 } from "../../../voice/activity/pcm16.ts";
import type { VoiceModel } from "../../../voice/activity/silero.ts";
import { VoiceActivity, type VoiceEvent } from "../../../voice/activity/voice-activity.ts";

export interface ServerEarNews {
  /** Audio that belongs to speech, and what was heard of it: as a page that listens itself sends them. */
  frame(frame: VoiceFrame): void;
  speech(message: Extract<ParsedVoiceMessage, { type: "speech" }>): void;
  /** Somebody speaks while the assistant does. */
  interrupted(): void;
}

/** What comes before a start, and what a start takes to be noticed. */
const LOOKBACK_MS = 700;
/** A device's network may lose frames: what came last is by its clock the latest. */
const PCM_MS = 1000 / CAPTURE_RATE;

/** Hears for a device that sends all of its audio whether somebody speaks. */
export class ServerEar {
  readonly #activity: VoiceActivity;
  readonly #news: ServerEarNews;
  readonly #lookback = new Lookback<VoiceFrame>(LOOKBACK_MS);
  #isAssistantOut = false;
  #capturedMs = 0;

  constructor(model: VoiceModel, news: ServerEarNews) {
    this.#activity = new VoiceActivity(model);
    // A device has a loudspeaker, and seldom takes its echo away.
    this.#activity.echoIsLikely(true);
    this.#news = news;
  }

  /** Whether the assistant's voice is heard at the device. */
  assistant(isOut: boolean): void {
    if (isOut === this.#isAssistantOut) return;
    this.#isAssistantOut = isOut;
    if (isOut) this.#activity.assistantSpeaks(this.#capturedMs);
    else this.#activity.assistantIsSilent();
  }

  accept(frame: VoiceFrame): void {
    const samples = fromPcm16(frame.audio);
    const wasSpeech = this.#activity.isSpeech;
    const lengthMs = samples.length * PCM_MS;
    this.#capturedMs = frame.timeMs + lengthMs;
    this.#lookback.keep(frame, frame.timeMs, lengthMs);
    for (const event of this.#activity.accept(samples, frame.timeMs)) this.#take(event);
    if (wasSpeech) this.#send(frame.timeMs);
  }

  #take(event: VoiceEvent): void {
    const { atMs } = event;
    switch (event.type) {
      case "speech-started":
        if (this.#isAssistantOut) this.#news.interrupted();
        this.#news.speech({ type: "speech", event: "started", atMs });
        this.#send(event.fromMs);
        return;
      case "speech-paused":
        return this.#news.speech({ type: "speech", event: "paused", atMs, sinceMs: event.sinceMs });
      case "speech-resumed":
        return this.#news.speech({ type: "speech", event: "resumed", atMs });
      case "speech-ended":
        return this.#news.speech({ type: "speech", event: "ended", atMs, sinceMs: event.sinceMs });
      default:
    }
  }

  #send(fromMs: number): void {
    for (const frame of this.#lookback.take(fromMs)) this.#news.frame(frame);
  }
}
