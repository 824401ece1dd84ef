import type { LitElement, ReactiveController } from "lit";
import { PHONE_QUERY } from "./phone-query.ts";

/**
 * Fits a full-screen panel into what a phone's keyboard leaves: iOS moves and shrinks the visual viewport without
 * telling fixed elements.
 */
export class PhonePanel implements ReactiveController {
  readonly #host: LitElement;
  readonly #query = matchMedia(PHONE_QUERY);

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  get isPhone(): boolean {
    return this.#query.matches;
  }

  /** Whether the panel is open, so that its place matters. */
  set isOn(isOn: boolean) {
    visualViewport?.removeEventListener("resize", this.#fit);
    visualViewport?.removeEventListener("scroll", this.#fit);
    if (!isOn || !this.isPhone) return;
    visualViewport?.addEventListener("resize", this.#fit);
    visualViewport?.addEventListener("scroll", this.#fit);
    this.#fit();
  }

  hostConnected(): void {
    this.#query.addEventListener("change", this.#changed);
  }

  hostDisconnected(): void {
    this.#query.removeEventListener("change", this.#changed);
    this.isOn = false;
  }

  readonly #changed = (): void => this.#host.requestUpdate();

  readonly #fit = (): void => {
    const panel = this.#host.renderRoot.querySelector<HTMLElement>(".panel");
    // Pinching in is a wish to see less of it larger, not a keyboard.
    if (panel === null || visualViewport === null || visualViewport.scale > 1.01) return;
    const { currentCSSZoom: zoom = 1 } = panel as { currentCSSZoom?: number };
    panel.style.setProperty("--visible-height", `${visualViewport.height / zoom}px`);
    panel.style.setProperty("--visible-top", `${visualViewport.offsetTop / zoom}px`);
  };
}
