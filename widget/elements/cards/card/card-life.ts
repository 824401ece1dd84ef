import type { LitElement, ReactiveController } from "lit";
import type { Card } from "../../../thread/state.ts";
import type { ThreadContext } from "../../foundation/thread-context.ts";

/** What draws a card. */
type CardElement = LitElement & { readonly card: Card; readonly context: ThreadContext };

/**
 * What all cards have in common: time runs out while they wait, and the focus stays on what is left after a decision.
 */
export class CardLife implements ReactiveController {
  readonly #host: CardElement;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hadFocus = false;

  constructor(host: CardElement) {
    this.#host = host;
    host.addController(this);
  }

  /** Milliseconds left to decide; 0 if there are none. */
  get leftMs(): number {
    const { card, context } = this.#host;
    return card.status === "waiting" ? Math.max(0, card.expiresAt - context.now()) : 0;
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }

  hostUpdate(): void {
    this.#hadFocus = this.#host.querySelector(":focus") !== null;
  }

  hostUpdated(): void {
    clearTimeout(this.#timer);
    const left = this.leftMs;
    // Wakes when the words for the remaining time change: each minute, each second at the end.
    if (left > 0)
      this.#timer = setTimeout(
        () => this.#host.requestUpdate(),
        Math.min(left, left > 60_000 ? left % 60_000 || 60_000 : left % 1000 || 1000) + 20,
      );
    // The focus was on a button that is gone.
    if (this.#hadFocus && this.#host.querySelector(":focus") === null)
      this.#host.querySelector<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
  }
}
