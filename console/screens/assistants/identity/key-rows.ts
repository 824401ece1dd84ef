import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Form } from "../../../foundation/form.ts";
import { conflictAt } from "../../../parts/conflict.ts";
import { copyField } from "../../../parts/copy-field.ts";
import { icon } from "../../../parts/icon.ts";
import { focusNewRow } from "../../../parts/new-row.ts";
import { type DrawField, rowField, valueOf } from "../../../parts/row-field.ts";
import { type Algorithm, ALGORITHMS, type IdentityForm, type KeyRow, makeSecret, NEW_KEY } from "./identity-form.ts";
import { identityWords } from "./identity-words.ts";

const PATH = "/keys";

interface KeyParts {
  readonly form: Form<IdentityForm>;
  readonly row: KeyRow;
  readonly at: number;
  readonly isReadOnly: boolean;
  readonly put: (change: Partial<KeyRow>) => void;
}

/** The keys that tokens are checked with. Of one that is kept, only the secret or the public key can change. */
export function keyRows(form: Form<IdentityForm>, isReadOnly: boolean): TemplateResult {
  const rows = (form.get(PATH) ?? []) as readonly KeyRow[];
  const add = (event: Event): void => {
    const group = (event.currentTarget as HTMLElement).closest("fieldset");
    form.set(PATH, [...rows, NEW_KEY]);
    void focusNewRow(group, "[data-kid]");
  };
  const fault = rows.length === 0 || form.fault(`${PATH}/0`) === undefined ? form.fault(PATH) : undefined;
  const isOfRow = rows.some((_, at) => form.fault(`${PATH}/${at}`) !== undefined);
  return html`<fieldset class="rows identity-keys">
    <legend>${identityWords.keys}</legend>
    <p class="hint">${identityWords.keysHint}</p>
    ${rows.length === 0 ? html`<p class="muted">${identityWords.noKeys}</p>` : nothing}
    ${rows.map((row, at) => {
      const put = (change: Partial<KeyRow>): void => form.set(PATH, rows.with(at, { ...row, ...change }));
      return keyRow({ form, row, at, isReadOnly, put }, () => form.set(PATH, rows.toSpliced(at, 1)));
    })}
    ${fault === undefined || isOfRow ? nothing : html`<div class="field-fault" role="alert">${fault}</div>`}
    ${isReadOnly ? nothing : html`<button type="button" @click=${add}>${icon("plus")}${identityWords.addKey}</button>`}
    ${conflictAt(form, PATH, (theirs) => ((theirs ?? []) as readonly KeyRow[]).map(({ kid, algorithm }) => `${kid}: ${algorithm}`))}
  </fieldset>`;
}

function keyRow(parts: KeyParts, remove: () => void): TemplateResult {
  const { form, row, at, isReadOnly, put } = parts;
  const { kid, algorithm, isKept } = row;
  const name = isKept ? identityWords.keyOf(kid) : identityWords.keyOf("");
  return html`<fieldset class="identity-key" aria-label=${name}>
    <div class="two">
      ${keyField(
        parts,
        "kid",
        [identityWords.kid, identityWords.kidHint],
        (id, described, invalid) =>
          html`<input
            id=${id}
            class="code"
            data-kid
            autocomplete="off"
            spellcheck="false"
            .value=${live(kid)}
            ?readonly=${isReadOnly || isKept}
            aria-describedby=${described}
            aria-invalid=${invalid}
            @input=${(event: Event) => put({ kid: valueOf(event) })}
          />`,
      )}
      ${keyField(
        parts,
        "algorithm",
        [identityWords.algorithm],
        (id, described, invalid) =>
          html`<select
            id=${id}
            .value=${live(algorithm)}
            ?disabled=${isReadOnly || isKept}
            aria-describedby=${described}
            aria-invalid=${invalid}
            @change=${(event: Event) => put({ algorithm: valueOf(event) as Algorithm, secret: "", isMade: false })}
          >
            ${ALGORITHMS.map((one) => html`<option value=${one} ?selected=${one === algorithm}>${identityWords.algorithms[one]}</option>`)}
          </select>`,
      )}
    </div>
    ${algorithm === "HS256" ? secretField(parts) : publicKeyField(parts)}
    ${isReadOnly ? nothing : html`<button type="button" class="quiet" @click=${remove}>${icon("remove")}${identityWords.removeKey(isKept ? kid : "")}</button>`}
    ${form.fault(`${PATH}/${at}`) === undefined || hasFieldFault(parts) ? nothing : html`<div class="field-fault">${form.fault(`${PATH}/${at}`)}</div>`}
  </fieldset>`;
}

function secretField(parts: KeyParts): TemplateResult {
  const { row, isReadOnly, put } = parts;
  const { secret, isKept, isMade } = row;
  const make = html`<button type="button" @click=${() => put({ secret: makeSecret(), isMade: true })}>
    ${isMade || isKept ? identityWords.makeAnother : identityWords.make}
  </button>`;
  if (isMade)
    return html`<div class="field">
      <span class="label">${identityWords.secret}</span>
      ${copyField(identityWords.secret, secret)}
      <p class="note" data-tone="warning" role="status">${icon("warning")}<span>${identityWords.made}</span></p>
      ${make}
    </div>`;
  return html`${keyField(
    parts,
    "secret",
    [identityWords.secret, identityWords.secretHint],
    (id, described, invalid) =>
      html`<input
        id=${id}
        class="code"
        type="password"
        autocomplete="new-password"
        .value=${live(secret)}
        placeholder=${isKept ? identityWords.secretKept : ""}
        ?readonly=${isReadOnly}
        aria-describedby=${described}
        aria-invalid=${invalid}
        @input=${(event: Event) => put({ secret: valueOf(event) })}
      />`,
  )}
  ${isReadOnly ? nothing : make}`;
}

function publicKeyField(parts: KeyParts): TemplateResult {
  const { row, isReadOnly, put } = parts;
  return keyField(
    parts,
    "publicKey",
    [identityWords.publicKey, identityWords.publicKeyHint],
    (id, described, invalid) =>
      html`<textarea
        id=${id}
        class="code"
        rows="4"
        spellcheck="false"
        .value=${live(row.publicKey)}
        ?readonly=${isReadOnly}
        aria-describedby=${described}
        aria-invalid=${invalid}
        @input=${(event: Event) => put({ publicKey: valueOf(event) })}
      ></textarea>`,
  );
}

function keyField({ form, at }: KeyParts, name: keyof KeyRow, [label, hint]: readonly [string, string?], draw: DrawField): TemplateResult {
  return rowField({ id: `key-${at}-${name}`, label, hint, fault: form.fault(`${PATH}/${at}/${name}`) }, draw);
}

function hasFieldFault({ form, at }: KeyParts): boolean {
  return ["kid", "algorithm", "secret", "publicKey"].some((name) => form.fault(`${PATH}/${at}/${name}`) !== undefined);
}
