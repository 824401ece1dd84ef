import { html, nothing, render, type TemplateResult } from "lit";
import { PLACE_CHANGED, router } from "../foundation/router.ts";
import { icon } from "./icon.ts";
import { partWords } from "./part-words.ts";

let opened = 0;

interface Options {
  readonly wide?: boolean;
  /** Asked before it is closed: what is in it may be seen only once. */
  readonly mayClose?: () => boolean | Promise<boolean>;
}

/**
 * Opens the browser's own modal dialog, and waits until it is closed: by `close`, Escape, or a press outside. The focus
 * goes to what has `data-begins`, and back to where it was.
 */
async function open(draw: (close: () => void, titleId: string) => TemplateResult, { wide = false, mayClose }: Options = {}): Promise<void> {
  const titleId = `dialog-${++opened}`;
  const dialog = document.body.appendChild(document.createElement("dialog"));
  dialog.setAttribute("aria-labelledby", titleId);
  dialog.classList.toggle("wide", wide);
  // A press that begins inside and ends outside, such as when text is selected, closes nothing.
  let began: EventTarget | null = null;
  dialog.addEventListener("pointerdown", (event) => (began = event.target));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && began === dialog) close();
  });
  const close = (): void => void askedToClose(dialog, mayClose);
  const letGo = mayClose === undefined ? undefined : holdOpen(dialog, close);
  // Whoever goes elsewhere, for instance by the browser's Back, leaves the dialog behind as well.
  const left = (event: Event): void => {
    if ((event as CustomEvent<{ left: boolean }>).detail.left) dialog.close();
  };
  router.addEventListener(PLACE_CHANGED, left);
  const closed = new Promise<void>((resolve) => dialog.addEventListener("close", () => resolve(), { once: true }));
  render(html`<div class="dialog-body">${draw(close, titleId)}</div>`, dialog);
  // What is drawn inside has its fields before the dialog looks for the one to focus.
  for (const one of dialog.querySelectorAll<Element & { updateComplete?: Promise<unknown> }>("*"))
    if (one.updateComplete) await one.updateComplete;
  dialog.showModal();
  // `autofocus` would do it as well, but the browser complains of one that it has no use for.
  dialog.querySelector<HTMLElement>("[data-begins]")?.focus();
  await closed;
  letGo?.();
  router.removeEventListener(PLACE_CHANGED, left);
  render(nothing, dialog);
  dialog.remove();
}

async function askedToClose(dialog: HTMLDialogElement, mayClose: Options["mayClose"]): Promise<void> {
  if (mayClose === undefined || (await mayClose())) dialog.close();
}

/** Escape asks as well; the browser would close at the second one without asking anybody. */
function holdOpen(dialog: HTMLDialogElement, close: () => void): () => void {
  dialog.setAttribute("closedby", "none");
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || [...document.querySelectorAll("dialog[open]")].at(-1) !== dialog) return;
    event.preventDefault();
    close();
  };
  // The focus may be nowhere: what had it is gone with what was drawn before.
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}

interface Question {
  readonly title: string;
  readonly text: string | TemplateResult;
  readonly confirm: string;
  readonly cancel?: string;
  readonly isDangerous?: boolean;
  /** What cannot be undone: this has to be typed first. */
  readonly typeName?: string;
}

/** Asks, and waits for the answer. Escape, and a press outside, mean no. */
export async function ask({ title, text, confirm, cancel = partWords.cancel, isDangerous = false, typeName }: Question): Promise<boolean> {
  let answer = false;
  await open((close, titleId) => {
    const yes = (event: Event): void => {
      event.preventDefault();
      answer = true;
      close();
    };
    const typed = (event: Event): void => {
      const input = event.currentTarget as HTMLInputElement;
      const button = input.form?.querySelector<HTMLButtonElement>("[data-confirm]");
      if (button) button.disabled = typeable(input.value) !== typeable(typeName ?? "");
    };
    return html`<form novalidate @submit=${yes}>
      <h2 id=${titleId}>${title}</h2>
      ${typeof text === "string" ? html`<p>${text}</p>` : text}
      ${
        typeName === undefined
          ? nothing
          : html`<label class="field"
              ><span class="label">${partWords.typeName(typeName)}</span><input data-begins autocomplete="off" @input=${typed}
            /></label>`
      }
      <div class="actions">
        <button type="button" ?data-begins=${typeName === undefined} @click=${close}>${cancel}</button>
        <button class=${isDangerous ? "danger" : "primary"} data-confirm ?disabled=${typeable(typeName ?? "") !== ""}>${confirm}</button>
      </div>
    </form>`;
  });
  return answer;
}

/** A name as people see and type it: it may have blanks around it or in a row, and characters that nobody sees. */
function typeable(name: string): string {
  return name
    .normalize("NFC")
    .replace(/[^\P{C}\s]+/gu, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** For `Form`: whether the person leaves a page with changes. */
export async function askToLeave(): Promise<boolean> {
  return ask({
    title: partWords.leaveTitle,
    text: partWords.leaveText,
    confirm: partWords.discard,
    cancel: partWords.keepEditing,
    isDangerous: true,
  });
}

/**
 * A dialog with a form or text of its own. `draw` is given what closes it; a screen's changes do not reach it, so what
 * changes inside is an element of its own.
 */
export async function showDialog(title: string, draw: (close: () => void) => TemplateResult, options: Options = {}): Promise<void> {
  await open(
    (close, titleId) =>
      html`<header class="dialog-head">
          <h2 id=${titleId}>${title}</h2>
          <button type="button" class="quiet icon-only" aria-label=${partWords.close} @click=${close}>${icon("close")}</button>
        </header>
        ${draw(close)}`,
    options,
  );
}
