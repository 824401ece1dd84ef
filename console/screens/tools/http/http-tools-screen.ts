import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { HttpTool } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { PagedList } from "../../../foundation/paged-list.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import type { Column } from "../../../parts/data-table.ts";
import "../../../parts/data-table.ts";
import { icon } from "../../../parts/icon.ts";
import { searchField } from "../../../parts/search-field.ts";
import { emptyState, show } from "../../../parts/states.ts";
import { ago } from "../../../parts/status.ts";
import { mayManageHttpTools } from "./http-tools-access.ts";
import { httpWords } from "./http-words.ts";
import { toolsTabs } from "../tools-tabs.ts";
import { toolsWords } from "../tools-words.ts";

const COLUMNS: readonly Column<HttpTool>[] = [
  { label: httpWords.name, width: "minmax(120px, 1.5fr)", cell: ({ title, name }) => title ?? name },
  { label: httpWords.address, width: "minmax(140px, 3fr)", cell: ({ method, url }) => html`<code>${method} ${url}</code>` },
  {
    label: httpWords.description,
    width: "minmax(120px, 3fr)",
    isSecondary: true,
    cell: ({ description }) => html`<span class="muted">${description}</span>`,
  },
  { label: httpWords.changed, width: "110px", isSecondary: true, cell: ({ updatedAt }) => ago(updatedAt) },
];

/** The tools that are single endpoints. */
@customElement("desk-http-tools")
export class DeskHttpTools extends PageElement {
  readonly #tools = new PagedList<HttpTool>(this, { from: () => ({ path: "/http-tools", query: { q: this.#words } }) });

  readonly #manages = new Resource<boolean>(this, { load: mayManageHttpTools });

  get #words(): string | undefined {
    return router.place.query.get("q") ?? undefined;
  }

  override render() {
    return html`<header class="page-head">
        <h1>${toolsWords.title}</h1>
        <div class="actions">
          ${this.#manages.value === true ? html`<button type="button" @click=${() => void router.go("/tools/http-tools-share")}>${icon("share")}${toolsWords.share}</button>` : nothing}
          ${may("servers.create") ? newToolButton() : nothing}
        </div>
        <p>${httpWords.lead}</p>
      </header>
      ${toolsTabs("http")}
      <div class="toolbar">${searchField(httpWords.search, this.#words ?? "", (q) => this.#search(q))}</div>
      ${show(this.#tools, ({ items, next }) =>
        items.length === 0
          ? this.#empty()
          : html`<desk-table
              label=${toolsWords.httpTools}
              .columns=${COLUMNS}
              .rows=${items}
              .rowKey=${({ name }: HttpTool) => name}
              .href=${({ name }: HttpTool) => router.href(`/tools/http-tools/${name}`)}
              ?hasMore=${next !== undefined}
              @more=${() => void this.#tools.more()}
            ></desk-table>`,
      )}`;
  }

  #empty(): TemplateResult {
    if (this.#words !== undefined && this.#words !== "")
      return emptyState({ icon: "search", title: httpWords.noneFound, text: httpWords.noneFoundText });
    const isMaker = may("servers.create");
    return emptyState({
      icon: "link",
      title: httpWords.none,
      text: isMaker ? httpWords.noneText : httpWords.noneForYou,
      ...(isMaker ? { action: newToolButton() } : {}),
    });
  }

  #search(q: string): void {
    router.restate({ q });
    void this.#tools.reload();
  }
}

function newToolButton(): TemplateResult {
  return html`<button type="button" class="primary" @click=${() => void router.go("/tools/http-tools/new")}>
    ${icon("plus")}${httpWords.newTool}
  </button>`;
}
