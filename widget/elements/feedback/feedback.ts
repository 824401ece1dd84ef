import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Turn } from "../../thread/state.ts";
import { feedbackWords } from "../../words/feedback-words.ts";
import { define } from "../foundation/define.ts";
import { icon } from "../foundation/icons.ts";
import { LightElement } from "../foundation/light-element.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

type Thumb = "up" | "down";

const THUMBS = {
  up: icon("M7 11v9H4v-9zM7 11l4-7.5c1.6 0 2.5 1.2 2.2 2.7L12.6 9H18a2 2 0 0 1 2 2.4l-1.3 7A2 2 0 0 1 16.7 20H7"),
  down: icon("M7 13V4H4v9zM7 13l4 7.5c1.6 0 2.5-1.2 2.2-2.7L12.6 15H18a2 2 0 0 0 2-2.4l-1.3-7A2 2 0 0 0 16.7 4H7"),
};
const COMMENT_CHARACTERS = 2000;

/**
 * What the customer thinks of an answer: a thumb at a press, taken back by the next, and a comment if they like. The
 * journal's newest rating is what is shown, in every tab.
 */
export class FrontDeskFeedback extends LightElement {
  static override properties = {
    turn: { attribute: false },
    context: { attribute: false },
    sent: { state: true },
    asks: { state: true },
    said: { state: true },
  };
  declare turn: Turn;
  declare context: ThreadContext;
  /** What was pressed here, until the journal has it. */
  declare private sent: Thumb | "none" | undefined;
  /** Whether the field for a comment is open. */
  declare private asks: boolean;
  declare private said: string;

  constructor() {
    super();
    this.asks = false;
    this.said = "";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { words } = this.context;
    if (changed.has("context")) void feedbackWords.load(words).then(() => this.requestUpdate());
    if (changed.has("turn")) this.sent = undefined;
  }

  protected override render(): TemplateResult {
    const words = feedbackWords.in(this.context.words);
    const rating = this.#rating;
    return html`<div class="thumbs" role="group" aria-label=${words.rate}>${this.#thumb("up", rating)} ${this.#thumb("down", rating)}</div>
      ${this.asks && (rating === "up" || rating === "down") ? this.#form(words.why[rating]) : nothing}
      <p class="quiet" role="status">${this.said}</p>`;
  }

  get #rating(): Thumb | "none" {
    return this.sent ?? this.turn.rating ?? "none";
  }

  #thumb(thumb: Thumb, rating: Thumb | "none"): TemplateResult {
    const label = feedbackWords.in(this.context.words)[thumb];
    return html`<button
      class="thumb"
      part="thumb"
      aria-label=${label}
      title=${label}
      aria-pressed=${String(rating === thumb)}
      @click=${() => this.#press(rating === thumb ? "none" : thumb)}
    >
      ${THUMBS[thumb]}
    </button>`;
  }

  #form(why: string): TemplateResult {
    const words = feedbackWords.in(this.context.words);
    return html`<form class="comment" @submit=${this.#submit} @keydown=${this.#keydown}>
      <label>${why}<textarea name="comment" dir="auto" maxlength=${COMMENT_CHARACTERS}></textarea></label>
      <div>
        <button class="button">${words.sendComment}</button>
        <button class="button" type="button" @click=${() => this.#close()}>${words.noComment}</button>
      </div>
    </form>`;
  }

  #press(rating: Thumb | "none"): void {
    this.asks = rating !== "none";
    void this.#give(rating);
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const comment = new FormData(event.target as HTMLFormElement).get("comment");
    const text = typeof comment === "string" ? comment.trim() : "";
    if (text === "") this.#close();
    else void this.#comment(text);
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    // The panel would close.
    event.stopPropagation();
    this.#close();
  };

  async #comment(text: string): Promise<void> {
    if (!(await this.#give(this.#rating, text))) return;
    this.#close();
    this.said = feedbackWords.in(this.context.words).thanks;
  }

  /** The focus goes back to where the form came from. */
  #close(): void {
    this.asks = false;
    this.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
  }

  async #give(rating: Thumb | "none", comment?: string): Promise<boolean> {
    this.sent = rating;
    this.said = "";
    try {
      await this.context.request("feedback-give", { turnId: this.turn.turnId, rating, ...(comment === undefined ? {} : { comment }) });
      return true;
    } catch {
      this.sent = undefined;
      this.said = feedbackWords.in(this.context.words).notKept;
      return false;
    }
  }
}

define("front-desk-feedback", FrontDeskFeedback);
