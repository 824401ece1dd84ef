import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { DuplicateAssistantAnswer } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { formatList } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { router } from "../../../foundation/router.ts";
import { focusFirstFault, textField } from "../../../parts/fields.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { toast } from "../../../parts/toasts.ts";
import { keyFrom } from "../../../foundation/key-from-name.ts";
import { editorWords } from "./editor-words.ts";

@customElement("desk-duplicate")
export class DeskDuplicate extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  @property({ attribute: false }) original = "";
  readonly #form = new Form(this, { name: "", key: "" });
  #ownKey = false;

  override connectedCallback(): void {
    super.connectedCallback();
    const name = editorWords.copyOf(this.original);
    this.#form.rebase({ name, key: keyFrom(name) }, undefined);
  }

  override render() {
    const form = this.#form;
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      <p>${editorWords.duplicateText}</p>
      ${textField(form, { path: "/name", label: editorWords.name, autofocus: true, onInput: () => this.#ownKey || form.set("/key", keyFrom(form.text("/name"))) })}
      ${textField(form, { path: "/key", label: editorWords.key, hint: editorWords.keyHint, isCode: true, onInput: () => (this.#ownKey = true) })}
      ${saveBar(form, { label: editorWords.duplicate, drawn: (path) => path === "/name" || path === "/key", isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const path = `/assistants/${this.assistantKey}/duplicate`;
    const made = await form.submit(async () => (await api.create<DuplicateAssistantAnswer>(path, form.whole())).body);
    if (made === undefined) return focusFirstFault(this);
    this.dispatchEvent(new CustomEvent("made"));
    await router.go(`/assistants/${made.key}`);
    const { leftOut } = made;
    toast(
      leftOut.length === 0
        ? editorWords.duplicated(made.name)
        : editorWords.leftOut(made.name, formatList(leftOut.map(({ server }) => server))),
    );
  }
}
