import type { MarkdownSettings } from "./markdown-settings.ts";
import { createMarkdownWriter, type MarkdownWriter } from "./markdown-writer.ts";

/** How much text one frame draws. A backlog, as after a hidden tab, is spread over several. */
const FRAME_CHARACTERS = 16_000;
/** A hidden page has no frames. */
const HIDDEN_FRAME_MS = 250;

/**
 * Draws Markdown that is still being written, once per frame, and only what is new: what is drawn stays as it is, so a
 * selection in it survives.
 */
export class MarkdownView {
  readonly #writer: MarkdownWriter;
  #waiting = "";
  #isScheduled = false;
  #isEnded = false;

  /**
   * @param root an empty element, which gets the class `fd-markdown`. It should have no `dir="auto"`, nor stand in an
   *   element that has: each block gets its own direction, and the browser would look through all of them each time.
   */
  constructor(root: HTMLElement, settings: MarkdownSettings) {
    root.classList.add("fd-markdown");
    this.#writer = createMarkdownWriter(root, settings);
  }

  /** Takes the next piece of the text, cut anywhere. It is seen with the next frame. */
  write(delta: string): void {
    this.#waiting += delta;
    this.#schedule();
  }

  /** Draws what is left, at once. Later calls of `write` do nothing. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#writer.write(this.#waiting);
    this.#writer.end();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isEnded || !this.#waiting) return;
    this.#isScheduled = true;
    if (document.hidden) setTimeout(this.#draw, HIDDEN_FRAME_MS);
    else requestAnimationFrame(this.#draw);
  }

  readonly #draw = (): void => {
    this.#isScheduled = false;
    if (this.#isEnded) return;
    let length = Math.min(this.#waiting.length, FRAME_CHARACTERS);
    // The second half of this character is not here yet, or comes with the next frame.
    if (/[\ud800-\udbff]/.test(this.#waiting.charAt(length - 1))) length -= 1;
    this.#writer.write(this.#waiting.slice(0, length));
    this.#waiting = this.#waiting.slice(length);
    if (this.#waiting.length > 1) this.#schedule();
  };
}
