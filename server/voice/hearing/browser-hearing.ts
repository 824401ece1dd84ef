import type { ParsedVoiceMessage } from "../../../protocol/voice-frames.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { HearingNews, HearingSide, HeardTurn } from "../ports/hearing-side.ts";

/** What a browser's recogniser began and never finished is over after this. */
const STILL_MS = 5_000;
/** A recogniser says what it understood, and not when that began: its first word comes so late at most. */
const LATE_MS = 1_500;
/** As slowly somebody says a character. */
const CHARACTER_MS = 100;

/** Hears by the browser's own recogniser: what it takes for final is a turn. */
export class BrowserHearing implements HearingSide {
  readonly #clock: Clock;
  readonly #news: HearingNews;
  #turn = 0;
  #startedAt: number | undefined;
  #earliestAt = 0;
  /** Since then a recogniser is at a sentence of which it has told no end. */
  #unfinishedAt: number | undefined;
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
      if (message.muted) this.#cut();
      // A recogniser that listens again knows nothing of what it had begun.
      this.#unfinishedAt = undefined;
    } else if (message.type === "transcript" && !this.#isMuted) this.#transcript(message);
  }

  renew(isSaidAgain: boolean): void {
    this.#isMuted = false;
    if (!isSaidAgain) return this.#cut();
    if (this.#over() === undefined) return;
    this.#turn += 1;
    this.#news.dropped();
  }

  async close(): Promise<void> {
    this.#callOff();
  }

  #transcript({ text, final, confidence }: Extract<ParsedVoiceMessage, { type: "transcript" }>): void {
    if (this.#startedAt === undefined) {
      if (text.trim() === "") return;
      const now = this.#clock.now();
      this.#startedAt = now;
      this.#earliestAt = this.#unfinishedAt ?? now - LATE_MS - text.length * CHARACTER_MS;
      this.#news.turnOpen(true);
    }
    this.#callOff();
    if (final) {
      this.#finish(text, confidence === undefined ? {} : { confidence });
      this.#unfinishedAt = undefined;
      return;
    }
    this.#text = text;
    this.#news.partial(this.#turn, text);
    this.#callOff = this.#clock.after(STILL_MS, () => this.#cut());
  }

  #cut(): void {
    this.#finish(this.#text, { isCut: true });
  }

  #finish(text: string, more: Pick<HeardTurn, "confidence" | "isCut">): void {
    const startedAt = this.#over();
    if (startedAt === undefined) return;
    const turn = this.#turn++;
    const times = { startedAt, earliestAt: this.#earliestAt, endedAt: this.#clock.now(), transcriptMs: 0 };
    this.#news.final({ turn, text: text.trim(), ...times, engine: "the browser", ...more });
  }

  /** Returns when the turn that was open had begun; undefined: none was. */
  #over(): number | undefined {
    const startedAt = this.#startedAt;
    this.#callOff();
    this.#startedAt = undefined;
    this.#text = "";
    if (startedAt === undefined) return undefined;
    this.#unfinishedAt = this.#earliestAt;
    this.#news.turnOpen(false);
    return startedAt;
  }
}
