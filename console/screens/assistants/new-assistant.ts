import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { Assistant } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { router } from "../../foundation/router.ts";
import { askToLeave } from "../../parts/dialogs.ts";
import { focusFirstFault, textField } from "../../parts/fields.ts";
import { saveBar } from "../../parts/save-bar.ts";
import { toast } from "../../parts/toasts.ts";
import { assistantsWords } from "./assistants-words.ts";
import { keyFrom } from "../../foundation/key-from-name.ts";
import "./model-fields.ts";
import { originOf } from "./origin-of.ts";

const DRAWN = ["/name", "/key", "/prompt", "/allowedOrigins", "/model"];

/** A short form: the rest has good values to begin with. */
@customElement("desk-new-assistant")
export class DeskNewAssistant extends PageElement {
  readonly #form = new Form<object>(
    this,
    { name: "", key: "", purpose: "", prompt: "", model: { provider: "openai", model: "" } },
    { mayLeave: askToLeave },
  );
  /** Until the person changes them themselves, key and prompt follow the name and the purpose. */
  #ownKey = false;
  #ownPrompt = false;

  override render() {
    const form = this.#form;
    return html`<div class="measure">
      <nav class="crumbs"><a href=${router.href("/assistants")}>${assistantsWords.title}</a></nav>
      <header class="page-head">
        <h1>${assistantsWords.make}</h1>
        <p>${assistantsWords.newLead}</p>
      </header>
      <form class="group" novalidate @submit=${(event: Event) => void this.#send(event)}>
        <h2>${assistantsWords.about}</h2>
        <div class="two">
          ${textField(form, { path: "/name", label: assistantsWords.name, hint: assistantsWords.nameHint, autofocus: true, onInput: () => this.#follow() })}
          ${textField(form, { path: "/key", label: assistantsWords.key, hint: assistantsWords.keyHint, isCode: true, onInput: () => (this.#ownKey = form.text("/key") !== "") })}
        </div>
        ${textField(form, { path: "/purpose", label: assistantsWords.purpose, hint: assistantsWords.purposeHint, placeholder: assistantsWords.purposeExample, onInput: () => this.#follow() })}
        ${textField(form, { path: "/prompt", label: assistantsWords.prompt, hint: assistantsWords.promptHint, lines: 6, onInput: () => (this.#ownPrompt = form.text("/prompt") !== "") })}
        ${textField(form, { path: "/allowedOrigins", label: assistantsWords.site, hint: assistantsWords.siteHint, placeholder: "https://", isOptional: true })}
        <h2>${assistantsWords.modelTitle}</h2>
        <desk-model-fields .form=${form} .values=${form.whole()}></desk-model-fields>
        ${saveBar(form, { label: assistantsWords.create, drawn: (path) => DRAWN.some((field) => path === field || path.startsWith(`${field}/`)), isNew: true })}
      </form>
    </div>`;
  }

  override firstUpdated(): void {
    this.querySelector<HTMLElement>("[data-begins]")?.focus();
  }

  #follow(): void {
    const form = this.#form;
    const [name, purpose] = [
      form.text("/name").trim(),
      form
        .text("/purpose")
        .trim()
        .replace(/[.\s]+$/, ""),
    ];
    if (!this.#ownKey) form.set("/key", keyFrom(name));
    if (!this.#ownPrompt) form.set("/prompt", name === "" || purpose === "" ? undefined : assistantsWords.startPrompt(name, purpose));
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const { purpose: _purpose, allowedOrigins, model, ...rest } = form.whole();
    const site = originOf(form.text("/allowedOrigins"));
    const body = {
      // What is empty is missing, and is said to be.
      ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== "")),
      model: Object.fromEntries(Object.entries(model as object).filter(([, value]) => value !== "")),
      // Without a website it can be tried here, and on no other page.
      allowedOrigins: [allowedOrigins === undefined ? location.origin : site],
    };
    const made = await form.submit(async () => (await api.create<Assistant>("/assistants", body)).body);
    if (made === undefined) return focusFirstFault(this);
    form.reset();
    await router.go(`/assistants/${made.key}`);
    toast(assistantsWords.made(made.name));
  }
}
