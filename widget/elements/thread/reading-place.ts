import type { ReactiveController, ReactiveControllerHost } from "lit";

/** How near to the end counts as being there, in CSS pixels: fractions of a pixel remain at some zoom levels. */
const NEAR_PX = 3;
/** So long after a person's last press or turn of a wheel the thread may still move by it. */
const MOVES_ON_MS = 500;
const BY_HAND = ["wheel", "touchmove", "pointerdown", "keydown"];

/**
 * Keeps what a person reads where it is. At the end of the thread it follows what is added; anywhere else nothing
 * moves, not even when older turns are put in above. All of it happens between layout and paint, so no frame shows the
 * jump.
 */
export class ReadingPlace implements ReactiveController {
  /** Whether the reader is at the end. */
  atEnd = true;
  readonly #host: ReactiveControllerHost;
  readonly #settled: () => void;
  #scroller: HTMLElement | undefined;
  #lastTop = 0;
  #lastHeight = 0;
  #byHandUntil = 0;
  #revealed: readonly Element[] = [];
  #anchor: { readonly element: Element; readonly bottom: number } | undefined;
  readonly #observer = new ResizeObserver(() => this.#settle());

  /** Calls `settled` when something was laid out and the reader is where they should be. */
  constructor(host: ReactiveControllerHost, settled: () => void) {
    this.#host = host;
    this.#settled = settled;
    host.addController(this);
  }

  /** Names the scrolling element and what grows in it; once, after the first render. */
  watch(scroller: HTMLElement, content: HTMLElement): void {
    this.#scroller = scroller;
    this.#observer.observe(scroller);
    this.#observer.observe(content);
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    for (const type of BY_HAND) scroller.addEventListener(type, () => this.#byHand(), { passive: true });
  }

  /**
   * Call before something is put in above `element`, or into its beginning: its end stays where it is on the screen.
   */
  hold(element: Element | null): void {
    if (element !== null && !this.atEnd) this.#anchor = { element, bottom: element.getBoundingClientRect().bottom };
  }

  /** Call when the reader opens something: moves no further than it takes to see these, the last one above all. */
  reveal(...elements: readonly Element[]): void {
    this.atEnd = false;
    this.#revealed = elements;
  }

  /** Looks again whether the end is in sight. */
  look(): void {
    const scroller = this.#scroller;
    if (scroller !== undefined && scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop <= NEAR_PX) this.atEnd = true;
  }

  toEnd(): void {
    this.atEnd = true;
    this.#settle();
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }

  hostConnected(): void {
    const content = this.#scroller?.firstElementChild;
    if (this.#scroller !== undefined && content != null) {
      this.#observer.observe(this.#scroller);
      this.#observer.observe(content);
    }
  }

  #settle(): void {
    const scroller = this.#scroller;
    if (scroller === undefined) return;
    if (this.atEnd) scroller.scrollTop = scroller.scrollHeight;
    else if (this.#anchor !== undefined) scroller.scrollTop += this.#anchor.element.getBoundingClientRect().bottom - this.#anchor.bottom;
    for (const element of this.#revealed) element.scrollIntoView({ block: "nearest" });
    this.#revealed = [];
    this.#anchor = undefined;
    this.#lastTop = scroller.scrollTop;
    this.#lastHeight = scroller.scrollHeight;
    this.#settled();
  }

  #byHand(): void {
    this.#byHandUntil = performance.now() + MOVES_ON_MS;
  }

  #scrolled(): void {
    const scroller = this.#scroller;
    if (scroller === undefined || scroller.clientHeight === 0) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const before = this.atEnd;
    if (scrollHeight - clientHeight - scrollTop <= NEAR_PX) this.atEnd = true;
    // Content that grew below has not moved the reader. What moves upward is a person, or what became shorter for a
    // moment, between two frames: then the height is another one by now, and nobody has touched anything.
    else if (scrollTop < this.#lastTop && (scrollHeight === this.#lastHeight || performance.now() < this.#byHandUntil)) {
      this.atEnd = false;
      this.#byHand();
    }
    this.#lastTop = scrollTop;
    if (before !== this.atEnd) this.#host.requestUpdate();
  }
}
