import { html, nothing, type LitElement, type TemplateResult } from "lit";
import type { ViewWords } from "../../words/types/view-words.ts";

/**
 * Shows what an element has in `.view` in the whole window, and back: in the browser's top layer, so that no node moves
 * and the frame in it does not load anew. It is a dialog then: the Tab key stays in it, Escape leaves it.
 */
export class FullScreen {
  static readonly isPossible = "showPopover" in HTMLElement.prototype;
  readonly #host: LitElement;
  readonly #changed: () => void;
  #isOn = false;

  constructor(host: LitElement, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  readonly enter = (): void => {
    const view = this.#host.querySelector<HTMLElement>(".view");
    if (this.#isOn || view === null) return;
    this.#isOn = true;
    // Its place in the thread stays.
    this.#host.style.blockSize = `${this.#host.offsetHeight}px`;
    view.popover = "manual";
    view.showPopover();
    this.#settle();
  };

  readonly leave = (): void => {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#host.style.blockSize = "";
    this.#host.querySelector(".view")?.removeAttribute("popover");
    this.#settle();
  };

  /** `.view`, with `inside`. */
  draw(kinds: string, label: string, inside: TemplateResult): TemplateResult {
    const edge = (to: string): TemplateResult | typeof nothing =>
      this.#isOn ? html`<span tabindex="0" @focus=${() => this.#focus(to)}></span>` : nothing;
    return html`<div
      class=${kinds}
      part="view"
      role=${this.#isOn ? "dialog" : "group"}
      aria-modal=${this.#isOn ? "true" : nothing}
      aria-label=${label}
      @keydown=${this.#keydown}
    >
      ${edge("iframe")} ${inside} ${edge(".bar .link")}
    </div>`;
  }

  button(words: ViewWords): TemplateResult {
    return html`<button class="link" @click=${this.#isOn ? this.leave : this.enter}>
      ${this.#isOn ? words.leaveFullScreen : words.fullScreen}
    </button>`;
  }

  #settle(): void {
    this.#host.requestUpdate();
    this.#changed();
    const root = this.#host.getRootNode() as Document | ShadowRoot;
    // Whoever is in the frame stays there.
    if (root.activeElement?.localName !== "iframe") void this.#host.updateComplete.then(() => this.#focus(".bar .link"));
  }

  #focus(selector: string): void {
    this.#host.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.#isOn) return;
    // The panel would close.
    event.preventDefault();
    event.stopPropagation();
    this.leave();
  };
}
