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
import { status } from "../../../parts/status.ts";
import { differingFields } from "./differing-fields.ts";
import "./restore-form.ts";
import { settingsDifferences } from "./settings-differences.ts";
import { versionsWords } from "./versions-words.ts";

type Settings = VersionDetail["settings"];

/** One version: what it changed, and what going back to it would change. */
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

  #publishedNumber: number | undefined;

  /** Something else is published now. */
  override willUpdate(): void {
    const { version } = this.assistant;
    if (this.#publishedNumber !== undefined && version !== this.#publishedNumber) void this.#settings.reload();
    this.#publishedNumber = version;
  }

  async #read(number: number, signal: AbortSignal): Promise<Settings> {
    return (await api.get<VersionDetail>(`/assistants/${this.assistantKey}/versions/${number}`, { signal })).body.settings;
  }

  override render() {
    const { number, at, note } = this.shown;
    return html`<header class="dialog-head">
        <h2>${versionsWords.numbered(number)}</h2>
        <a class="button quiet icon-only" href=${router.href(router.place.path)} aria-label=${versionsWords.close}>${icon("close")}</a>
      </header>
      <p class="muted">${formatExactly(at)}</p>
      ${note === undefined ? nothing : html`<p>${note}</p>`}
      ${show(this.#settings, ([shown, before, now]) => html`${this.#wayBack(shown, now)}${this.#differences(shown, before, now)}`)}`;
  }

  #wayBack(shown: Settings, now: Settings): TemplateResult | typeof nothing {
    if (this.shown.number === this.assistant.version) return nothing;
    if (differingFields(now, shown).length === 0) return html`<p>${status("good", versionsWords.asNow)}</p>`;
    if (this.isReadOnly) return nothing;
    return html`<p>
      <button class="primary" @click=${() => void this.#restore(shown, now)}>${icon("restore")}${versionsWords.restore}</button>
    </p>`;
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
    const [from, to] = isAgainstNow ? [now, shown] : [before ?? shown, shown];
    const fields = differingFields(from, to);
    return html`<div class="segments">
        ${before === undefined ? nothing : side(versionsWords.againstBefore, undefined, !isAgainstNow)}
        ${isNow ? nothing : side(versionsWords.againstNow, "now", isAgainstNow)}
      </div>
      ${fields.length === 0 ? html`<p class="muted">${versionsWords.same}</p>` : nothing} ${settingsDifferences(fields)}
      ${this.shown.changed.includes("/model/apiKey") && !isAgainstNow ? html`<p class="muted">${versionsWords.otherKey}</p>` : nothing}`;
  }

  async #restore(shown: Settings, now: Settings): Promise<void> {
    const isElsewhere = shown.model.provider !== now.model.provider || shown.model.baseUrl !== now.model.baseUrl;
    let isBack = false;
    await showDialog(
      versionsWords.restoreTitle(this.shown.number),
      (close) =>
        html`<desk-restore
          .assistantKey=${this.assistantKey}
          .number=${this.shown.number}
          .version=${this.version}
          .now=${now}
          .target=${shown}
          ?wantsKey=${isElsewhere}
          @done=${() => ((isBack = true), close())}
        ></desk-restore>`,
      { wide: true },
    );
    if (isBack) this.dispatchEvent(new CustomEvent("restored", { bubbles: true }));
  }
}
