import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { BASE_PATH } from "../../../api/base-path.ts";
import { api } from "../../../api/client.ts";
import type { AssistantState } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { copyField } from "../../../parts/copy-field.ts";
import { show } from "../../../parts/states.ts";
import "./allowed-websites.ts";
import "./first-page.ts";
import { installWords } from "./install-words.ts";
import { PLATFORMS } from "./platforms.ts";
import { type Pinned, policyLines, tagAttributes, tagOf } from "./tag.ts";

interface Read {
  readonly assistant: AssistantState;
  readonly version: string | undefined;
}

/** Putting an assistant on a website: where it may be, the line to paste, and whether a page has come. */
@customElement("desk-install")
export class DeskInstall extends PageElement {
  @property() assistantKey = "";
  /** The number of the published version, where whoever draws this knows it: another one is read anew. */
  @property({ attribute: false }) published = 0;
  @state() private isPinned = false;
  @state() private pinned: Pinned | "failed" | undefined;
  @state() private platform = "html";
  readonly #assistant = new Resource<Read>(this, {
    load: async (signal) => {
      const { body, version } = await api.get<AssistantState>(`/assistants/${this.assistantKey}`, { signal });
      return { assistant: body, version };
    },
  });

  override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated) return;
    if (changed.has("assistantKey")) void this.#assistant.restart();
    else if (changed.has("published")) void this.#assistant.reload();
  }

  override render() {
    return html`<div class="measure">${show(this.#assistant, (read) => this.#page(read))}</div>`;
  }

  #page({ assistant, version }: Read): TemplateResult {
    return html`<section class="group">
        <h2>${installWords.websites}</h2>
        <desk-allowed-websites .assistant=${assistant} .version=${version} @changed=${() => void this.#changed()}></desk-allowed-websites>
      </section>
      <section class="group">
        <h2>${installWords.paste}</h2>
        ${this.#tag(assistant)}
      </section>
      <section class="group">
        <h2>${installWords.see}</h2>
        <desk-first-page
          .assistantKey=${assistant.key}
          .allowed=${assistant.allowedOrigins}
          ?mayAllow=${assistant.source === "api"}
          .version=${version}
          @changed=${() => void this.#changed()}
        ></desk-first-page>
      </section>
      <details class="disclosure">
        <summary>${installWords.policy}</summary>
        <p class="muted">${installWords.policyHint}</p>
        ${copyField(installWords.policy, policyLines(this.pinned === "failed" ? undefined : this.pinned?.sandbox))}
        <p class="muted">${installWords.trustedTypes}</p>
      </details>`;
  }

  #tag({ key, look, hasDraft }: AssistantState): TemplateResult {
    const pinned = this.isPinned && this.pinned !== "failed" ? this.pinned : undefined;
    const attributes = tagAttributes(key, look, pinned);
    const platform = PLATFORMS.find(({ id }) => id === this.platform) ?? PLATFORMS[0]!;
    const code = platform.code(attributes);
    const tag = tagOf(attributes);
    return html`<p class="muted">${installWords.tagHint}</p>
      ${copyField(installWords.tag, tag)} ${hasDraft ? html`<p class="hint">${installWords.lookOfPublished}</p>` : nothing}
      <div class="field switch-field">
        <label
          ><input
            type="checkbox"
            role="switch"
            .checked=${this.isPinned}
            @change=${(event: Event) => this.#pin((event.currentTarget as HTMLInputElement).checked)}
          />
          <span class="label">${installWords.pin}</span></label
        >
        <div class="hint">${installWords.pinHint}</div>
        ${this.isPinned && this.pinned === "failed" ? html`<div class="field-fault" role="alert">${installWords.pinFailed}</div>` : nothing}
      </div>
      <div class="field">
        <label class="label" for="made-with">${installWords.madeWith}</label>
        <select
          id="made-with"
          .value=${this.platform}
          @change=${(event: Event) => (this.platform = (event.currentTarget as HTMLSelectElement).value)}
        >
          ${PLATFORMS.map(({ id, name }) => html`<option value=${id} ?selected=${id === this.platform}>${name}</option>`)}
        </select>
      </div>
      <ol class="steps" aria-label=${platform.name}>
        ${platform.steps.map((step) => html`<li>${step}</li>`)}
      </ol>
      ${code === tag ? nothing : copyField(installWords.codeFor(platform.name), code)}`;
  }

  override firstUpdated(): void {
    void this.#readScript();
  }

  #pin(isPinned: boolean): void {
    this.isPinned = isPinned;
    if (isPinned && this.pinned === "failed") void this.#readScript();
  }

  async #readScript(): Promise<void> {
    try {
      const response = await fetch(`${BASE_PATH}/frontdesk.json`);
      this.pinned = response.ok ? ((await response.json()) as Pinned) : "failed";
    } catch {
      this.pinned = "failed";
    }
  }

  async #changed(): Promise<void> {
    await this.#assistant.reload();
    this.dispatchEvent(new CustomEvent("origins-changed"));
  }
}
