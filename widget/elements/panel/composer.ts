import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Words } from "../../words/types/words.ts";
import { define } from "../foundation/define.ts";
import { callIcon, sendIcon, stopIcon } from "../foundation/icons.ts";
import { IntentEvent } from "../foundation/intents.ts";
import { isComposing } from "../foundation/is-composing.ts";
import { LightElement } from "../foundation/light-element.ts";
import { isTouch } from "./phone-query.ts";

/** The limit is mentioned once this much of it is used. */
const NEAR_LIMIT = 0.9;
const MAX_LINES = 6;

/**
 * Where the customer writes. Enter sends, Shift+Enter begins a new line; while an input method composes, both belong to
 * it.
 */
export class FrontDeskComposer extends LightElement {
  static override properties = {
    words: { attribute: false },
    isRunning: { attribute: false },
    isStopping: { attribute: false },
    isDisabled: { attribute: false },
    mayCall: { attribute: false },
    isCalling: { attribute: false },
    limit: { attribute: false },
    draft: { attribute: false },
    length: { state: true },
  };
  declare words: Words;
  /** Whether there is something to stop. */
  declare isRunning: boolean;
  declare isStopping: boolean;
  declare isDisabled: boolean;
  /** Whether there is a button to call; and whether it was pressed, and a call is on its way. */
  declare mayCall: boolean;
  declare isCalling: boolean;
  /** Characters that one message may have. */
  declare limit: number;
  /** What an earlier page left here; it is put into a field that is empty. */
  declare draft: string | undefined;
  declare private length: number;

  constructor() {
    super();
    this.length = 0;
    this.limit = Infinity;
  }

  protected override updated(changed: PropertyValues): void {
    const field = this.#field;
    if (!changed.has("draft") || !this.draft || field === null || field.value !== "") return;
    field.value = this.draft;
    this.#input();
  }

  override focus(options?: FocusOptions): void {
    // At once where it can: iOS opens its keyboard only while a press is handled.
    if (this.hasUpdated) this.#field?.focus(options);
    else void this.updateComplete.then(() => this.#field?.focus(options));
  }

  get #field(): HTMLTextAreaElement | null {
    return this.querySelector("textarea");
  }

  protected override render(): unknown {
    const { words, length, limit } = this;
    const isNear = length > limit * NEAR_LIMIT;
    return html`<form class="composer" part="composer" @submit=${this.#submit}>
        <textarea
          part="message-field"
          rows="1"
          dir="auto"
          enterkeyhint="send"
          aria-label=${words.message}
          aria-describedby=${this.isDisabled ? "notice" : isNear ? "limit" : nothing}
          aria-invalid=${length > limit ? "true" : nothing}
          placeholder=${words.placeholder}
          ?disabled=${this.isDisabled}
          @input=${this.#input}
          @keydown=${this.#keydown}
        ></textarea>
        ${this.#buttons()}
      </form>
      ${
        isNear
          ? html`<p class="limit ${length > limit ? "danger" : ""}" id="limit">
              ${length > limit ? words.charactersOver(length - limit, limit) : words.charactersLeft(limit - length)}
            </p>`
          : nothing
      }`;
  }

  #buttons(): TemplateResult {
    const { words, length, limit } = this;
    return html`${
        this.isRunning
          ? html`<button
              class="round"
              type="button"
              part="stop"
              aria-label=${words.stop}
              title=${words.stop}
              aria-disabled=${String(this.isStopping)}
              @click=${this.#stop}
            >
              ${stopIcon}
            </button>`
          : nothing
      }
      ${
        this.mayCall
          ? html`<button
              class="round"
              type="button"
              part="start-call"
              aria-label=${words.startCall}
              title=${words.startCall}
              aria-busy=${String(this.isCalling)}
              ?disabled=${this.isDisabled}
              @click=${() => this.dispatchEvent(new IntentEvent({ kind: "call" }))}
            >
              ${callIcon}
            </button>`
          : nothing
      }
      <button
        class="round primary"
        part="send"
        aria-label=${words.send}
        title=${words.send}
        ?disabled=${length === 0 || length > limit || this.isDisabled}
      >
        ${sendIcon}
      </button>`;
  }

  readonly #input = (): void => {
    const field = this.#field;
    if (field === null) return;
    // Nothing is drawn anew while the number of characters changes nothing that is seen.
    const length = field.value.trim() === "" ? 0 : field.value.length;
    if (length === 0 || this.length === 0 || Math.max(length, this.length) > this.limit * NEAR_LIMIT) this.length = length;
    if (!CSS.supports("field-sizing", "content")) this.#grow(field);
    this.dispatchEvent(new IntentEvent({ kind: "draft", text: field.value }));
  };

  #grow(field: HTMLTextAreaElement): void {
    field.style.setProperty("height", "auto");
    const line = parseFloat(getComputedStyle(field).lineHeight);
    field.style.setProperty("height", `${Math.min(field.scrollHeight, MAX_LINES * line + 20)}px`);
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    this.#send();
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    this.#send();
    this.focus();
  };

  #send(): void {
    const field = this.#field;
    const text = field?.value.trim() ?? "";
    if (field === null || text === "" || text.length > this.limit || this.isDisabled) return;
    this.dispatchEvent(new IntentEvent({ kind: "send", text }));
    field.value = "";
    this.#input();
  }

  readonly #stop = (): void => {
    if (!this.isStopping) this.dispatchEvent(new IntentEvent({ kind: "stop" }));
    if (!isTouch()) this.focus();
  };
}

define("front-desk-composer", FrontDeskComposer);
