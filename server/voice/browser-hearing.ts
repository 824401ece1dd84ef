import type { ParsedVoiceMessage } from "../../protocol/voice-frames.ts";
import type { Clock } from "../foundation/clock.ts";
import type { HearingNews, HearingSide } from "./ports.ts";

/** What a browser's recogniser began and never finished is over after this. */
const STILL_MS = 5_000;

/** Hears by the browser's own recogniser: what it takes for final is a turn. */
export class BrowserHearing implements HearingSide {
  readonly #clock: Clock;
  readonly #news: HearingNews;
  #turn = 0;
  #startedAt: number | undefined;
  #text = "";
  #isMuted = false;
  #callOff = (): void => undefined;

  constructor(clock: Clock, news: HearingNews) {
    this.#clock = clock;
    this.#news = news;
  }

  readonly isPending = false;

  get isOpen(): boolean {
    return this.#startedAt !== undefined;
  }

  frame(): void {
    // Its audio never comes here.
  }

  take(message: Extract<ParsedVoiceMessage, { type: "speech" | "talk" | "mute" | "transcript" }>): void {
    if (message.type === "mute") {
      this.#isMuted = message.muted;
      if (message.muted) this.#finish(this.#text);
    } else if (message.type === "transcript" && !this.#isMuted) this.#transcript(message);
  }

  renew(): void {
    this.#finish(this.#text);
  }

  async close(): Promise<void> {
    this.#callOff();
  }

  #transcript({ text, final, confidence }: Extract<ParsedVoiceMessage, { type: "transcript" }>): void {
    if (this.#startedAt === undefined) {
      if (text.trim() === "") return;
      this.#startedAt = this.#clock.now();
      this.#news.turnOpen(true);
    }
    this.#callOff();
    if (final) return this.#finish(text, confidence);
    this.#text = text;
    this.#news.partial(this.#turn, text);
    this.#callOff = this.#clock.after(STILL_MS, () => this.#finish(this.#text));
  }

  #finish(text: string, confidence?: number): void {
    const startedAt = this.#startedAt;
    this.#callOff();
    this.#startedAt = undefined;
    this.#text = "";
    if (startedAt === undefined) return;
    this.#news.turnOpen(false);
    const turn = this.#turn++;
    const sure = confidence === undefined ? {} : { confidence };
    this.#news.final({ turn, text: text.trim(), startedAt, endedAt: this.#clock.now(), engine: "the browser", transcriptMs: 0, ...sure });
  }
}
