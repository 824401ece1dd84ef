import { html, nothing, render, type TemplateResult } from "lit";
import { partWords } from "./part-words.ts";

/** Where a dialog is drawn. Web Awesome's dialog comes with the first one. */
async function open(draw: (done: () => void) => TemplateResult): Promise<void> {
  await import("@awesome.me/webawesome/dist/components/dialog/dialog.js");
  const place = document.body.appendChild(document.createElement("div"));
  await new Promise<void>((resolve) => {
    render(draw(resolve), place);
  });
  render(nothing, place);
  place.remove();
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
export async function ask(question: Question): Promise<boolean> {
  let answer = false;
  const { title, text, confirm, cancel = partWords.cancel, isDangerous = false, typeName } = question;
  await open((done) => {
    const close = (event: Event, yes: boolean): void => {
      answer = yes;
      const dialog = (event.currentTarget as HTMLElement).closest("wa-dialog") as (HTMLElement & { open: boolean }) | null;
      if (dialog !== null) dialog.open = false;
    };
    const typed = (event: Event): void => {
      const input = event.currentTarget as HTMLInputElement;
      const button = input.closest("wa-dialog")?.querySelector<HTMLButtonElement>("[data-confirm]");
      if (button) button.disabled = input.value.trim() !== typeName;
    };
    return html`<wa-dialog label=${title} open light-dismiss without-header @wa-after-hide=${done}>
      <form @submit=${(event: Event) => (event.preventDefault(), close(event, true))}>
        <h2>${title}</h2>
        ${typeof text === "string" ? html`<p>${text}</p>` : text}
        ${
          typeName === undefined
            ? nothing
            : html`<label class="field"
                ><span class="label">${partWords.typeName(typeName)}</span><input autofocus autocomplete="off" @input=${typed}
              /></label>`
        }
        <div class="actions">
          <button type="button" ?autofocus=${typeName === undefined} @click=${(event: Event) => close(event, false)}>${cancel}</button>
          <button class=${isDangerous ? "danger" : "primary"} data-confirm ?disabled=${typeName !== undefined}>${confirm}</button>
        </div>
      </form>
    </wa-dialog>`;
  });
  return answer;
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
export async function showDialog(title: string, draw: (close: () => void) => TemplateResult, { wide = false } = {}): Promise<void> {
  await open((done) => {
    const close = (): void => {
      const dialogs = document.querySelectorAll<HTMLElement & { open: boolean }>("body > div > wa-dialog");
      const last = dialogs.item(dialogs.length - 1);
      if (last !== null) last.open = false;
    };
    return html`<wa-dialog
      class=${wide ? "wide" : ""}
      label=${title}
      open
      without-header
      @wa-after-hide=${(event: Event) => event.target === event.currentTarget && done()}
    >
      <header class="dialog-head">
        <h2>${title}</h2>
        <button type="button" class="quiet icon-only" aria-label=${partWords.close} @click=${close}>✕</button>
      </header>
      ${draw(close)}
    </wa-dialog>`;
  });
}
