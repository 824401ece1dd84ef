import { html } from "lit";
import { define } from "../foundation/define.ts";
import { LightElement } from "../foundation/light-element.ts";

const BARS = [0.25, 0.4, 0.55, 0.7, 0.85];

/**
 * How loud the customer is, in five steps. Nothing of it moves: a bar is lit, or it is not. What it says is for the eyes
 * alone; that a microphone is silent is said in words.
 */
export class FrontDeskLevel extends LightElement {
  static override properties = { read: { attribute: false } };
  /** The level at this moment, from 0 to 1. */
  declare read: () => number;
  #frame = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    const next = (): void => {
      this.#frame = requestAnimationFrame(next);
      this.#light();
    };
    next();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
  }

  protected override render(): unknown {
    return html`<svg class="level" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 10v4" />
      <path d="M8 8v8" />
      <path d="M12 5v14" />
      <path d="M16 8v8" />
      <path d="M20 10v4" />
    </svg>`;
  }

  #light(): void {
    const level = this.read?.() ?? 0;
    // From the middle outwards.
    const lit = BARS.filter((from) => level >= from).length;
    const order = [2, 1, 3, 0, 4];
    this.querySelectorAll("path").forEach((bar, index) => bar.classList.toggle("lit", order.indexOf(index) < lit));
  }
}

define("front-desk-level", FrontDeskLevel);
