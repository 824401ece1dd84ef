import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { Assistant } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { formatList } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { textField } from "../../../parts/fields.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { toast } from "../../../parts/toasts.ts";
import { draftWords } from "./draft-words.ts";

/** What is about to be published, and a note for whoever reads the versions. */
@customElement("desk-publish")
export class DeskPublish extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  @property({ attribute: false }) version = "";
  @property({ attribute: false }) names: readonly string[] = [];
  readonly #form = new Form(this, { note: "" });

  override render() {
    const form = this.#form;
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      <p>${draftWords.publishText(formatList(this.names))}</p>
      ${textField(form, { path: "/note", label: draftWords.note, hint: draftWords.noteHint, isOptional: true, lines: 2, autofocus: true })}
      ${saveBar(form, { label: draftWords.publish, drawn: (path) => path === "/note", isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const note = form.text("/note").trim();
    const path = `/assistants/${this.assistantKey}/publish`;
    const answer = await form.submit(() => api.post<Assistant>(path, note === "" ? {} : { note }, { version: this.version }));
    if (answer === undefined) {
      if (form.problem?.code === "version-changed") this.dispatchEvent(new CustomEvent("overtaken"));
      return;
    }
    toast(draftWords.published(answer.body.version ?? 0));
    this.dispatchEvent(new CustomEvent("done"));
  }
}
