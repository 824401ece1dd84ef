import type { Clock } from "../../foundation/clock.ts";

/** How long it is known when our voice was out. */
const KEPT_MS = 120_000;

/** When our own voice was out: what is heard meanwhile may be its echo. */
export class VoiceOut {
  readonly #clock: Pick<Clock, "now">;
  #spans: { readonly from: number; until: number | undefined }[] = [];

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  set(isOut: boolean): void {
    const now = this.#clock.now();
    const last = this.#spans.at(-1);
    const wasOut = last !== undefined && last.until === undefined;
    if (isOut === wasOut) return;
    this.#spans = this.#spans.filter(({ until }) => until === undefined || until > now - KEPT_MS);
    if (isOut) this.#spans.push({ from: now, until: undefined });
    else if (last !== undefined) last.until = now;
  }

  during(from: number, until: number): boolean {
    return this.#spans.some((span) => span.from < until && (span.until ?? Infinity) > from);
  }
}
