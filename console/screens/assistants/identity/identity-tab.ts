import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { AssistantIdentity, AssistantState } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { copyField } from "../../../parts/copy-field.ts";
import { ask, askToLeave } from "../../../parts/dialogs.ts";
import { choiceField, focusFirstFault, linesField, textField } from "../../../parts/fields.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { show } from "../../../parts/states.ts";
import { toast } from "../../../parts/toasts.ts";
import { tagAttributes, tagOf } from "../install/tag.ts";
import { identityBody, identityForm, type IdentityForm, isIdentityField, NEW_IDENTITY, type TypedIdentity } from "./identity-form.ts";
import { SAMPLE_LANGUAGES, type SampleLanguage, sampleOf } from "./identity-samples.ts";
import { identityWords } from "./identity-words.ts";
import { keyRows } from "./key-rows.ts";

const MODES = Object.entries(identityWords.modes);
const TOKEN_ADDRESS = "/chat-token";
/** What the samples say while there is no key. */
const FIRST_KID = "2026";

/** How an assistant's website says who its customers are. It is no part of the draft: what is saved holds at once. */
@customElement("desk-identity")
export class DeskIdentity extends PageElement {
  @property({ attribute: false }) assistant!: AssistantState;
  @property({ type: Boolean }) isReadOnly = false;
  @state() private language: SampleLanguage = "node";
  readonly #form = new Form<IdentityForm>(this, NEW_IDENTITY, { mayLeave: askToLeave, place: "-identity" });
  readonly #identity = new Resource<AssistantIdentity>(this, { load: (signal) => this.#load(signal) });

  get #path(): string {
    return `/assistants/${this.assistant.key}/identity`;
  }

  override render() {
    return html`<div class="measure">
      ${show(this.#identity, (identity) => html`${this.#fields(identity)}${this.#onTheSite(identity)}`)}
    </div>`;
  }

  #fields({ source }: AssistantIdentity): TemplateResult {
    const form = this.#form;
    const isReadOnly = this.isReadOnly || source === "file";
    return html`<form class="group" novalidate @submit=${(event: Event) => void this.#save(event)}>
      <h2>${identityWords.title}</h2>
      <p class="muted">${identityWords.lead}</p>
      ${choiceField(form, { path: "/mode", label: identityWords.mode, options: MODES, isReadOnly })} ${keyRows(form, isReadOnly)}
      ${textField(form, { path: "/jwksUrl", label: identityWords.jwksUrl, hint: identityWords.jwksUrlHint, isCode: true, isOptional: true, placeholder: "https://", isReadOnly })}
      ${linesField(form, { path: "/prompt", label: identityWords.prompt, hint: identityWords.promptHint, isCode: true, isOptional: true, isReadOnly })}
      ${isReadOnly ? nothing : saveBar(form, { drawn: isIdentityField })}
    </form>`;
  }

  #onTheSite({ keys }: AssistantIdentity): TemplateResult {
    const { key, look } = this.assistant;
    const tag = tagOf([...tagAttributes(key, look, undefined), ["data-identity-url", TOKEN_ADDRESS]]);
    const kid = keys.find(({ algorithm }) => algorithm === "HS256")?.kid ?? FIRST_KID;
    const [, name] = SAMPLE_LANGUAGES.find(([value]) => value === this.language)!;
    return html`<section class="group">
      <h2>${identityWords.inSite}</h2>
      <p class="muted">${identityWords.tagHint}</p>
      ${copyField(identityWords.tag, tag)}
      <h3>${identityWords.sample}</h3>
      <p class="muted">${identityWords.sampleHint}</p>
      <div class="field">
        <label class="label" for="sample-language">${identityWords.language}</label>
        <select
          id="sample-language"
          @change=${(event: Event) => (this.language = (event.currentTarget as HTMLSelectElement).value as SampleLanguage)}
        >
          ${SAMPLE_LANGUAGES.map(([value, label]) => html`<option value=${value} ?selected=${value === this.language}>${label}</option>`)}
        </select>
      </div>
      ${copyField(identityWords.sampleIn(name), sampleOf(this.language, { assistant: key, kid }))}
    </section>`;
  }

  async #load(signal?: AbortSignal): Promise<AssistantIdentity> {
    const { body, version } = await api.get<AssistantIdentity>(this.#path, { signal });
    this.#form.rebase(identityForm(body), version);
    return body;
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    if (!(await this.#isSure())) return;
    const answer = await form.submit(async () =>
      api.put<AssistantIdentity>(this.#path, identityBody(form.whole() as unknown as TypedIdentity), form.version),
    );
    if (answer === undefined) {
      if (form.problem?.code === "version-changed") await this.#identity.reload();
      await this.updateComplete;
      return focusFirstFault(this);
    }
    form.done();
    // What was typed or made as a secret is nowhere on the page from here on.
    form.rebase(identityForm(answer.body), answer.version);
    this.#identity.set(answer.body);
    toast(identityWords.saved);
  }

  /** Whoever chats without being signed in is turned away at once. */
  async #isSure(): Promise<boolean> {
    if (!this.#form.isChanged("/mode") || this.#form.get("/mode") !== "enforced") return true;
    const { enforcedTitle: title, enforcedText: text, enforcedConfirm: confirm } = identityWords;
    return ask({ title, text, confirm });
  }
}
