import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { AssistantState, Version, VersionDetail } from "../../../api/types.ts";
import { formatExactly } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import { showDialog } from "../../../parts/dialogs.ts";
import { icon } from "../../../parts/icon.ts";
import { show } from "../../../parts/states.ts";
import { fieldName } from "../editor/field-names.ts";
import { valueDifference } from "../editor/value-difference.ts";
import { differingFields } from "./differing-fields.ts";
import "./restore-form.ts";
import { versionsWords } from "./versions-words.ts";

type Settings = VersionDetail["settings"];

/** One version, compared with the one before or with what is published now. */
@customElement("desk-version")
export class DeskVersion extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  @property({ attribute: false }) assistant!: AssistantState;
  @property({ attribute: false }) version: string | undefined;
  @property({ attribute: false }) shown!: Version;
  @property({ type: Boolean }) isReadOnly = false;
  readonly #settings = new Resource<readonly [shown: Settings, before: Settings | undefined, now: Settings]>(this, {
    load: async (signal) => {
      const { number } = this.shown;
      const now = this.assistant.version ?? number;
      return Promise.all([this.#read(number, signal), number > 1 ? this.#read(number - 1, signal) : undefined, this.#read(now, signal)]);
    },
  });

  async #read(number: number, signal: AbortSignal): Promise<Settings> {
    return (await api.get<VersionDetail>(`/assistants/${this.assistantKey}/versions/${number}`, { signal })).body.settings;
  }

  override render() {
    const { number, at, note } = this.shown;
    const isNow = number === this.assistant.version;
    return html`<header class="dialog-head">
        <h2>${versionsWords.numbered(number)}</h2>
        <a class="button quiet icon-only" href=${router.href(router.place.path)} aria-label=${versionsWords.close}>${icon("close")}</a>
      </header>
      <p class="muted">${formatExactly(at)}</p>
      ${note === undefined ? nothing : html`<p>${note}</p>`}
      ${isNow || this.isReadOnly ? nothing : html`<p><button class="primary" @click=${() => void this.#restore()}>${icon("restore")}${versionsWords.restore}</button></p>`}
      ${show(this.#settings, ([shown, before, now]) => this.#differences(shown, before, now))}`;
  }

  #differences(shown: Settings, before: Settings | undefined, now: Settings): TemplateResult {
    const isNow = this.shown.number === this.assistant.version;
    const isAgainstNow = !isNow && (before === undefined || router.place.query.get("against") === "now");
    const side = (label: string, against: string | undefined, isChosen: boolean) =>
      html`<a
        class="button quiet"
        aria-current=${isChosen ? "true" : nothing}
        href=${router.href(router.place.path, { version: String(this.shown.number), against })}
        >${label}</a
      >`;
    const [from, to] = isAgainstNow ? [shown, now] : [before ?? shown, shown];
    const fields = differingFields(from, to);
    return html`<div class="segments">
        ${before === undefined ? nothing : side(versionsWords.againstBefore, undefined, !isAgainstNow)}
        ${isNow ? nothing : side(versionsWords.againstNow, "now", isAgainstNow)}
      </div>
      ${fields.length === 0 ? html`<p class="muted">${versionsWords.same}</p>` : nothing}
      ${fields.map(
        ({ path, before: one, after }) =>
          html`<h3>${fieldName(path)}</h3>
            ${valueDifference(path, one, after)}`,
      )}
      ${this.shown.changed.includes("/model/apiKey") && !isAgainstNow ? html`<p class="muted">${versionsWords.otherKey}</p>` : nothing}`;
  }

  async #restore(): Promise<void> {
    const [shown, , now] = this.#settings.value ?? [];
    const isElsewhere = shown?.model.provider !== now?.model.provider || shown?.model.baseUrl !== now?.model.baseUrl;
    let isBack = false;
    await showDialog(
      versionsWords.restoreTitle(this.shown.number),
      (close) =>
        html`<desk-restore
          .assistantKey=${this.assistantKey}
          .number=${this.shown.number}
          .version=${this.version}
          ?wantsKey=${isElsewhere}
          @done=${() => ((isBack = true), close())}
        ></desk-restore>`,
    );
    if (isBack) this.dispatchEvent(new CustomEvent("restored", { bubbles: true }));
  }
}
