import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { api, type Page } from "../../../api/client.ts";
import type { CannedReply } from "../../../api/types.ts";
import { LANGUAGE } from "../../../foundation/words.ts";
import { router } from "../../../foundation/router.ts";
import { replyWords } from "./reply-words.ts";

/** What is asked for at once: whoever wants another one types more of its name. */
const SHOWN = 8;
/** A `/` at the beginning of a word, and what follows it up to the cursor. */
const ASKED = /(^|\s)\/([^\s/]{0,60})$/;

/** The canned replies that a `/` in the text field opens, filled with the values of this moment. */
export class CannedChoice implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #replies: readonly CannedReply[] | undefined;
  #query: string | undefined;
  #at = 0;
  #running: AbortController | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.close();
  }

  get isOpen(): boolean {
    return this.#query !== undefined;
  }

  /** The option that Enter takes, for `aria-activedescendant`. */
  get activeId(): string | undefined {
    return this.#replies?.[this.#at] === undefined ? undefined : `canned-${this.#at}`;
  }

  /** Call it when the text changes. */
  look(field: HTMLTextAreaElement, conversationId: string): void {
    const found = ASKED.exec(field.value.slice(0, field.selectionStart));
    if (found === null) return this.close();
    const query = found[2] ?? "";
    if (query === this.#query) return;
    this.#query = query;
    void this.#load(conversationId, query);
  }

  close(): void {
    this.#running?.abort();
    if (this.#query === undefined) return;
    this.#query = this.#replies = undefined;
    this.#host.requestUpdate();
  }

  /** Whether the key was for the list. `take` is given what was chosen. */
  pressed(event: KeyboardEvent, take: (reply: CannedReply) => void): boolean {
    const replies = this.#replies ?? [];
    if (!this.isOpen) return false;
    if (event.key === "Escape") this.close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (replies.length > 0) this.#at = (this.#at + step + replies.length) % replies.length;
      this.#host.requestUpdate();
    } else if ((event.key === "Enter" || event.key === "Tab") && replies[this.#at] !== undefined) take(replies[this.#at]!);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** The text with the reply in the place of what asked for it, and where the cursor is then. */
  insert({ text }: CannedReply, field: HTMLTextAreaElement): { readonly text: string; readonly cursor: number } {
    const before = field.value.slice(0, field.selectionStart).replace(ASKED, "$1");
    this.close();
    return { text: before + text + field.value.slice(field.selectionStart), cursor: before.length + text.length };
  }

  draw(take: (reply: CannedReply) => void): TemplateResult {
    const replies = this.#replies ?? [];
    return html`<div class="canned" id="canned-list">
      <div role="listbox" aria-label=${replyWords.cannedOf(this.#query ?? "")}>
        ${repeat(
          replies,
          ({ id }) => id,
          (reply, at) =>
            html`<div
              role="option"
              id="canned-${at}"
              aria-selected=${at === this.#at ? "true" : "false"}
              @pointerdown=${(event: Event) => event.preventDefault()}
              @click=${() => take(reply)}
            >
              <strong>${reply.name}</strong> <span class="muted">${reply.text}</span>
            </div>`,
        )}
      </div>
      ${this.#replies?.length === 0 ? html`<p class="muted">${replyWords.noCanned}</p>` : ""}
      <a href=${router.href("/canned-replies")}>${replyWords.editCanned}</a>
    </div>`;
  }

  async #load(conversationId: string, q: string): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    try {
      const query = { q, limit: SHOWN, timeZone, lang: LANGUAGE };
      const { body } = await api.get<Page<CannedReply>>(`/conversations/${conversationId}/canned-replies`, {
        query,
        signal: running.signal,
      });
      if (this.#query !== q) return;
      this.#replies = body.items;
      this.#at = 0;
    } catch {
      // Whoever types on asks again.
      if (running.signal.aborted) return;
      this.#replies = [];
    }
    this.#host.requestUpdate();
  }
}
