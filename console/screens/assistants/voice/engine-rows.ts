import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { TestAssistantVoiceBody } from "../../../api/types.ts";
import type { Form } from "../../../foundation/form.ts";
import { formatNumber } from "../../../foundation/format.ts";
import { conflictAt } from "../../../parts/conflict.ts";
import { icon } from "../../../parts/icon.ts";
import { focusNewRow } from "../../../parts/new-row.ts";
import { type DrawField, rowField, valueOf } from "../../../parts/row-field.ts";
import {
  type EngineKind,
  type EngineRow,
  hearingBody,
  needsModel,
  NEW_ENGINE,
  type Provider,
  PROVIDERS,
  SAMPLE_RATES,
  speakingBody,
  type VoiceForm,
} from "./voice-form.ts";
import type { EngineNames } from "./engine-test.ts";
import "./engine-test.ts";
import { voiceWords } from "./voice-words.ts";

interface Rows {
  readonly form: Form<VoiceForm>;
  readonly kind: EngineKind;
  readonly assistantKey: string;
  readonly isReadOnly: boolean;
  readonly mayTest: boolean;
}

interface RowParts extends Rows {
  readonly row: EngineRow;
  readonly at: number;
  readonly put: (change: Partial<EngineRow>) => void;
}

/** The engines of one kind, in the order in which they are asked. */
export function engineRows(given: Rows): TemplateResult {
  const { form, kind, isReadOnly } = given;
  const path = `/${kind}`;
  const rows = rowsOf(form, kind);
  const add = (event: Event): void => {
    const group = (event.currentTarget as HTMLElement).closest("fieldset");
    form.set(path, [...rows, NEW_ENGINE]);
    void focusNewRow(group, "[data-provider]");
  };
  return html`<fieldset class="rows">
    <legend>${voiceWords.kinds[kind]}</legend>
    <p class="hint">${voiceWords.kindHints[kind]}</p>
    ${rows.length === 0 ? html`<p class="muted">${voiceWords.noEngines[kind]}</p>` : nothing}
    ${rows.map((row, at) => {
      const put = (change: Partial<EngineRow>): void => form.set(path, rows.with(at, { ...row, ...change }));
      return engineRow({ ...given, row, at, put }, rows);
    })}
    ${isReadOnly ? nothing : html`<button type="button" @click=${add}>${icon("plus")}${voiceWords.addEngine[kind]}</button>`}
    ${conflictAt(form, path, (theirs) => ((theirs ?? []) as readonly EngineRow[]).map(({ provider, model }) => `${voiceWords.providers[provider]} ${model}`.trim()))}
  </fieldset>`;
}

function rowsOf(form: Form<VoiceForm>, kind: EngineKind): readonly EngineRow[] {
  return (form.get(`/${kind}`) ?? []) as readonly EngineRow[];
}

function engineRow(parts: RowParts, rows: readonly EngineRow[]): TemplateResult {
  const { form, kind, row, at, isReadOnly } = parts;
  const name = nameOf(at, row);
  const path = `/${kind}`;
  const isOurs = row.provider !== "browser";
  const fault = form.fault(`${path}/${at}`);
  const isOfField = Object.keys(NEW_ENGINE).some((field) => form.fault(`${path}/${at}/${field}`) !== undefined);
  return html`<fieldset class="engine" aria-label=${name}>
    <div class="engine-head">
      <p><strong>${name}</strong>${at === 0 ? nothing : html` <span class="muted">${voiceWords.askedLater}</span>`}</p>
      ${isReadOnly ? nothing : orderButtons(parts, rows, name)}
    </div>
    <div class="two">
      ${providerField(parts)}
      ${isOurs ? textBox(parts, "model", { label: voiceWords.model, hint: needsModel(kind, row.provider) ? voiceWords.modelNeeded : voiceWords.modelHint }) : nothing}
    </div>
    ${isOurs ? html`${addressField(parts)}${keyField(parts)}` : html`<p class="note">${icon("help")}<span>${voiceWords.browserHint[kind]}</span></p>`}
    <div class="two">
      ${textBox(parts, "language", { label: voiceWords.language, hint: voiceWords.languageHint, placeholder: "en" })}
      ${kind === "speaking" ? textBox(parts, "voice", { label: voiceWords.voice, hint: voiceWords.voiceHint }) : nothing}
      ${kind === "speaking" ? textBox(parts, "speed", { label: voiceWords.speed, hint: voiceWords.speedHint, placeholder: "1", isNumber: true }) : nothing}
      ${kind === "speaking" && isOurs ? sampleRateField(parts) : nothing}
    </div>
    ${fault === undefined || isOfField ? nothing : html`<div class="field-fault" role="alert">${fault}</div>`}
    ${parts.mayTest && isOurs ? html`<desk-engine-test .assistantKey=${parts.assistantKey} .engines=${pairOf(parts)} .names=${pairNames(parts)} .name=${name}></desk-engine-test>` : nothing}
  </fieldset>`;
}

function orderButtons({ form, kind, at }: RowParts, rows: readonly EngineRow[], name: string): TemplateResult {
  const set = (changed: readonly EngineRow[]): void => form.set(`/${kind}`, changed);
  const earlier = html`<button type="button" class="quiet" aria-label=${voiceWords.askEarlier(name)} @click=${() => set(swapped(rows, at))}>
    ${voiceWords.earlier}
  </button>`;
  return html`<div class="actions">
    ${at === 0 ? nothing : earlier}
    <button type="button" class="quiet" aria-label=${voiceWords.removeEngine(name)} @click=${() => set(rows.toSpliced(at, 1))}>
      ${icon("remove")}${voiceWords.remove}
    </button>
  </div>`;
}

function swapped(rows: readonly EngineRow[], at: number): readonly EngineRow[] {
  const [one, other] = [rows[at - 1], rows[at]];
  return one === undefined || other === undefined ? rows : rows.with(at - 1, other).with(at, one);
}

function nameOf(at: number, { provider }: EngineRow): string {
  return voiceWords.engineOf(at + 1, voiceWords.providers[provider]);
}

/** The first of the other kind that the server can ask, beside which an engine is tested. */
function otherOf({ form, kind }: RowParts): { readonly kind: EngineKind; readonly at: number; readonly row: EngineRow | undefined } {
  const other = kind === "hearing" ? "speaking" : "hearing";
  const rows = rowsOf(form, other);
  const at = rows.findIndex(({ provider }) => provider !== "browser");
  return { kind: other, at, row: rows[at] };
}

/** What the two that are tested are called on the page. */
function pairNames(parts: RowParts): EngineNames {
  const other = otherOf(parts);
  return { [parts.kind]: nameOf(parts.at, parts.row), ...(other.row === undefined ? {} : { [other.kind]: nameOf(other.at, other.row) }) };
}

function pairOf(parts: RowParts): TestAssistantVoiceBody | undefined {
  const { kind, row } = parts;
  const { row: other } = otherOf(parts);
  if (kind === "hearing") return other === undefined ? undefined : { speaking: speakingBody(other), hearing: hearingBody(row) };
  return { speaking: speakingBody(row), ...(other === undefined ? {} : { hearing: hearingBody(other) }) };
}

function providerField(parts: RowParts): TemplateResult {
  const { row, isReadOnly, put } = parts;
  return field(
    parts,
    "provider",
    { label: voiceWords.provider },
    (id, described, invalid) =>
      html`<select
        id=${id}
        data-provider
        .value=${live(row.provider)}
        ?disabled=${isReadOnly}
        aria-describedby=${described}
        aria-invalid=${invalid}
        @change=${(event: Event) => put({ provider: valueOf(event) as Provider, apiKey: "", isKept: false })}
      >
        ${PROVIDERS.map((one) => html`<option value=${one} ?selected=${one === row.provider}>${voiceWords.providers[one]}</option>`)}
      </select>`,
  );
}

/** Only few servers are not at their provider's own address. */
function addressField(parts: RowParts): TemplateResult {
  const { row } = parts;
  const isNeeded = row.provider === "openai-compatible";
  const drawn = textBox(parts, "baseUrl", {
    label: voiceWords.baseUrl,
    hint: isNeeded ? voiceWords.baseUrlNeeded : voiceWords.baseUrlHint,
    placeholder: "https://speech.example/v1",
  });
  if (isNeeded || row.baseUrl !== "") return drawn;
  return html`<details class="disclosure">
    <summary>${voiceWords.otherAddress}</summary>
    ${drawn}
  </details>`;
}

function keyField(parts: RowParts): TemplateResult {
  const { row, isReadOnly, put } = parts;
  if (isReadOnly) return html`<p class="muted">${row.isKept ? voiceWords.keySet : voiceWords.noKey}</p>`;
  return field(
    parts,
    "apiKey",
    { label: voiceWords.key, hint: row.isKept ? voiceWords.keyKept : voiceWords.keyHint },
    (id, described, invalid) =>
      html`<input
        id=${id}
        class="code"
        type="password"
        autocomplete="off"
        .value=${live(row.apiKey)}
        placeholder=${row.isKept ? voiceWords.keySet : ""}
        aria-describedby=${described}
        aria-invalid=${invalid}
        @input=${(event: Event) => put({ apiKey: valueOf(event) })}
      />`,
  );
}

function sampleRateField(parts: RowParts): TemplateResult {
  const { row, isReadOnly, put } = parts;
  return field(
    parts,
    "sampleRate",
    { label: voiceWords.sampleRate, hint: voiceWords.sampleRateHint },
    (id, described, invalid) =>
      html`<select
        id=${id}
        .value=${live(row.sampleRate)}
        ?disabled=${isReadOnly}
        aria-describedby=${described}
        aria-invalid=${invalid}
        @change=${(event: Event) => put({ sampleRate: valueOf(event) })}
      >
        <option value="" ?selected=${row.sampleRate === ""}>${voiceWords.asUsual}</option>
        ${SAMPLE_RATES.map((rate) => html`<option value=${rate} ?selected=${String(rate) === row.sampleRate}>${formatNumber(rate)} Hz</option>`)}
      </select>`,
  );
}

interface Said {
  readonly label: string;
  readonly hint?: string;
}

interface Box extends Said {
  readonly placeholder?: string;
  readonly isNumber?: boolean;
}

function textBox(parts: RowParts, name: "model" | "baseUrl" | "language" | "voice" | "speed", box: Box): TemplateResult {
  const { row, isReadOnly, put } = parts;
  return field(
    parts,
    name,
    box,
    (id, described, invalid) =>
      html`<input
        id=${id}
        class=${name === "model" || name === "baseUrl" ? "code" : ""}
        .type=${box.isNumber === true ? "number" : "text"}
        step=${box.isNumber === true ? "any" : nothing}
        autocomplete="off"
        spellcheck="false"
        .value=${live(row[name])}
        placeholder=${box.placeholder ?? ""}
        ?readonly=${isReadOnly}
        aria-describedby=${described}
        aria-invalid=${invalid}
        @input=${(event: Event) => put({ [name]: valueOf(event) })}
      />`,
  );
}

function field({ form, kind, at }: RowParts, name: keyof EngineRow, { label, hint }: Said, draw: DrawField): TemplateResult {
  return rowField({ id: `${kind}-${at}-${name}`, label, hint, fault: form.fault(`/${kind}/${at}/${name}`) }, draw);
}
