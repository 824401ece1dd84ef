import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { Form } from "../../foundation/form.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { showDialog } from "../../parts/dialogs.ts";
import { focusFirstFault, textField } from "../../parts/fields.ts";
import { saveBar } from "../../parts/save-bar.ts";
import { inboxWords } from "./inbox-words.ts";

type Save = (name: string) => Promise<void>;

/** Asks what a view is to be called, and saves it. */
export async function nameView(name: string, save: Save): Promise<void> {
  await showDialog(inboxWords.saveView, (close) => html`<desk-name-view .name=${name} .save=${save} @done=${close}></desk-name-view>`);
}

@customElement("desk-name-view")
export class DeskNameView extends PageElement {
  @property({ attribute: false }) name = "";
  @property({ attribute: false }) save: Save = async () => undefined;
  readonly #form = new Form(this, { name: "" });

  override firstUpdated(): void {
    if (this.name !== "") this.#form.set("/name", this.name);
  }

  override render() {
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      ${textField(this.#form, { path: "/name", label: inboxWords.viewName, hint: inboxWords.saveViewHint, autofocus: true })}
      ${saveBar(this.#form, { label: inboxWords.save, drawn: (path) => path === "/name", isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const done = await this.#form.submit(async () => {
      await this.save(this.#form.text("/name"));
      return true;
    });
    if (done === undefined) return focusFirstFault(this);
    this.dispatchEvent(new CustomEvent("done"));
  }
}
