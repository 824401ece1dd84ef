import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import type { Form } from "../../../foundation/form.ts";
import { formatNumber } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { router } from "../../../foundation/router.ts";
import { around, choiceField, idOf, textField } from "../../../parts/fields.ts";
import { icon } from "../../../parts/icon.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { isDrawn } from "../editor/field-names.ts";
import { contrastOf, DEFAULT_ACCENT, isColour, nearestThatPasses } from "./contrast.ts";
import { lookWords } from "./look-words.ts";

const THEMES = [
  ["", lookWords.system],
  ["light", lookWords.light],
  ["dark", lookWords.dark],
] as const;
const POSITIONS = [
  ["", lookWords.end],
  ["start", lookWords.start],
] as const;
const LANGUAGES = [
  ["", lookWords.pageLanguage],
  ["en", "English"],
  ["de", "Deutsch"],
] as const;

/** How the chat looks on the owner's pages. */
@customElement("desk-look")
export class DeskLook extends PageElement {
  @property({ attribute: false }) form!: Form<object>;
  @property({ attribute: false }) name = "";
  @property({ attribute: false }) assistantKey = "";
  @property({ type: Boolean }) isReadOnly = false;
  /** Changes whenever the form does, so that this is drawn anew. */
  @property({ attribute: false }) values: unknown;

  override render() {
    const { form, isReadOnly } = this;
    const field = { isReadOnly };
    return html`<form class="group" novalidate>
      <h2>${lookWords.title}</h2>
      <div class="note">
        ${icon("file")}
        <span>${lookWords.inTag} <a href=${router.href(`/assistants/${this.assistantKey}/install`)}>${lookWords.toInstall}</a></span>
      </div>
      ${this.#accent()}
      <div class="two">
        ${choiceField(form, { ...field, path: "/look/theme", label: lookWords.theme, options: THEMES })}
        ${choiceField(form, { ...field, path: "/look/position", label: lookWords.position, options: POSITIONS })}
        ${choiceField(form, { ...field, path: "/look/lang", label: lookWords.language, hint: lookWords.languageHint, options: LANGUAGES })}
        ${textField(form, { ...field, path: "/look/label", label: lookWords.label, placeholder: this.name, hint: lookWords.labelHint, isOptional: true })}
      </div>
      ${isReadOnly ? nothing : saveBar(form, { drawn: isDrawn })}
    </form>`;
  }

  #accent(): TemplateResult {
    const { form, isReadOnly } = this;
    const path = "/look/accent";
    const typed = form.text(path);
    const set = (event: Event): void => {
      const value = (event.currentTarget as HTMLInputElement).value.trim();
      form.set(path, value === "" ? undefined : value);
    };
    const box = html`<div class="colour-field">
      <input
        type="color"
        aria-label=${lookWords.picker}
        .value=${live(isColour(typed) ? typed : DEFAULT_ACCENT)}
        ?disabled=${isReadOnly}
        @input=${set}
      />
      <input
        id=${idOf(path)}
        class="code"
        .value=${live(typed)}
        placeholder=${DEFAULT_ACCENT}
        spellcheck="false"
        autocomplete="off"
        ?readonly=${isReadOnly}
        aria-describedby="${idOf(path)}-hint ${idOf(path)}-fault"
        aria-invalid=${form.fault(path) === undefined ? "false" : "true"}
        @input=${set}
      />
    </div>`;
    return html`${around(form, { path, label: lookWords.accent, hint: lookWords.accentHint, isOptional: true }, box)}
      <div role="status" aria-live="polite">${this.#contrast(typed === "" ? DEFAULT_ACCENT : typed)}</div>`;
  }

  #contrast(accent: string): TemplateResult | typeof nothing {
    if (!isColour(accent)) return nothing;
    const theme = (this.form.get("/look/theme") as "light" | "dark" | undefined) ?? "system";
    const { letters, text, surface, fault } = contrastOf(accent, theme);
    const numbers = html`${lookWords.letters(lookWords[letters], ratio(text))} ${lookWords.onPage(ratio(surface))}`;
    if (fault === undefined) return html`<p class="hint contrast">${icon("done")} ${numbers}</p>`;
    const better = nearestThatPasses(accent, theme);
    return html`<div class="note" data-tone="warning">
      ${icon("warning")}
      <div>
        <p><strong>${fault === "text" ? lookWords.hardText : lookWords.hardPage}</strong> ${numbers}</p>
        ${
          better === undefined || this.isReadOnly
            ? nothing
            : html`<button type="button" @click=${() => this.form.set("/look/accent", better)}>
                <span class="swatch" .style=${`background: ${better}`}></span>${lookWords.take(better)}
              </button>`
        }
      </div>
    </div>`;
  }
}

function ratio(value: number): string {
  return `${formatNumber(Math.floor(value * 10) / 10, 1)} : 1`;
}
