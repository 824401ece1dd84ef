import { html, nothing } from "lit";
import { newId } from "../../controllers/new-id.ts";
import { refusalOf } from "../../controllers/refusal-of.ts";
import { peopleWords } from "../../words/people-words.ts";
import { define } from "../foundation/define.ts";
import { errorText } from "../foundation/error-text.ts";
import { LightElement } from "../foundation/light-element.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

/** Takes an address at which the team may answer. */
export class FrontDeskContact extends LightElement {
  static override properties = { context: { attribute: false }, fault: { state: true }, isSending: { state: true } };
  declare context: ThreadContext;
  declare private fault: string | undefined;
  declare private isSending: boolean;
  /** The same for every try, so that it is left once. */
  readonly #contactId = newId();

  protected override render(): unknown {
    const words = peopleWords.in(this.context.words);
    return html`<form class="contact" novalidate @submit=${this.#submit}>
      <label
        >${words.email}<input
          type="email"
          name="email"
          autocomplete="email"
          maxlength="254"
          dir="ltr"
          aria-invalid=${this.fault === undefined ? nothing : "true"}
      /></label>
      <button class="button" aria-disabled=${this.isSending ? "true" : nothing}>
        ${this.isSending ? words.sending : words.leaveEmail}
      </button>
      ${this.fault === undefined ? nothing : html`<p class="danger" role="status">${this.fault}</p>`}
    </form>`;
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.isSending) return;
    const words = peopleWords.in(this.context.words);
    const field = this.querySelector("input")!;
    const email = field.value.trim();
    if (email === "" || !field.validity.valid) {
      this.fault = words.badEmail;
      field.focus();
      return;
    }
    this.isSending = true;
    this.fault = undefined;
    try {
      await this.context.request("contact-leave", { contactId: this.#contactId, email });
    } catch (error) {
      const refusal = refusalOf(error);
      this.fault = refusal?.code === "bad-request" ? words.badEmail : (errorText(refusal, this.context.words) ?? words.failed);
    } finally {
      this.isSending = false;
    }
  };
}

define("front-desk-contact", FrontDeskContact);
