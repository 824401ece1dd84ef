import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Form } from "../../../foundation/form.ts";
import { conflictAt } from "../../../parts/conflict.ts";
import { idOf } from "../../../parts/fields.ts";
import { formWords } from "./form-words.ts";

const PATH = "/icon";
/** As a data: address it grows by a third, and the server takes 48 kB. */
const LARGEST = 32 * 1024;

/** A picture from this computer, or the address of one. */
export function iconField(
  form: Form<object>,
  { label, isReadOnly }: { readonly label: string; readonly isReadOnly: boolean },
): TemplateResult {
  const value = form.text(PATH);
  const isPicture = value.startsWith("data:");
  const id = idOf(PATH);
  const fault = form.fault(PATH);
  return html`<div class="field">
    <label class="label" for=${id}>${label}</label>
    <div class="icon-field">
      ${isPicture ? html`<img class="server-icon" src=${value} alt="" width="32" height="32" />` : nothing}
      ${
        isPicture
          ? html`<input id=${id} type="text" readonly .value=${live(`${value.slice(0, 40)}…`)} aria-describedby="${id}-hint ${id}-fault" />`
          : html`<input
              id=${id}
              type="url"
              placeholder="https://"
              autocomplete="off"
              .value=${live(value)}
              ?readonly=${isReadOnly}
              aria-describedby="${id}-hint ${id}-fault"
              aria-invalid=${fault === undefined ? "false" : "true"}
              @input=${(event: Event) => form.set(PATH, (event.currentTarget as HTMLInputElement).value)}
            />`
      }
      ${isReadOnly ? nothing : buttons(form, isPicture)}
    </div>
    <div id="${id}-hint" class="hint">${value.startsWith("https:") ? formWords.iconLater : formWords.iconHint}</div>
    <div id="${id}-fault" class="field-fault" ?hidden=${fault === undefined}>${fault}</div>
    ${conflictAt(form, PATH, (theirs) => (String(theirs ?? "").startsWith("data:") ? formWords.anotherPicture : String(theirs ?? "")))}
  </div>`;
}

function buttons(form: Form<object>, isPicture: boolean): TemplateResult {
  if (isPicture) return html`<button type="button" @click=${() => form.set(PATH, undefined)}>${formWords.removeIcon}</button>`;
  const press = (event: Event): void =>
    (event.currentTarget as HTMLElement).parentElement?.querySelector<HTMLInputElement>("input[type=file]")?.click();
  return html`<input
      type="file"
      hidden
      accept="image/png,image/jpeg,image/gif,image/webp"
      @change=${(event: Event) => void read(form, event)}
    /><button type="button" @click=${press}>${formWords.chooseIcon}</button>`;
}

async function read(form: Form<object>, event: Event): Promise<void> {
  const [file] = (event.currentTarget as HTMLInputElement).files ?? [];
  if (file === undefined) return;
  if (file.size > LARGEST) return form.refuse([{ path: PATH, message: formWords.iconTooLarge }]);
  const reader = new FileReader();
  reader.addEventListener("load", () => form.set(PATH, reader.result));
  reader.readAsDataURL(file);
}
