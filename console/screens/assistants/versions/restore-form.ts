import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { Assistant } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { focusFirstFault, textField } from "../../../parts/fields.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { toast } from "../../../parts/toasts.ts";
import { versionsWords } from "./versions-words.ts";

/** Going back to exactly this version, as a new one. */
@customElement("desk-restore")
export class DeskRestore extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  @property({ attribute: false }) number = 0;
  @property({ attribute: false }) version: string | undefined;
  /** Its model is another one than now, so the present key does not fit. */
  @property({ type: Boolean }) wantsKey = false;
  readonly #form = new Form(this, { note: "", apiKey: "" });

  override render() {
    const form = this.#form;
    const hasKey = this.wantsKey || form.fault("/apiKey") !== undefined;
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      <p>${versionsWords.restoreText}</p>
      ${hasKey ? textField(form, { path: "/apiKey", label: versionsWords.key, type: "password", hint: versionsWords.keyHint }) : nothing}
      ${textField(form, { path: "/note", label: versionsWords.note, isOptional: true, lines: 2, autofocus: true })}
      ${saveBar(form, { label: versionsWords.restore, drawn: (path) => path === "/note" || (path === "/apiKey" && hasKey), isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const given = Object.entries(form.whole()).filter(([, value]) => value !== "" && value !== undefined);
    const body = { ...(this.wantsKey ? { apiKey: null } : {}), ...Object.fromEntries(given) };
    const path = `/assistants/${this.assistantKey}/versions/${this.number}/restore`;
    const answer = await form.submit(() => api.post<Assistant>(path, body, { version: this.version }));
    if (answer === undefined) return focusFirstFault(this);
    toast(versionsWords.isBack(this.number, answer.body.version ?? 0));
    this.dispatchEvent(new CustomEvent("done"));
  }
}
