import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { Assistant, VersionDetail } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { formatList } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { focusFirstFault, switchField, textField } from "../../../parts/fields.ts";
import { icon } from "../../../parts/icon.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { toast } from "../../../parts/toasts.ts";
import { differingFields } from "./differing-fields.ts";
import { settingsDifferences } from "./settings-differences.ts";
import { versionsWords } from "./versions-words.ts";

type Settings = VersionDetail["settings"];

/** Going back to a version: what that changes, and whether the chat stays on the websites where it is. */
@customElement("desk-restore")
export class DeskRestore extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  @property({ attribute: false }) number = 0;
  @property({ attribute: false }) version: string | undefined;
  @property({ attribute: false }) now!: Settings;
  /** Those of the version. */
  @property({ attribute: false }) target!: Settings;
  /** Its model is another one than now, so the present key does not fit. */
  @property({ type: Boolean }) wantsKey = false;
  readonly #form = new Form(this, { note: "", apiKey: "", keepAllowedOrigins: true });

  /** The websites that are allowed now, and were not then. */
  get #lost(): readonly string[] {
    return this.now.allowedOrigins.filter((origin) => !this.target.allowedOrigins.includes(origin));
  }

  override render() {
    const form = this.#form;
    const lost = this.#lost;
    const stays = lost.length > 0 && form.get("/keepAllowedOrigins") === true;
    const fields = differingFields(this.now, this.target).filter(({ path }) => !stays || path !== "/allowedOrigins");
    const hasKey = this.wantsKey || form.fault("/apiKey") !== undefined;
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      <p>${versionsWords.restoreText}</p>
      ${
        lost.length === 0
          ? nothing
          : html`${switchField(form, { path: "/keepAllowedOrigins", label: versionsWords.keep, hint: versionsWords.keepHint(formatList(lost)) })}
              <div role="status">
                ${stays ? nothing : html`<p class="form-fault">${icon("warning")}<span>${versionsWords.gone(formatList(lost))}</span></p>`}
              </div>`
      }
      <section class="going-back" tabindex="0" aria-label=${versionsWords.againstNow}>
        ${fields.length === 0 ? html`<p class="muted">${versionsWords.same}</p>` : settingsDifferences(fields)}
      </section>
      ${hasKey ? textField(form, { path: "/apiKey", label: versionsWords.key, type: "password", hint: versionsWords.keyHint }) : nothing}
      ${textField(form, { path: "/note", label: versionsWords.note, isOptional: true, lines: 2, autofocus: true })}
      ${saveBar(form, { label: versionsWords.restore, drawn: (path) => path === "/note" || (path === "/apiKey" && hasKey), isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const { note, apiKey, keepAllowedOrigins } = form.whole();
    const body = {
      ...(note ? { note } : {}),
      ...(apiKey ? { apiKey } : this.wantsKey ? { apiKey: null } : {}),
      ...(this.#lost.length > 0 ? { keepAllowedOrigins } : {}),
    };
    const path = `/assistants/${this.assistantKey}/versions/${this.number}/restore`;
    const answer = await form.submit(() => api.post<Assistant>(path, body, { version: this.version }));
    if (answer === undefined) return focusFirstFault(this);
    toast(versionsWords.isBack(this.number, answer.body.version ?? 0));
    this.dispatchEvent(new CustomEvent("done"));
  }
}
