import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Form } from "../../../foundation/form.ts";
import { conflictAt, textOf } from "../../../parts/conflict.ts";
import { idOf } from "../../../parts/fields.ts";
import { formWords } from "./form-words.ts";

const PATH = "/icon";
/** As a data: address it grows by a third, and the server takes 48 kB. */
const LARGEST = 32 * 1024;

/** How a file of each kind begins; the name of a file says nothing. */
const KINDS: readonly (readonly [type: string, is: (bytes: string) => boolean])[] = [
  ["image/png", (bytes) => bytes.startsWith("\x89PNG\r\n\x1a\n")],
  ["image/jpeg", (bytes) => bytes.startsWith("\xff\xd8\xff")],
  ["image/gif", (bytes) => bytes.startsWith("GIF87a") || bytes.startsWith("GIF89a")],
  ["image/webp", (bytes) => bytes.startsWith("RIFF") && bytes.startsWith("WEBP", 8)],
];

/** A picture that is chosen or pasted: it is kept with the server, and nothing is fetched from another host. */
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
      <input
        id=${id}
        type="text"
        readonly
        placeholder=${isReadOnly ? "" : formWords.pasteIcon}
        .value=${live(isPicture ? formWords.iconChosen : value)}
        aria-describedby="${id}-hint ${id}-fault"
        aria-invalid=${fault === undefined ? "false" : "true"}
        @paste=${(event: ClipboardEvent) => isReadOnly || pasted(form, event)}
      />
      ${isReadOnly ? nothing : buttons(form, value !== "")}
    </div>
    <div id="${id}-hint" class="hint">${value.startsWith("https:") ? formWords.iconLater : formWords.iconHint}</div>
    <div id="${id}-fault" class="field-fault" ?hidden=${fault === undefined}>${fault}</div>
    ${conflictAt(form, PATH, (theirs) => (textOf(theirs).startsWith("data:") ? formWords.anotherPicture : textOf(theirs)))}
  </div>`;
}

function buttons(form: Form<object>, hasOne: boolean): TemplateResult {
  const press = (event: Event): void =>
    (event.currentTarget as HTMLElement).parentElement?.querySelector<HTMLInputElement>("input[type=file]")?.click();
  const chosen = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file !== undefined) void read(form, file);
    // The same file may be chosen again.
    input.value = "";
  };
  return html`<input type="file" hidden accept=${KINDS.map(([type]) => type).join(",")} @change=${chosen} /><button
      type="button"
      @click=${press}
    >
      ${formWords.chooseIcon}
    </button>
    ${hasOne ? html`<button type="button" @click=${() => form.set(PATH, undefined)}>${formWords.removeIcon}</button>` : nothing}`;
}

function pasted(form: Form<object>, event: ClipboardEvent): void {
  event.preventDefault();
  const [file] = event.clipboardData?.files ?? [];
  if (file === undefined) form.refuse([{ path: PATH, message: formWords.noPicture }]);
  else void read(form, file);
}

async function read(form: Form<object>, file: File): Promise<void> {
  const refuse = (message: string): void => form.refuse([{ path: PATH, message }]);
  if (file.size > LARGEST) return refuse(formWords.iconTooLarge);
  const bytes = Array.from(new Uint8Array(await file.arrayBuffer()), (byte) => String.fromCharCode(byte)).join("");
  const type = KINDS.find(([, is]) => is(bytes))?.[0];
  if (type === undefined) return refuse(formWords.noPicture);
  form.set(PATH, `data:${type};base64,${btoa(bytes)}`);
}
