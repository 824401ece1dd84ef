import type { ParsedVoiceMessage } from "../../../protocol/voice-frames.ts";
import { TurnEnd, type TurnEvent } from "../../../voice/activity/turn-end.ts";
import type { TurnSettings } from "../../../voice/activity/turn-settings.ts";
import type { VoiceEvent } from "../../../voice/activity/voice-activity.ts";
import type { Clock } from "../../foundation/clock.ts";
import { CaptureClock } from "./capture-clock.ts";

/** A turn of the customer: where their speech began and ended, by the server's time. */
export interface TakenTurn {
  readonly startedAt: number;
  readonly endedAt: number;
  /** It did not end by itself, or goes on with one that did not. */
  readonly isCut: boolean;
}

export interface TurnNews {
  opened(): void;
  likely(text: string): void;
  resumed(): void;
  ended(turn: TakenTurn): void;
}

/** A turn in which nothing more comes, no audio and no word of its page, is over after this. */
const STILL_MS = 3_000;
/** A turn ends after this, whatever is still heard: a television never pauses. */
const LONGEST_TURN_MS = 60_000;

type Speech = Extract<ParsedVoiceMessage, { type: "speech" }>;

/** When the customer's turn begins and ends: by what their page hears, by what is understood, or by a key they hold. */
export class TurnTaking {
  readonly #clock: Pick<Clock, "now" | "after">;
  readonly #settings: () => Partial<TurnSettings>;
  readonly #news: TurnNews;
  #capture: CaptureClock;
  #end: TurnEnd;
  /** `startMs` by the page's clock, the others by the server's. */
  #open: { readonly startMs: number; readonly openedAt: number; readonly isCut: boolean; lastAt: number; isPaused: boolean } | undefined;
  #isHeld = false;
  /** The last turn was cut while somebody spoke: what comes next may be its end. */
  #goesOn = false;
  #callOff = (): void => undefined;

  constructor(clock: Pick<Clock, "now" | "after">, news: TurnNews, settings: () => Partial<TurnSettings>) {
    this.#clock = clock;
    this.#settings = settings;
    this.#news = news;
    this.#capture = new CaptureClock(clock);
    this.#end = new TurnEnd();
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Somebody speaks at this moment, or holds the key. */
  get isSpeaking(): boolean {
    return this.#open !== undefined && (this.#isHeld || !this.#open.isPaused);
  }

  speech({ event, atMs, sinceMs = atMs }: Speech): void {
    this.#capture.saw(atMs);
    if (this.#isHeld) return;
    // A turn may be over before the speech is: what is said then begins the next one.
    if (event === "started" || (event === "resumed" && !this.isOpen)) this.#begin(atMs);
    else if (event === "resumed") this.#accept({ type: "speech-resumed", atMs });
    else this.#accept({ type: event === "paused" ? "speech-paused" : "speech-ended", atMs, sinceMs });
  }

  /** Push-to-talk: a turn is as long as it is held. */
  talk(isHeld: boolean, atMs: number): void {
    this.#capture.saw(atMs);
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    if (isHeld) this.#opened(atMs);
    else this.#over(this.#capture.serverTime(atMs));
  }

  /** Audio came. */
  frame(timeMs: number): void {
    this.#capture.saw(timeMs);
    this.#touch();
  }

  /** All that was understood of the open turn so far. */
  understood(text: string): void {
    if (this.#open === undefined || this.#isHeld) return;
    this.#touch();
    this.#take(this.#end.understood(text, this.#capture.now()));
    this.#wait();
  }

  /** What is open is over now, and was perhaps not all. */
  finish(): void {
    this.#isHeld = false;
    if (this.#open !== undefined) this.#over(this.#clock.now(), true);
  }

  /** Another page, whose clock is another one. */
  renew(): void {
    this.finish();
    this.#goesOn = false;
    this.#capture = new CaptureClock(this.#clock);
  }

  /** What is open was no turn. */
  drop(): void {
    this.#callOff();
    this.#open = undefined;
  }

  #begin(atMs: number): void {
    this.#opened(atMs);
    this.#accept({ type: "speech-started", atMs, voiceMs: atMs, fromMs: atMs });
  }

  #opened(atMs: number): void {
    if (this.#open !== undefined) return;
    const now = this.#clock.now();
    this.#end = new TurnEnd(this.#settings());
    this.#open = { startMs: atMs, openedAt: now, isCut: this.#goesOn, lastAt: now, isPaused: false };
    this.#goesOn = false;
    this.#news.opened();
    this.#wait();
  }

  #accept(event: VoiceEvent): void {
    if (this.#open === undefined) return;
    this.#open.isPaused = event.type === "speech-paused" || event.type === "speech-ended";
    this.#touch();
    this.#take(this.#end.accept(event));
    this.#wait();
  }

  #take(events: readonly TurnEvent[]): void {
    for (const event of events) {
      if (event.type === "turn-likely") this.#news.likely(event.text);
      else if (event.type === "turn-resumed") this.#news.resumed();
      else this.#over(this.#capture.serverTime(event.sinceMs));
    }
  }

  #over(endedAt: number, isCut = false): void {
    const open = this.#open;
    this.#open = undefined;
    this.#callOff();
    if (open === undefined) return;
    const startedAt = this.#capture.serverTime(open.startMs);
    this.#news.ended({ startedAt, endedAt: Math.max(startedAt, endedAt), isCut: isCut || open.isCut });
  }

  #touch(): void {
    if (this.#open !== undefined) this.#open.lastAt = this.#clock.now();
  }

  /** Looks again when something is due. */
  #wait(): void {
    this.#callOff();
    const open = this.#open;
    if (open === undefined) return;
    const now = this.#clock.now();
    const dueMs = this.#isHeld ? undefined : this.#end.nextMs;
    const due = [open.openedAt + LONGEST_TURN_MS - now];
    if (dueMs !== undefined) due.push(dueMs - this.#capture.now());
    else if (!open.isPaused && !this.#isHeld) due.push(open.lastAt + STILL_MS - now);
    this.#callOff = this.#clock.after(Math.max(1, Math.ceil(Math.min(...due))), () => this.#look());
  }

  #look(): void {
    const open = this.#open;
    if (open === undefined) return;
    const now = this.#clock.now();
    const isStill = !this.#isHeld && !open.isPaused && now - open.lastAt >= STILL_MS;
    if (now - open.openedAt >= LONGEST_TURN_MS) return this.#cutLong(open.isPaused);
    if (isStill) return this.#cut(open.lastAt);
    if (!this.#isHeld) this.#take(this.#end.passTo(this.#capture.now()));
    this.#wait();
  }

  #cut(endedAt: number): void {
    this.#goesOn = this.isSpeaking;
    this.#over(endedAt, true);
  }

  #cutLong(isPaused: boolean): void {
    const isHeld = this.#isHeld;
    this.#cut(this.#clock.now());
    if (isHeld) this.#opened(this.#capture.now());
    else if (!isPaused) this.#begin(this.#capture.now());
  }
}
