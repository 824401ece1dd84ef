import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { CannedReply } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { whenAsked } from "../../foundation/when-asked.ts";
import type { Column } from "../../parts/data-table.ts";
import "../../parts/data-table.ts";
import { showDialog } from "../../parts/dialogs.ts";
import { focusFirstFault, textField } from "../../parts/fields.ts";
import { icon } from "../../parts/icon.ts";
import { saveBar } from "../../parts/save-bar.ts";
import { searchField } from "../../parts/search-field.ts";
import { emptyState, show } from "../../parts/states.ts";
import { ago } from "../../parts/status.ts";
import { toast } from "../../parts/toasts.ts";
import { cannedWords } from "./canned-words.ts";

/** What the team writes often. */
@customElement("desk-canned-replies")
export class DeskCannedReplies extends PageElement {
  readonly #replies = new PagedList<CannedReply>(this, { from: () => ({ path: "/canned-replies", query: { q: this.#words } }) });

  readonly #columns: readonly Column<CannedReply>[] = [
    {
      label: cannedWords.name,
      width: "minmax(120px, 1fr)",
      cell: ({ id, name }) => html`<a href=${router.href(`/canned-replies/${id}`)}>${name}</a>`,
    },
    {
      label: cannedWords.text,
      width: "minmax(120px, 3fr)",
      isSecondary: true,
      cell: ({ text }) => html`<span class="muted">${text}</span>`,
    },
    { label: cannedWords.changed, width: "120px", isSecondary: true, cell: ({ updatedAt }) => ago(updatedAt) },
  ];

  constructor() {
    super();
    whenAsked(this, "make", () => void this.#make());
  }

  get #words(): string | undefined {
    return router.place.query.get("q") ?? undefined;
  }

  override render() {
    const make = html`<button class="primary" @click=${() => void this.#make()}>${icon("plus")}${cannedWords.make}</button>`;
    return html`<header class="page-head">
        <h1>${cannedWords.title}</h1>
        ${may("conversations.write") ? html`<div class="actions">${make}</div>` : ""}
        <p>${cannedWords.lead}</p>
      </header>
      <div class="toolbar">${searchField(cannedWords.search, this.#words ?? "", (q) => this.#search(q))}</div>
      ${show(this.#replies, ({ items, next }) =>
        items.length === 0
          ? this.#empty(make)
          : html`<desk-table
              label=${cannedWords.title}
              .columns=${this.#columns}
              .rows=${items}
              .rowKey=${({ id }: CannedReply) => id}
              ?hasMore=${next !== undefined}
              @more=${() => void this.#replies.more()}
            ></desk-table>`,
      )}`;
  }

  #empty(make: TemplateResult): TemplateResult {
    if (this.#words !== undefined) return emptyState({ icon: "search", title: cannedWords.noneFound, text: cannedWords.noneFoundText });
    const { none: title, noneText: text } = cannedWords;
    return emptyState({ icon: "chat", title, text, ...(may("conversations.write") ? { action: make } : {}) });
  }

  #search(q: string): void {
    router.restate({ q });
    void this.#replies.reload();
  }

  async #make(): Promise<void> {
    let name: string | undefined;
    await showDialog(
      cannedWords.make,
      (close) =>
        html`<desk-new-canned-reply
          @made=${(event: CustomEvent<string>) => {
            name = event.detail;
            close();
          }}
        ></desk-new-canned-reply>`,
      { wide: true },
    );
    if (name === undefined) return;
    await this.#replies.reload();
    toast(cannedWords.made(name));
  }
}

@customElement("desk-new-canned-reply")
export class DeskNewCannedReply extends PageElement {
  readonly #form = new Form(this, { name: "", text: "" });

  override render() {
    const form = this.#form;
    return html`<form novalidate @submit=${(event: Event) => void this.#send(event)}>
      ${textField(form, { path: "/name", label: cannedWords.name, hint: cannedWords.nameHint, autofocus: true })}
      ${textField(form, { path: "/text", label: cannedWords.text, hint: cannedWords.textHint, lines: 6 })}
      ${saveBar(form, { label: cannedWords.makeIt, drawn: (path) => path === "/name" || path === "/text", isNew: true })}
    </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const made = await form.submit(async () => (await api.create<CannedReply>("/canned-replies", form.whole())).body);
    if (made === undefined) return focusFirstFault(this);
    this.dispatchEvent(new CustomEvent("made", { detail: made.name }));
  }
}
