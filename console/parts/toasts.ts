import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { ApiProblem } from "../api/problem.ts";
import { PageElement } from "../foundation/page-element.ts";
import { icon } from "./icon.ts";
import { partWords } from "./part-words.ts";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: "said" | "fault";
  readonly undo?: () => Promise<void>;
  readonly about?: string;
}

interface More {
  readonly kind?: Toast["kind"];
  readonly undo?: () => Promise<void>;
  /** What it is the newest word on: what was said of that before goes. */
  readonly about?: string;
}

/** Long enough to read it and to reach Undo; a fault stays until it is closed. */
const SHOWN_MS = 8_000;

/** What happened, said in passing, at the edge of the page and to screen readers. */
@customElement("desk-toasts")
export class DeskToasts extends PageElement {
  #toasts: readonly Toast[] = [];
  #next = 1;
  #cameFrom: HTMLElement | undefined;

  show(text: string, { kind = "said", ...more }: More = {}): void {
    const toast: Toast = { id: this.#next++, text, kind, ...more };
    const others = this.#toasts.filter(({ about }) => about === undefined || about !== more.about);
    this.#toasts = [...others.slice(-2), toast];
    this.requestUpdate();
    if (kind === "said") setTimeout(() => this.#close(toast), SHOWN_MS);
  }

  #close(toast: Toast): void {
    // Whoever is about to press Undo gets more time.
    if (this.contains(document.activeElement) || this.matches(":hover")) return void setTimeout(() => this.#close(toast), SHOWN_MS);
    this.#remove(toast);
  }

  #remove(toast: Toast): void {
    const hadFocus = this.contains(document.activeElement);
    this.#toasts = this.#toasts.filter((other) => other !== toast);
    this.requestUpdate();
    if (hadFocus) void this.updateComplete.then(() => this.#giveBackFocus());
  }

  /** Whoever pressed Undo goes on where they were. */
  #giveBackFocus(): void {
    if (document.activeElement !== document.body) return;
    const before = this.#cameFrom?.isConnected === true ? this.#cameFrom : document.querySelector<HTMLElement>("main");
    before?.focus({ preventScroll: true });
  }

  #entered({ relatedTarget }: FocusEvent): void {
    if (relatedTarget instanceof HTMLElement && !this.contains(relatedTarget)) this.#cameFrom = relatedTarget;
  }

  async #undo(toast: Toast): Promise<void> {
    this.#remove(toast);
    try {
      await toast.undo?.();
      this.show(partWords.undone);
    } catch (error) {
      this.show(error instanceof Error ? error.message : String(error), { kind: "fault" });
    }
  }

  override render() {
    return html`<div role="status" aria-live="polite" @focusin=${(event: FocusEvent) => this.#entered(event)}>
      ${repeat(
        this.#toasts,
        ({ id }) => id,
        (toast) =>
          html`<div class="toast" data-kind=${toast.kind}>
            ${icon(toast.kind === "said" ? "done" : "alert")}
            <span>${toast.text}</span>
            ${toast.undo === undefined ? nothing : html`<button class="quiet" @click=${() => void this.#undo(toast)}>${partWords.undo}</button>`}
            <button class="quiet icon-only" aria-label=${partWords.close} @click=${() => this.#remove(toast)}>${icon("close")}</button>
          </div>`,
      )}
    </div>`;
  }
}

/** Says something in passing. `undo` takes back what was done. */
export function toast(text: string, more: More = {}): void {
  document.querySelector<DeskToasts>("desk-toasts")?.show(text, more);
}

/** Says what went wrong with something that has no place of its own. */
export function toastFault(error: unknown): void {
  // The page asks for the sign-in by itself.
  if (error instanceof ApiProblem && error.code === "unauthenticated") return;
  toast(error instanceof Error ? error.message : String(error), { kind: "fault" });
}

/** False: the browser refused. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    toast(partWords.copied);
    return true;
  } catch {
    toast(partWords.notCopied, { kind: "fault" });
    return false;
  }
}
