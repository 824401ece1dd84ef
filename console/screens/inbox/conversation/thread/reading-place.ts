/** A reader this near to the end reads the newest, and goes on with it. */
const END_PX = 48;

/** Holds what somebody reads where it is, whatever comes above or below; at the end, it follows. */
export class ReadingPlace {
  readonly #moved: (isChanged: boolean) => void;
  #scroller: HTMLElement | undefined;
  #isAtEnd = true;
  /** The first entry in sight, and how far it is from the upper edge. */
  #held: { readonly entry: HTMLElement; readonly top: number } | undefined;
  readonly #grown = new ResizeObserver(() => this.restore());

  /** `moved` is told of each scrolling, once it is known where the reader is: `isChanged`, whether they came to the end or left it. */
  constructor(moved: (isChanged: boolean) => void) {
    this.#moved = moved;
  }

  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  watch(scroller: HTMLElement, content: Element): void {
    if (this.#scroller === scroller) return;
    this.leave();
    this.#scroller = scroller;
    this.#grown.observe(scroller);
    this.#grown.observe(content);
    scroller.addEventListener("scroll", this.#scrolled, { passive: true });
  }

  leave(): void {
    this.#grown.disconnect();
    this.#scroller?.removeEventListener("scroll", this.#scrolled);
    this.#scroller = undefined;
  }

  toEnd(): void {
    this.#isAtEnd = true;
    this.restore();
    this.#moved(true);
  }

  /** Where it was, once what came is drawn. */
  restore(): void {
    const scroller = this.#scroller;
    if (scroller === undefined) return;
    if (this.#isAtEnd) scroller.scrollTop = scroller.scrollHeight;
    else if (this.#held?.entry.isConnected === true) scroller.scrollTop += topIn(scroller, this.#held.entry) - this.#held.top;
  }

  readonly #scrolled = (): void => {
    const scroller = this.#scroller!;
    const wasAtEnd = this.#isAtEnd;
    this.#isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= END_PX;
    const entry = [...scroller.querySelectorAll<HTMLElement>("[data-entry]")].find((one) => topIn(scroller, one) + one.offsetHeight > 0);
    this.#held = entry === undefined ? undefined : { entry, top: topIn(scroller, entry) };
    this.#moved(wasAtEnd !== this.#isAtEnd);
  };
}

function topIn(scroller: HTMLElement, entry: HTMLElement): number {
  return entry.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}
