import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { PageElement } from "../foundation/page-element.ts";
import { partWords } from "./part-words.ts";

/** The end of a list that goes on: a `more` event when somebody comes near it, or presses it. */
@customElement("desk-more")
export class DeskMore extends PageElement {
  /** How many are shown by now. */
  @property({ attribute: false }) shown = 0;
  readonly #near = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && this.#more(), { rootMargin: "800px" });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#near.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#near.disconnect();
  }

  override render() {
    return html`<button type="button" @click=${() => this.#more()}>${partWords.showMore}</button>`;
  }

  /** What came may leave it near, which nothing else would tell again. */
  override updated(): void {
    this.#near.unobserve(this);
    this.#near.observe(this);
  }

  #more(): void {
    this.dispatchEvent(new CustomEvent("more"));
  }
}
