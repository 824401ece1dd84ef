import { MEASURED_TURN, type TurnSettings } from "./turn-settings.ts";
import type { VoiceEvent } from "./voice-activity.ts";

/**
 * How a turn goes to its end. `turn-likely`: the model may begin on `text`. `turn-resumed`: what it began is void, there
 * is more to come. `turn-ended`: nothing comes after; `sinceMs` is where the last speech ended.
 */
export type TurnEvent =
  | { readonly type: "turn-likely"; readonly atMs: number; readonly text: string }
  | { readonly type: "turn-resumed"; readonly atMs: number }
  | { readonly type: "turn-ended"; readonly atMs: number; readonly sinceMs: number; readonly text: string };

/**
 * Waits for the end of a customer's turn: fed with what voice activity heard, what was understood so far, and the time.
 * It has no clock: {@link nextMs} says when to call {@link passTo} next.
 */
export class TurnEnd {
  readonly #settings: TurnSettings;
  #isOpen = false;
  #text = "";
  /** Where speech ended; undefined while somebody speaks. */
  #quietMs: number | undefined;
  /** What the model began on. */
  #likely: string | undefined;

  constructor(settings: Partial<TurnSettings> = {}) {
    this.#settings = { ...MEASURED_TURN, ...settings };
  }

  /** When something happens if nothing else does; undefined: never. */
  get nextMs(): number | undefined {
    if (!this.#isOpen || this.#quietMs === undefined) return undefined;
    const neededMs = quietNeeded(this.#text, this.#settings);
    return this.#quietMs + (this.#likely === undefined ? Math.min(this.#settings.earlyMs, neededMs) : neededMs);
  }

  accept(event: VoiceEvent): readonly TurnEvent[] {
    // What became due before the event came, happened before it.
    const events = [...this.passTo(event.atMs)];
    if (event.type === "speech-started") this.#isOpen = true;
    if (event.type === "speech-started" || event.type === "speech-resumed") {
      this.#quietMs = undefined;
      this.#resume(event.atMs, events);
    }
    if (event.type === "speech-paused" || event.type === "speech-ended") {
      this.#quietMs = event.sinceMs;
      events.push(...this.passTo(event.atMs));
    }
    return events;
  }

  /**
   * @param text all that was understood of this turn so far
   * @param atMs when it became known, by the clock of the capture
   */
  understood(text: string, atMs: number): readonly TurnEvent[] {
    const events = [...this.passTo(atMs)];
    // A recogniser may be behind: what it says after the end belongs to what ended.
    if (!this.#isOpen) return events;
    const isOther = this.#likely !== undefined && spoken(text).join(" ") !== spoken(this.#likely).join(" ");
    this.#text = text;
    if (isOther) this.#resume(atMs, events);
    events.push(...this.passTo(atMs));
    return events;
  }

  /** Lets the time pass, by the clock of the capture. */
  passTo(atMs: number): readonly TurnEvent[] {
    if (!this.#isOpen || this.#quietMs === undefined) return [];
    const quietMs = atMs - this.#quietMs;
    if (quietMs >= quietNeeded(this.#text, this.#settings)) {
      const ended = { type: "turn-ended", atMs, sinceMs: this.#quietMs, text: this.#text } as const;
      this.#isOpen = false;
      this.#text = "";
      this.#quietMs = undefined;
      this.#likely = undefined;
      return [ended];
    }
    if (quietMs < this.#settings.earlyMs || this.#likely !== undefined) return [];
    this.#likely = this.#text;
    return [{ type: "turn-likely", atMs, text: this.#text }];
  }

  #resume(atMs: number, events: TurnEvent[]): void {
    if (this.#likely === undefined) return;
    this.#likely = undefined;
    events.push({ type: "turn-resumed", atMs });
  }
}

/** How long it has to be quiet after these words. */
export function quietNeeded(text: string, settings: TurnSettings = MEASURED_TURN): number {
  const said = spoken(text);
  const last = said.at(-1);
  if (last === undefined) return settings.endMs;
  // A recogniser that writes punctuation ends everything with a full stop, digits as well.
  if (/[,;:–—-]\s*$/.test(text) || /\d$/.test(last) || settings.holdingWords.includes(last)) return settings.holdingMs;
  return said.every((word) => settings.confirmingWords.includes(word)) ? settings.confirmedMs : settings.endMs;
}

/** The words of a text, in lower case and without punctuation. */
function spoken(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)*/gu) ?? [];
}
