import { html } from "lit";
import { customElement, state } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { CreateApiKeyAnswer } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { router } from "../../foundation/router.ts";
import { me } from "../../foundation/screen.ts";
import { choices } from "../../parts/choices.ts";
import { copyField } from "../../parts/copy-field.ts";
import { ask, showDialog } from "../../parts/dialogs.ts";
import { focusFirstFault, lastDayField, textField } from "../../parts/fields.ts";
import { saveBar } from "../../parts/save-bar.ts";
import { ROLE_CHOICES } from "../people/role-choices.ts";
import { apiKeysWords } from "./api-keys-words.ts";

export async function makeApiKey(made: () => void): Promise<void> {
  const mayClose = async (): Promise<boolean> => (await document.querySelector<DeskNewApiKey>("desk-new-api-key")?.mayClose()) ?? true;
  await showDialog(apiKeysWords.make, () => html`<desk-new-api-key @made=${made}></desk-new-api-key>`, { mayClose });
}

const FIELDS = ["/name", "/roles", "/scopes", "/expiresAt"];

interface KeyForm {
  readonly name: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** Asks what the key is for, then shows it, once. */
@customElement("desk-new-api-key")
export class DeskNewApiKey extends PageElement {
  @state() private answer: CreateApiKeyAnswer | undefined;
  #unguard: (() => void) | undefined;
  readonly #form = new Form<KeyForm>(this, { name: "", roles: ["owner"], scopes: [] });

  override render() {
    const form = this.#form;
    if (this.answer !== undefined)
      return html`<p>${apiKeysWords.shownOnce}</p>
        ${copyField(apiKeysWords.key, this.answer.key, () => this.#copied())}`;
    const actions = (me.self?.actions ?? []).map((action) => ({ value: action, label: action }));
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      ${textField(form, { path: "/name", label: apiKeysWords.name, hint: apiKeysWords.nameHint, autofocus: true })}
      ${choices(form, { path: "/roles", label: apiKeysWords.roles, options: ROLE_CHOICES })}
      <details class="disclosure">
        <summary>${apiKeysWords.limits}</summary>
        <p class="muted">${apiKeysWords.limitsHint}</p>
        ${choices(form, { path: "/scopes", label: apiKeysWords.limits, options: actions })}
      </details>
      ${lastDayField(form, { path: "/expiresAt", label: apiKeysWords.expires })}
      ${saveBar(form, { label: apiKeysWords.button, drawn: (path) => FIELDS.some((field) => path.startsWith(field)), isNew: true })}
    </form>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#copied();
  }

  /** The key is shown once: whoever has not copied it is asked. */
  async mayClose(): Promise<boolean> {
    if (this.#unguard === undefined) return true;
    const { closeTitle: title, closeText: text, closeAnyway: confirm, closeNot: cancel } = apiKeysWords;
    return ask({ title, text, confirm, cancel, isDangerous: true });
  }

  #copied(): void {
    this.#unguard?.();
    this.#unguard = undefined;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const { scopes, ...rest } = form.whole() as unknown as KeyForm;
    const body = { ...rest, ...(scopes.length === 0 ? {} : { scopes }) };
    const answer = await form.submit(async () => (await api.create<CreateApiKeyAnswer>("/api-keys", body)).body);
    if (answer === undefined) return focusFirstFault(this);
    this.answer = answer;
    this.#unguard = router.guard(() => this.mayClose());
    this.dispatchEvent(new CustomEvent("made"));
    await this.updateComplete;
    this.querySelector<HTMLElement>('[role="textbox"]')?.focus();
  }
}
