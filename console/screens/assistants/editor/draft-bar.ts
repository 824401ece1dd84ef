import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { Draft } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { ask, showDialog } from "../../../parts/dialogs.ts";
import { icon } from "../../../parts/icon.ts";
import { ago } from "../../../parts/status.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { draftWords } from "./draft-words.ts";
import { fieldName } from "./field-names.ts";
import "./publish-form.ts";
import type { valueDifference } from "./value-difference.ts";
import { textOfValue } from "./value-text.ts";

type Field = Draft["fields"][number];

/** What is saved and not published: which fields, and what becomes of them. */
@customElement("desk-draft-bar")
export class DeskDraftBar extends PageElement {
  @property({ attribute: false }) draft!: Draft;
  /** Of the draft. */
  @property({ attribute: false }) version: string | undefined;
  /** Saves what is typed; undefined: that was refused. */
  @property({ attribute: false }) saveFirst: () => Promise<string | undefined> = async () => this.version;
  @state() private isOpen = false;
  @state() private isBusy = false;
  /** Its file comes when somebody looks. */
  #difference: typeof valueDifference | undefined;
  /** Fields that both changed, of which the published value is taken. */
  #take = new Set<string>();

  get #isOvertaken(): boolean {
    return this.draft.basedOn !== this.draft.published;
  }

  override render() {
    const { draft } = this;
    const own = draft.fields.filter(({ changed }) => changed !== "published");
    return html`<section class="draft-bar" aria-label=${draftWords.label}>
      <div class="draft-line">
        <p>
          <strong>${draftWords.changes(own.length)}</strong>
          ${draft.changedAt === undefined ? nothing : html`<span class="muted">${draft.changedBy?.name ?? ""} · ${ago(draft.changedAt)}</span>`}
        </p>
        <div class="actions">
          <button
            class="quiet"
            aria-expanded=${this.isOpen ? "true" : "false"}
            aria-controls="draft-changes"
            @click=${() => void this.#toggle()}
          >
            ${this.isOpen ? draftWords.hide : draftWords.show}
          </button>
          <button aria-disabled=${this.isBusy ? "true" : "false"} @click=${() => void this.#discard(own)}>${draftWords.discard}</button>
          ${this.#isOvertaken ? nothing : html`<button class="primary" aria-disabled=${this.isBusy ? "true" : "false"} @click=${() => void this.#publish()}>${draftWords.publish}</button>`}
        </div>
      </div>
      ${this.#isOvertaken ? this.#overtaken() : nothing}
      <div id="draft-changes" ?hidden=${!this.isOpen}>${this.isOpen ? own.map((field) => this.#changed(field)) : nothing}</div>
    </section>`;
  }

  async #toggle(): Promise<void> {
    this.#difference ??= (await import("./value-difference.ts")).valueDifference;
    this.isOpen = !this.isOpen;
  }

  #changed({ path, base, draft }: Field): TemplateResult {
    return html`<h3>${fieldName(path)}</h3>
      ${path === "/model/apiKey" ? html`<p class="muted">${draftWords.otherKey}</p>` : this.#difference?.(path, base, draft)}`;
  }

  /** Somebody published since: field by field, mine or theirs. */
  #overtaken(): TemplateResult {
    const both = this.draft.fields.filter(({ changed }) => changed === "both");
    return html`<div class="note" data-tone="warning" role="alert">
      ${icon("warning")}
      <div>
        <p>
          <strong>${draftWords.overtaken(this.draft.published)}</strong> ${both.length === 0 ? draftWords.noConflict : draftWords.choose}
        </p>
        ${both.map((field) => this.#choice(field))}
        <button class="primary" aria-disabled=${this.isBusy ? "true" : "false"} @click=${() => void this.#rebase()}>
          ${draftWords.rebase}
        </button>
      </div>
    </div>`;
  }

  #choice(field: Field): TemplateResult {
    const { path, draft, published } = field;
    const pick = (isTheirs: boolean): void => {
      if (isTheirs) this.#take.add(path);
      else this.#take.delete(path);
      this.requestUpdate();
    };
    const one = (isTheirs: boolean, label: string, value: unknown) =>
      html`<label class="draft-side"
        ><input type="radio" name="side${path}" .checked=${this.#take.has(path) === isTheirs} @change=${() => pick(isTheirs)} />
        <span>${label}</span>
        <pre>${textOfValue(path, value)}</pre>
      </label>`;
    return html`<fieldset class="draft-choice">
      <legend>${fieldName(path)}</legend>
      ${one(false, draftWords.mine, draft)} ${one(true, draftWords.theirs, published)}
    </fieldset>`;
  }

  async #publish(): Promise<void> {
    const version = await this.#busy(() => this.saveFirst());
    if (version === undefined) return;
    const { key } = this.draft;
    let happened: "draft-ended" | "draft-changed" | undefined;
    await showDialog(
      draftWords.publishTitle,
      (close) =>
        html`<desk-publish
          .assistantKey=${key}
          .version=${version}
          .names=${this.draft.fields.map(({ path }) => fieldName(path))}
          @done=${() => ((happened = "draft-ended"), close())}
          @overtaken=${() => ((happened = "draft-changed"), close())}
        ></desk-publish>`,
    );
    // When the dialog is gone: it gives the focus back first.
    if (happened !== undefined) this.dispatchEvent(new CustomEvent(happened));
  }

  async #discard(own: readonly Field[]): Promise<void> {
    const isSure = await ask({
      title: draftWords.discardTitle,
      text: draftWords.discardText(own.map(({ path }) => fieldName(path)).join(", ")),
      confirm: draftWords.discard,
      isDangerous: true,
    });
    if (!isSure) return;
    await this.#send(async () => {
      await api.delete(`/assistants/${this.draft.key}/draft`, this.version);
      toast(draftWords.discarded);
      this.dispatchEvent(new CustomEvent("draft-discarded"));
    });
  }

  async #rebase(): Promise<void> {
    await this.#send(async () => {
      await api.post(`/assistants/${this.draft.key}/draft/rebase`, { take: [...this.#take] }, { version: this.version });
      this.#take = new Set();
      toast(draftWords.rebased);
      this.dispatchEvent(new CustomEvent("draft-changed"));
    });
  }

  async #send(act: () => Promise<void>): Promise<void> {
    await this.#busy(async () => {
      try {
        await act();
      } catch (error) {
        toastFault(error);
        if (error instanceof ApiProblem && error.code === "version-changed") this.dispatchEvent(new CustomEvent("draft-changed"));
      }
    });
  }

  async #busy<Result>(act: () => Promise<Result>): Promise<Result> {
    this.isBusy = true;
    try {
      return await act();
    } finally {
      this.isBusy = false;
    }
  }
}
