import type { ReactiveControllerHost } from "lit";
import { VirtualizerController } from "@tanstack/lit-virtual";

/** So many rows beyond those in view, so that a quick scroll shows no holes. */
const OVERSCAN = 15;
/** Fewer are all drawn. */
const DRAWN_WHOLE = 200;

interface Options {
  readonly height: number;
  /** The height of what stays in sight above them. */
  readonly head: number;
  readonly scroller: () => Element | null;
}

/** Rows of one height in a place that scrolls: which of them to draw. */
export class FixedRows {
  readonly #options: Options;
  readonly #virtual: VirtualizerController<Element, Element>;
  #count = 0;

  constructor(host: ReactiveControllerHost, options: Options) {
    this.#options = options;
    const { height, head, scroller } = options;
    this.#virtual = new VirtualizerController<Element, Element>(host, {
      count: 0,
      getScrollElement: scroller,
      estimateSize: () => height,
      overscan: OVERSCAN,
      scrollMargin: head,
      scrollPaddingStart: head,
    });
  }

  /** How many there are; the one at `pinned` stays drawn, so that its focus is not lost when it is scrolled out of view. */
  show(count: number, pinned: number): void {
    this.#count = count;
    const virtualizer = this.#virtual.getVirtualizer();
    virtualizer.setOptions({
      ...virtualizer.options,
      count,
      rangeExtractor: ({ startIndex, endIndex, overscan }) => {
        const from = Math.max(0, startIndex - overscan);
        const to = Math.min(count - 1, endIndex + overscan);
        const seen = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
        return seen.includes(pinned) || pinned >= count ? seen : pinned < from ? [pinned, ...seen] : [...seen, pinned];
      },
    });
  }

  get drawn(): readonly number[] {
    if (this.#count <= DRAWN_WHOLE) return Array.from({ length: this.#count }, (_, index) => index);
    return this.#virtual
      .getVirtualizer()
      .getVirtualItems()
      .map(({ index }) => index);
  }

  /** How many fit into the place. */
  get inView(): number {
    return Math.floor((this.#options.scroller()?.clientHeight ?? 0) / this.#options.height);
  }

  /** Scrolls no further than it has to. */
  reveal(index: number): void {
    if (index >= 0) this.#virtual.getVirtualizer().scrollToIndex(index, { align: "auto" });
  }
}
