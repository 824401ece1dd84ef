import type { VoiceEnd } from "../../protocol/voice-events.ts";
import { type Caller, type CallerClaims, newestClaims } from "./caller.ts";
import type { Clock } from "../foundation/clock.ts";

/** In milliseconds. Absent: 30 and 3 minutes. */
export interface CallLifeSettings {
  readonly longestMs?: number;
  readonly idleMs?: number;
}

const LONGEST_MS = 30 * 60_000;
const IDLE_MS = 3 * 60_000;

/** The site's clock and ours may be apart by so much. */
const SKEW_MS = 60_000;

/** A page that is loaded anew has this long to come back. */
export const GONE_MS = 10_000;

/** When a call ends by itself: it is long, nobody speaks, or its page does not come back. */
export class CallLife {
  readonly #clock: Pick<Clock, "now" | "after">;
  readonly #idleMs: number;
  readonly #isBusy: () => boolean;
  readonly #end: (reason: VoiceEnd, cause?: string) => void;
  readonly #callOffs = new Set<() => void>();
  #spokenAt: number;
  #callOffGone = (): void => undefined;
  #callOffKnown = (): void => undefined;
  #claims: CallerClaims | undefined;

  /** `isBusy`: the assistant speaks or works, so that nobody is idle. */
  constructor(
    clock: Pick<Clock, "now" | "after">,
    { longestMs = LONGEST_MS, idleMs = IDLE_MS }: CallLifeSettings,
    { isBusy, end }: { readonly isBusy: () => boolean; readonly end: (reason: VoiceEnd, cause?: string) => void },
  ) {
    this.#clock = clock;
    this.#idleMs = idleMs;
    this.#isBusy = isBusy;
    this.#end = end;
    this.#spokenAt = clock.now();
    this.#callOffs.add(clock.after(longestMs, () => end("limit")));
    this.#watchIdle(idleMs);
  }

  /** Somebody speaks. */
  spoken(): void {
    this.#spokenAt = this.#clock.now();
  }

  /** Who the site says the customer is, now or anew: nobody talks on as somebody who was signed out. */
  known({ claims: now }: Pick<Caller, "claims">): void {
    const claims = newestClaims(this.#claims, now);
    this.#claims = claims;
    this.#callOffKnown();
    if (claims?.kind !== "identified") return;
    const leftMs = claims.expiresAt + SKEW_MS - this.#clock.now();
    this.#callOffKnown = this.#clock.after(Math.max(0, leftMs), () => this.#end("left", "The site says no longer who the customer is."));
  }

  gone(): void {
    this.#callOffGone();
    this.#callOffGone = this.#clock.after(GONE_MS, () => this.#end("left"));
  }

  back(): void {
    this.#callOffGone();
    this.spoken();
  }

  over(): void {
    this.#callOffGone();
    this.#callOffKnown();
    for (const callOff of this.#callOffs) callOff();
  }

  #watchIdle(ms: number): void {
    const callOff = this.#clock.after(ms, () => {
      this.#callOffs.delete(callOff);
      if (this.#isBusy()) this.spoken();
      const leftMs = this.#spokenAt + this.#idleMs - this.#clock.now();
      if (leftMs <= 0) this.#end("idle");
      else this.#watchIdle(leftMs);
    });
    this.#callOffs.add(callOff);
  }
}
