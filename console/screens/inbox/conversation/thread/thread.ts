import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { RunningText } from "../../../../../protocol/frames.ts";
import { formatWholeDay } from "../../../../foundation/format.ts";
import { PageElement } from "../../../../foundation/page-element.ts";
import { icon } from "../../../../parts/icon.ts";
import type { Step } from "../trace/step.ts";
import { entry, entryKey, threadOf } from "./entry.ts";
import { ReadingPlace } from "./reading-place.ts";
import { threadWords } from "./thread-words.ts";

/** Drawn at once; as many more when somebody comes near the first. */
const AT_ONCE = 60;
const NEAR_TOP_PX = 400;

/** The conversation as staff read it: what was said, and in one line each what was done. Says `older`. */
@customElement("desk-thread")
export class DeskThread extends PageElement {
  @property({ attribute: false }) steps: readonly Step[] = [];
  @property({ attribute: false }) hasOlder = false;
  @property({ attribute: false }) isLoading = false;
  /** What is being said now. */
  @property({ attribute: false }) running: RunningText | undefined;
  @state() private drawn = AT_ONCE;
  @state() private hasNews = false;
  #entries: readonly Step[] = [];
  readonly #place = new ReadingPlace((isChanged) => {
    if (this.#place.isAtEnd) this.hasNews = false;
    if (isChanged) this.requestUpdate();
    this.#fill();
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#place.leave();
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("steps")) return;
    const before = this.#entries.at(-1)?.id;
    const count = this.#entries.length;
    this.#entries = threadOf(this.steps);
    const isGrown = before !== undefined && this.#entries.at(-1)?.id !== before;
    if (isGrown && !this.#place.isAtEnd) this.hasNews = true;
    // What comes at the end takes no entry away at the beginning.
    if (isGrown && count > 0) this.drawn += this.#entries.length - 1 - this.#entries.findIndex(({ id }) => id === before);
  }

  override updated(): void {
    const scroller = this.querySelector<HTMLElement>(".thread-scroll");
    const list = this.querySelector(".thread-list");
    if (scroller !== null && list !== null) this.#place.watch(scroller, list);
    this.#place.restore();
    this.#fill();
  }

  override render() {
    const shown = this.#entries.slice(-this.drawn);
    const isWhole = shown.length === this.#entries.length && !this.hasOlder;
    return html`<div class="thread-scroll" role="log" aria-live="off" aria-label=${threadWords.conversation} tabindex="0">
        <div class="thread-list">
          <p class="thread-begin muted">
            ${isWhole ? (shown.length === 0 ? threadWords.empty : threadWords.beginning) : this.isLoading ? threadWords.olderLoading : nothing}
          </p>
          ${repeat(
            shown,
            (step) => entryKey(step, this.running),
            // The day is no part of the entry: it goes when older ones of the same day come, and no word that is read moves.
            (step, index) =>
              html`${this.#day(step, shown[index - 1])}
                <div data-entry=${step.id}>${entry(step, this.running)}</div>`,
          )}
        </div>
      </div>
      ${this.#place.isAtEnd ? nothing : this.#toNewest()}`;
  }

  #day({ from }: Step, before: Step | undefined): TemplateResult | typeof nothing {
    const day = formatWholeDay(from);
    return before !== undefined && formatWholeDay(before.from) === day ? nothing : html`<p class="thread-day">${day}</p>`;
  }

  #toNewest(): TemplateResult {
    return html`<button type="button" class="thread-newest" data-news=${this.hasNews ? "" : nothing} @click=${() => this.#place.toEnd()}>
      ${icon("down")}${threadWords.newest}
    </button>`;
  }

  /** Whoever comes near the first entry gets those before it. */
  #fill(): void {
    const scroller = this.querySelector<HTMLElement>(".thread-scroll");
    if (scroller === null || scroller.clientHeight === 0 || scroller.scrollTop > NEAR_TOP_PX) return;
    if (this.#entries.length > this.drawn) this.drawn += AT_ONCE;
    else if (this.hasOlder && !this.isLoading) this.dispatchEvent(new CustomEvent("older", { bubbles: true }));
  }
}
