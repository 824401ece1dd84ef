import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { InputField, InputValue } from "../../../../protocol/input-fields.ts";
import type { CallPart, InputCard } from "../../../thread/state.ts";
import { questionWords } from "../../../words/question-words.ts";
import { questionChoices, decideInput } from "./question-choices.ts";
import { decidedLine } from "../card/decided-line.ts";
import { CardLife } from "../card/card-life.ts";
import { define } from "../../foundation/define.ts";
import { errorText } from "../../foundation/error-text.ts";
import { formField } from "./form-field.ts";
import { readTyped, untouched, type Typed } from "./form-values.ts";
import { LightElement } from "../../foundation/light-element.ts";
import { decidedText } from "./question-text.ts";
import type { ThreadContext } from "../../foundation/thread-context.ts";
import { visibleText } from "../card/visible-text.ts";

/**
 * What was typed, by request: an element may be drawn anew while somebody types, for example when an older page is
 * read.
 */
const drafts = new Map<string, Map<string, Typed>>();

/** A server's form: what it asks, its fields, and how each is wrong. */
export class FrontDeskForm extends LightElement {
  static override properties = {
    call: { attribute: false },
    card: { attribute: false },
    context: { attribute: false },
    faults: { state: true },
  };
  declare call: CallPart;
  declare card: InputCard;
  declare context: ThreadContext;
  /** What is wrong with the answer, by the field's name. */
  declare private faults: ReadonlyMap<string, string>;

  readonly #life = new CardLife(this);
  /** Another template with each other request, so that it gets fields of its own. */
  #isOdd = false;

  constructor() {
    super();
    this.faults = new Map();
  }

  get #fields(): readonly InputField[] {
    return this.card.fields ?? [];
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("card");
    if (!changed.has("card")) return;
    const { card } = this;
    if (before?.requestId !== card.requestId) {
      this.faults = new Map();
      this.#isOdd = !this.#isOdd;
    }
    if (card.status !== "waiting") drafts.delete(card.requestId);
    else if (card.error !== undefined && card.error !== before?.error) this.#blame(card.error.detail ?? "");
  }

  /** The server names the field that does not fit by its title, in quotes. */
  #blame(detail: string): void {
    const field = this.#fields.find(({ title }) => detail.startsWith(`"${title}" `));
    if (field === undefined) return;
    const text = detail.slice(field.title.length + 3);
    this.faults = new Map([[field.name, text.charAt(0).toUpperCase() + text.slice(1)]]);
    // People who have moved on to something else keep their place.
    if (this.querySelector(":focus") !== null) void this.updateComplete.then(() => this.#focusFault());
  }

  #typed(field: InputField): Typed {
    return drafts.get(this.card.requestId)?.get(field.name) ?? untouched(field);
  }

  #type(field: InputField, typed: Typed): void {
    const { requestId } = this.card;
    drafts.set(requestId, (drafts.get(requestId) ?? new Map<string, Typed>()).set(field.name, typed));
    if (this.faults.has(field.name)) this.faults = new Map([...this.faults].filter(([name]) => name !== field.name));
    this.requestUpdate();
  }

  /** A form is often taller than its window: a reader at the end of the thread sees its beginning, not its buttons. */
  protected override firstUpdated(): void {
    const scroller = (this.getRootNode() as ShadowRoot).querySelector?.(".scroller");
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (!scroller || this.card.status !== "waiting") return;
        const [own, seen] = [this.firstElementChild!.getBoundingClientRect(), scroller.getBoundingClientRect()];
        if (own.top < seen.top && own.bottom > seen.top && own.bottom <= seen.bottom)
          this.firstElementChild!.scrollIntoView({ block: "start" });
      }),
    );
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (this.card.deciding !== undefined || this.#life.leftMs === 0) return;
    const words = questionWords.in(this.context.words);
    const content: [string, InputValue][] = [];
    const faults = new Map<string, string>();
    for (const field of this.#fields) {
      const { value, fault } = readTyped(field, this.#typed(field), words);
      if (fault !== undefined) faults.set(field.name, fault);
      else if (value !== undefined) content.push([field.name, value]);
    }
    this.faults = faults;
    if (faults.size === 0) decideInput(this, "accept", Object.fromEntries(content));
    else void this.updateComplete.then(() => this.#focusFault());
  };

  #focusFault(): void {
    const index = this.#fields.findIndex(({ name }) => this.faults.has(name));
    const place = this.querySelector<HTMLElement>(`[id="${this.#id(index)}"]`);
    (place?.matches("fieldset") ? place.querySelector("input") : place)?.focus({ preventScroll: true });
    // With its label above and what is wrong below.
    place?.closest(".field")?.scrollIntoView({ block: "center" });
  }

  #id(index: number): string {
    return `field-${this.card.requestId}-${index}`;
  }

  protected override render(): unknown {
    const { call, card, context } = this;
    if (card.status === "waiting" && call.status !== "ended") return this.#isOdd ? this.#form() : html`${this.#form()}`;
    return decidedLine(card.status === "accept", decidedText(card, context));
  }

  #form(): TemplateResult {
    const { card, context, faults } = this;
    const words = questionWords.in(context.words);
    const left = this.#life.leftMs;
    const id = `title-${card.requestId}`;
    const error = faults.size === 0 ? errorText(card.error, context.words, words) : undefined;
    return html`<div class="card" part="card" role="group" aria-labelledby=${id}>
      <form novalidate @submit=${this.#submit}>
        <p class="title" id=${id} tabindex="-1">${words.asks(visibleText(card.serverName))}</p>
        <p class="said" dir="auto">${visibleText(card.message)}</p>
        ${this.#fields.map((field, index) =>
          formField({
            field,
            id: this.#id(index),
            typed: this.#typed(field),
            fault: faults.get(field.name),
            context,
            onInput: (typed) => this.#type(field, typed),
          }),
        )}
        ${error === undefined ? nothing : html`<p class="danger" role="status">${error} ${card.error?.detail}</p>`}
        ${left > 0 ? questionChoices(this, { accept: words.submit }) : nothing}
        <p class="quiet time">${left > 0 ? words.timeToAnswer(context.formats.left(left)) : words.answerOver}</p>
      </form>
    </div>`;
  }
}

define("front-desk-form", FrontDeskForm);
