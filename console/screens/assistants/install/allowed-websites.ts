import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ApiProblem } from "../../../api/problem.ts";
import type { AssistantState } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import { askToLeave } from "../../../parts/dialogs.ts";
import { icon } from "../../../parts/icon.ts";
import { originOf } from "../origin-of.ts";
import { allowedText, allowWebsites, withWebsite } from "./allow-website.ts";
import { installWords } from "./install-words.ts";

/** The websites that may have the chat. An address as it is copied from the browser becomes one of them. */
@customElement("desk-allowed-websites")
export class DeskAllowedWebsites extends PageElement {
  @property({ attribute: false }) assistant!: AssistantState;
  @property({ attribute: false }) version: string | undefined;
  @state() private fault: string | undefined;
  @state() private typed = "";
  @state() private isSending = false;
  #unguard: (() => void) | undefined;

  override render() {
    const { allowedOrigins, source, key } = this.assistant;
    const mayChange = source === "api" && may("assistants.write");
    return html`<ul class="plain-list">
        ${allowedOrigins.map(
          (origin) =>
            html`<li>
              <span
                ><code>${origin}</code>${origin === location.origin ? html` <span class="muted">${installWords.own}</span>` : nothing}</span
              >
              ${mayChange && allowedOrigins.length > 1 ? html`<button class="quiet icon-only" aria-disabled=${this.isSending ? "true" : "false"} aria-label=${installWords.forbid(origin)} @click=${() => void this.#forbid(origin)}>${icon("close")}</button>` : nothing}
            </li>`,
        )}
      </ul>
      ${mayChange ? this.#form() : html`<p class="hint">${installWords.inFile(key)}</p>`}`;
  }

  #form() {
    const origin = originOf(this.typed);
    return html`<form class="allow" novalidate @submit=${(event: Event) => void this.#allow(event, origin)}>
      <label class="label" for="allow-website">${installWords.address}</label>
      <div class="allow-line">
        <input
          id="allow-website"
          autocomplete="off"
          spellcheck="false"
          placeholder="https://"
          .value=${this.typed}
          aria-describedby="allow-website-hint allow-website-fault"
          aria-invalid=${this.fault === undefined ? "false" : "true"}
          @input=${(event: Event) => this.#type((event.currentTarget as HTMLInputElement).value)}
        />
        <button aria-disabled=${this.isSending ? "true" : "false"}>${icon("plus")}${installWords.allow}</button>
      </div>
      <div id="allow-website-hint" class="hint">
        ${origin === "" || origin === this.typed.trim() ? installWords.addressHint : installWords.becomes(origin)}
      </div>
      <div id="allow-website-fault" class="field-fault" ?hidden=${this.fault === undefined}>${this.fault}</div>
    </form>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#guard(false);
  }

  /** What is typed and not allowed yet is asked about before somebody leaves with it. */
  #guard(isOn: boolean): void {
    this.#unguard?.();
    this.#unguard = isOn ? router.guard(askToLeave) : undefined;
  }

  #type(text: string): void {
    this.typed = text;
    this.#guard(text.trim() !== "");
    this.fault = undefined;
  }

  async #allow(event: Event, origin: string): Promise<void> {
    event.preventDefault();
    if (origin === "") this.fault = installWords.noAddress;
    else if (this.assistant.allowedOrigins.includes(origin)) this.fault = installWords.isAllowed(origin);
    else if (await this.#publish(withWebsite(this.assistant.allowedOrigins, origin), allowedText(origin))) this.#type("");
    await this.updateComplete;
    this.querySelector<HTMLElement>("#allow-website")?.focus();
  }

  async #forbid(origin: string): Promise<void> {
    await this.#publish(
      this.assistant.allowedOrigins.filter((one) => one !== origin),
      installWords.forbidden(origin),
    );
    this.querySelector<HTMLElement>("#allow-website")?.focus();
  }

  async #publish(origins: readonly string[], said: string): Promise<boolean> {
    const { key, allowedOrigins: before } = this.assistant;
    const changed = (): void => void this.dispatchEvent(new CustomEvent("changed"));
    this.isSending = true;
    try {
      await allowWebsites({ key, version: this.version, origins, said, before, changed });
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.fault = error.faults[0]?.message ?? error.message;
      if (error.code === "version-changed") changed();
      return false;
    } finally {
      this.isSending = false;
    }
  }
}
