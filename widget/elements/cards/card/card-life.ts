import type { LitElement, ReactiveController } from "lit";
import type { Card } from "../../../thread/state.ts";
import type { ThreadContext } from "../../foundation/thread-context.ts";

/** What draws a card. */
type CardElement = LitElement & { readonly card: Card; readonly context: ThreadContext };

/** What all cards have in common: time runs out while they wait, and whoever answered keeps the focus on what is left. */
export class CardLife implements ReactiveController {
  readonly #host: CardElement;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hadFocus = false;

  constructor(host: CardElement) {
    this.#host = host;
    host.addController(this);
  }

  /** Milliseconds to decide in; 0 when there are none. */
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
    // Whoever decided had the focus on a button that is gone.
    if (this.#hadFocus && this.#host.querySelector(":focus") === null)
      this.#host.querySelector<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
  }
}
