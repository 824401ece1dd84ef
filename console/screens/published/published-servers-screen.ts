import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { PublishedServer } from "../../api/types.ts";
import { formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { whenAsked } from "../../foundation/when-asked.ts";
import type { Column } from "../../parts/data-table.ts";
import "../../parts/data-table.ts";
import { icon } from "../../parts/icon.ts";
import { searchField } from "../../parts/search-field.ts";
import { emptyState, show } from "../../parts/states.ts";
import { ago } from "../../parts/status.ts";
import { makePublished } from "./new-published.ts";
import { clientSaid, publishedStatus } from "./published-status.ts";
import { publishedWords } from "./published-words.ts";

const COLUMNS: readonly Column<PublishedServer>[] = [
  { label: publishedWords.name, width: "minmax(120px, 2fr)", cell: ({ name }) => name },
  { label: publishedWords.status, width: "minmax(120px, 1fr)", cell: publishedStatus },
  {
    label: publishedWords.usedLast,
    width: "minmax(180px, 2fr)",
    isSecondary: true,
    cell: ({ last }) =>
      last === undefined
        ? html`<span class="muted">${publishedWords.never}</span>`
        : html`${ago(last.at)}
            <span class="muted">· ${publishedWords.usedLastBy(clientSaid(last), last.keyName ?? publishedWords.signedIn)}</span>`,
  },
  { label: publishedWords.owner, width: "minmax(90px, 1fr)", isSecondary: true, cell: ({ owner }) => owner.name },
  { label: publishedWords.tools, width: "96px", isSecondary: true, isNumeric: true, cell: toolsSaid },
  { label: publishedWords.keys, width: "72px", isSecondary: true, isNumeric: true, cell: ({ keys }) => formatNumber(keys) },
];

const EVERY_MS = 30_000;

function toolsSaid({ tools }: PublishedServer): string {
  return publishedWords.toolsOf(formatNumber(tools.filter(({ active }) => active).length), formatNumber(tools.length));
}

/** The MCP servers that are offered to other programs. */
@customElement("desk-published-servers")
export class DeskPublishedServers extends PageElement {
  readonly #servers = new PagedList<PublishedServer>(this, {
    from: () => ({ path: "/published-servers", query: { q: this.#words } }),
    everyMs: EVERY_MS,
  });

  get #words(): string | undefined {
    return router.place.query.get("q") ?? undefined;
  }

  constructor() {
    super();
    whenAsked(this, "make", () => void makePublished());
  }

  override render() {
    const make = html`<button class="primary" @click=${() => void makePublished()}>${icon("plus")}${publishedWords.make}</button>`;
    return html`<header class="page-head">
        <h1>${publishedWords.title}</h1>
        ${may("published.write") ? html`<div class="actions">${make}</div>` : ""}
        <p>${publishedWords.lead}</p>
      </header>
      <div class="toolbar">${searchField(publishedWords.search, this.#words ?? "", (q) => this.#search(q))}</div>
      ${show(this.#servers, ({ items, next }) =>
        items.length === 0
          ? this.#empty(make)
          : html`<desk-table
              label=${publishedWords.title}
              .columns=${COLUMNS}
              .rows=${items}
              .rowKey=${({ id }: PublishedServer) => id}
              .href=${({ id }: PublishedServer) => router.href(`/published-servers/${id}`)}
              ?hasMore=${next !== undefined}
              @more=${() => void this.#servers.more()}
            ></desk-table>`,
      )}`;
  }

  #empty(make: TemplateResult): TemplateResult {
    if (this.#words !== undefined)
      return emptyState({ icon: "search", title: publishedWords.noneFound, text: publishedWords.noneFoundText });
    const { empty: title, emptyText: text } = publishedWords;
    return emptyState({ icon: "published", title, text, ...(may("published.write") ? { action: make } : {}) });
  }

  #search(q: string): void {
    router.restate({ q });
    void this.#servers.reload();
  }
}
