import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { ImportMcpServersAnswer } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { formatList } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { router } from "../../../foundation/router.ts";
import { askToLeave } from "../../../parts/dialogs.ts";
import { focusFirstFault, switchField, textField } from "../../../parts/fields.ts";
import { icon } from "../../../parts/icon.ts";
import { badge, status, type Tone } from "../../../parts/status.ts";
import { toast } from "../../../parts/toasts.ts";
import { serverPath } from "./server-path.ts";
import { statusWord } from "./server-status.ts";
import { toolsWords } from "../tools-words.ts";
import { transferWords } from "./transfer-words.ts";

type Entry = ImportMcpServersAnswer["entries"][number];
const TONES: Readonly<Record<Entry["outcome"], Tone>> = { created: "good", "would-create": "good", skipped: "warning", refused: "bad" };

/** Servers from what other products write: first what would happen, then it happens. */
@customElement("desk-mcp-import")
export class DeskMcpImport extends PageElement {
  /** What would happen, or, after the import, what did. */
  @state() private entries: readonly Entry[] | undefined;
  readonly #form = new Form(this, { document: "", rename: false }, { mayLeave: askToLeave });

  override render() {
    const form = this.#form;
    const problem = form.problemBeside((path) => path === "/document");
    return html`<div class="measure">
      <nav class="crumbs"><a href=${router.href("/tools/mcp-servers")}>${toolsWords.servers}</a></nav>
      <header class="page-head">
        <h1>${transferWords.importTitle}</h1>
        <p>${transferWords.importLead}</p>
      </header>
      <form class="group" novalidate @submit=${(event: Event) => void this.#look(event)}>
        ${textField(form, { path: "/document", label: transferWords.document, hint: transferWords.documentHint, lines: 10, isCode: true, placeholder: '{ "mcpServers": { … } }', onInput: () => (this.entries = undefined) })}
        ${switchField(form, { path: "/rename", label: transferWords.rename })}
        ${problem === undefined ? nothing : html`<p class="form-fault" role="alert">${icon("alert")}<span>${problem.message}</span></p>`}
        <div class="actions">
          <button class="primary" aria-disabled=${form.isSending ? "true" : "false"}>
            ${form.isSending ? transferWords.looking : transferWords.look}
          </button>
        </div>
      </form>
      <div aria-live="polite">${this.entries === undefined ? nothing : this.#list(this.entries)}</div>
    </div>`;
  }

  #list(entries: readonly Entry[]): TemplateResult {
    const count = entries.filter(({ outcome }) => outcome === "would-create").length;
    return html`<section class="group">
      <h2 tabindex="-1">${transferWords.entries}</h2>
      ${entries.length === 0 ? html`<p class="muted">${transferWords.nothing}</p>` : nothing}
      <ul class="plain-list">
        ${entries.map(entryRow)}
      </ul>
      ${
        count === 0
          ? nothing
          : html`<div class="actions">
              <button
                type="button"
                class="primary"
                aria-disabled=${this.#form.isSending ? "true" : "false"}
                @click=${() => void this.#import()}
              >
                ${this.#form.isSending ? transferWords.importing : transferWords.import(count)}
              </button>
            </div>`
      }
    </section>`;
  }

  async #look(event: Event): Promise<void> {
    event.preventDefault();
    await this.#send(true);
    await this.updateComplete;
    if (this.entries === undefined) focusFirstFault(this);
    else this.querySelector<HTMLElement>("section h2")?.focus();
  }

  async #import(): Promise<void> {
    const entries = await this.#send(false);
    if (entries === undefined) return;
    this.#form.reset();
    toast(transferWords.done(entries.filter(({ outcome }) => outcome === "created").length));
    await this.updateComplete;
    this.querySelector<HTMLElement>("section h2")?.focus();
  }

  async #send(dryRun: boolean): Promise<readonly Entry[] | undefined> {
    const form = this.#form;
    let document: unknown;
    try {
      document = JSON.parse(form.text("/document"));
    } catch (error) {
      form.refuse([{ path: "/document", message: transferWords.notJson(error instanceof Error ? error.message : "") }]);
      this.entries = undefined;
      return undefined;
    }
    const body = { document, dryRun, rename: form.get("/rename") === true };
    const answer = await form.submit(async () => (await api.create<ImportMcpServersAnswer>("/mcp-servers/import", body)).body);
    this.entries = answer?.entries;
    return answer?.entries;
  }
}

function entryRow({ name, outcome, key, renamed, settings, notes, server }: Entry): TemplateResult {
  return html`<li>
    <span>
      <strong>${settings?.name ?? name}</strong> ${key === undefined ? nothing : html`<code>${key}</code>`}
      ${renamed === true ? badge(transferWords.renamed) : nothing}<br />
      ${status(TONES[outcome], transferWords.outcomes[outcome])}
      ${server === undefined ? nothing : html` · ${status(...statusWord(server))}`}
      ${settings === undefined ? nothing : html`<br /><span class="muted">${settings.url} · ${settings.headers.length === 0 ? nothing : transferWords.headers(formatList(settings.headers))}</span>`}
      ${notes.map((note) => html`<br /><span class="muted">${note}</span>`)}
    </span>
    ${outcome === "created" && key !== undefined ? html`<a class="button" href=${router.href(serverPath(key))}>${transferWords.open}</a>` : nothing}
  </li>`;
}
