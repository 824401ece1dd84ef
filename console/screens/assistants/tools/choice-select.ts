import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { PageElement } from "../../../foundation/page-element.ts";
import { type Choice, CHOICES } from "./permissions.ts";

/** Whoever types a word has the next letter by then; browsers change the choice with each. */
const TYPED_MS = 600;

/**
 * A permission that holds as soon as it is chosen. While somebody types a word to choose by, nothing is saved and the
 * select is left alone, or the browser would take the second letter for the first of another word.
 */
@customElement("desk-choice-select")
export class DeskChoiceSelect extends PageElement {
  @property() label = "";
  @property() chosen: Choice = "customer";
  @property({ type: Boolean }) disabled = false;
  /** Saves it; whatever comes of that, `chosen` says what holds then. */
  @property({ attribute: false }) choose!: (choice: Choice) => unknown;
  @state() private picked: Choice | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The options are made with it once, and never touched again. */
  #first: Choice | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    void this.#save();
  }

  override render() {
    this.#first ??= this.chosen;
    return html`<select
      aria-label=${this.label || nothing}
      ?disabled=${this.disabled}
      .value=${live(this.picked ?? this.chosen)}
      @change=${(event: Event) => this.#pick((event.currentTarget as HTMLSelectElement).value as Choice)}
      @blur=${() => void this.#save()}
    >
      ${CHOICES.map(([value, name]) => html`<option value=${value} ?selected=${value === this.#first}>${name}</option>`)}
    </select>`;
  }

  #pick(choice: Choice): void {
    this.picked = choice;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), TYPED_MS);
  }

  async #save(): Promise<void> {
    clearTimeout(this.#timer);
    const { picked } = this;
    this.#timer = undefined;
    if (picked === undefined || picked === this.chosen) return void (this.picked = undefined);
    await this.choose(picked);
    // Somebody may have gone on meanwhile.
    if (this.picked === picked) this.picked = undefined;
  }
}
