import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { PageElement } from "../foundation/page-element.ts";
import { icon } from "./icon.ts";
import { partWords } from "./part-words.ts";
import { toastFault } from "./toasts.ts";

export interface Found {
  readonly kind: "person" | "group";
  readonly id: string;
  readonly name: string;
  /** What tells two of the same name apart. */
  readonly detail?: string | undefined;
}

const PAUSE_MS = 200;

/** Adds people or groups, found by the server however many there are. Each one added is an `add` event. */
@customElement("desk-finder")
export class DeskFinder extends PageElement {
  @property() label = "";
  /** Those that are in already are not offered. */
  @property({ attribute: false }) has: ReadonlySet<string> = new Set();
  @property({ attribute: false }) find: (words: string) => Promise<readonly Found[]> = async () => [];
  @state() private found: readonly Found[] | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = "";

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render() {
    const found = this.found?.filter(({ id }) => !this.has.has(id));
    return html`<div class="field" @keydown=${(event: KeyboardEvent) => this.#pressed(event)}>
        <label class="label" for="finder">${this.label}</label>
        <input
          id="finder"
          type="search"
          autocomplete="off"
          aria-describedby="finder-hint"
          @input=${(event: Event) => this.#typed((event.currentTarget as HTMLInputElement).value)}
        />
        <div id="finder-hint" class="hint">${partWords.finderHint}</div>
      </div>
      <div aria-live="polite" @keydown=${(event: KeyboardEvent) => this.#pressed(event)}>
        ${
          found === undefined
            ? nothing
            : found.length === 0
              ? html`<p class="muted">${partWords.nobodyFound}</p>`
              : html`<ul class="plain-list">
                  ${found.map((one) => this.#row(one))}
                </ul>`
        }
      </div>`;
  }

  /** The arrows go from the words to those that were found, and back. Enter takes the only one. */
  #pressed(event: KeyboardEvent): void {
    const input = this.querySelector("input")!;
    const stops = [input, ...this.querySelectorAll("button")];
    const at = stops.indexOf(event.target as HTMLInputElement | HTMLButtonElement);
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, ...(event.target === input ? { Enter: 1 } : {}) };
    const step = steps[event.key];
    if (step === undefined || at === -1 || event.isComposing) return;
    event.preventDefault();
    const next = stops[Math.min(Math.max(at + step, 0), stops.length - 1)]!;
    if (event.key === "Enter" && stops.length === 2) next.click();
    else next.focus();
  }

  #row(one: Found): TemplateResult {
    return html`<li>
      <span>${icon(one.kind === "group" ? "people" : "person")} ${one.name} <span class="muted">${one.detail}</span></span>
      <button type="button" aria-label=${partWords.addNamed(one.name)} @click=${() => this.#add(one)}>
        ${icon("plus")}${partWords.add}
      </button>
    </li>`;
  }

  #typed(text: string): void {
    clearTimeout(this.#timer);
    this.#asked = text.trim();
    if (this.#asked === "") this.found = undefined;
    else this.#timer = setTimeout(() => void this.#search(this.#asked), PAUSE_MS);
  }

  async #search(words: string): Promise<void> {
    try {
      const found = await this.find(words);
      // What was typed meanwhile has an answer of its own.
      if (words === this.#asked) this.found = found;
    } catch (error) {
      toastFault(error);
    }
  }

  /** The next one is typed at once. */
  #add(one: Found): void {
    this.dispatchEvent(new CustomEvent<Found>("add", { detail: one }));
    this.found = undefined;
    this.#asked = "";
    const input = this.querySelector("input")!;
    input.value = "";
    input.focus();
  }
}
