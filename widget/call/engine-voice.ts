import type { VoiceFrame } from "../../protocol/voice-frame.ts";
import { openSpeaker, type Speaker } from "../../voice/playback/speaker.ts";
import { workletUrl } from "./call-assets.ts";
import type { AssistantVoice, Said, Saying, Stats, VoiceNews } from "./call-ports.ts";
import type { CallChoices } from "./call-state.ts";
import { faultOf, noteState } from "./engine-ears.ts";

/** The assistant's voice as our engines send it. Rejects with `CallFault`. */
export async function openEngineVoice(choices: CallChoices, news: VoiceNews): Promise<AssistantVoice> {
  const pieces = new SaidPieces(news);
  try {
    const speaker = await openSpeaker({
      workletUrl: workletUrl(),
      sinkId: choices.loudspeakerId,
      volume: choices.volume,
      onHeard(untilMs) {
        news.say({ type: "heard", untilMs });
        pieces.heard(untilMs);
      },
      onSpeaking(isSpeaking) {
        news.audible(isSpeaking);
        if (isSpeaking) pieces.heard(speaker.heardMs);
      },
      onState: (state) => noteState(state, news),
    });
    return new EngineVoice(speaker, pieces);
  } catch (error) {
    throw faultOf(error);
  }
}

/** Pieces that may not be heard to their end yet, by their places. */
class SaidPieces {
  readonly #news: Pick<VoiceNews, "caption">;
  #pieces: Saying[] = [];

  constructor(news: Pick<VoiceNews, "caption">) {
    this.#news = news;
  }

  add(piece: Saying): void {
    this.#pieces.push(piece);
  }

  at(placeMs: number): Saying | undefined {
    return this.#pieces.findLast(({ fromMs }) => fromMs <= placeMs);
  }

  heard(untilMs: number): void {
    const piece = this.at(untilMs);
    if (piece === undefined) return;
    this.#pieces.splice(0, this.#pieces.indexOf(piece));
    this.#news.caption(piece.text);
  }

  forget(): void {
    this.#pieces = [];
  }
}

class EngineVoice implements AssistantVoice {
  readonly #speaker: Speaker;
  readonly #pieces: SaidPieces;
  #receivedMs = 0;
  /** What comes is of what was cut. */
  #isDropping = false;

  constructor(speaker: Speaker, pieces: SaidPieces) {
    this.#speaker = speaker;
    this.#pieces = pieces;
  }

  begin(piece: Saying): void {
    if (!this.#isDropping) this.#pieces.add(piece);
  }

  frame({ audio, timeMs }: VoiceFrame): void {
    const sampleRate = this.#pieces.at(timeMs)?.sampleRate;
    if (this.#isDropping || sampleRate === undefined) return;
    this.#receivedMs = timeMs + (audio.byteLength / 2 / sampleRate) * 1000;
    this.#speaker.play(audio, sampleRate, timeMs);
  }

  end({ untilMs }: Said): void {
    if (!this.#isDropping) this.#speaker.end(untilMs);
  }

  duck(isDucked: boolean): void {
    if (isDucked) this.#speaker.duck();
    else this.#speaker.unduck();
  }

  async cut(): Promise<number | undefined> {
    const { isSpeaking, heardMs } = this.#speaker;
    if (this.#isDropping || (!isSpeaking && this.#receivedMs <= heardMs)) return undefined;
    this.#isDropping = true;
    return this.#forget();
  }

  hush(): void {
    this.#isDropping = false;
    void this.#forget();
  }

  loud(volume: number): void {
    this.#speaker.volume = volume;
  }

  playThrough(loudspeakerId: string): void {
    void this.#speaker.setSink(loudspeakerId);
  }

  wake(): void {
    this.#speaker.resume();
  }

  stats(): Stats {
    return { type: "stats", ...this.#speaker.stats() };
  }

  close(): void {
    this.#speaker.close();
  }

  #forget(): Promise<number> {
    this.#pieces.forget();
    this.#receivedMs = 0;
    return this.#speaker.flush();
  }
}
