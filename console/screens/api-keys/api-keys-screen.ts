import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { ApiKey } from "../../api/types.ts";
import { formatDateTime, formatList } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import type { Column } from "../../parts/data-table.ts";
import "../../parts/data-table.ts";
import { ask } from "../../parts/dialogs.ts";
import { whenAsked } from "../../foundation/when-asked.ts";
import { icon } from "../../parts/icon.ts";
import { searchField } from "../../parts/search-field.ts";
import { emptyState, show } from "../../parts/states.ts";
import { ago } from "../../parts/status.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { ROLE_NAMES } from "../people/role-choices.ts";
import { makeApiKey } from "./new-api-key.ts";
import { apiKeysWords } from "./api-keys-words.ts";

/** The keys of programs. */
@customElement("desk-api-keys")
export class DeskApiKeys extends PageElement {
  readonly #keys = new PagedList<ApiKey>(this, { from: () => ({ path: "/api-keys", query: { q: this.#words } }) });

  get #words(): string | undefined {
    return router.place.query.get("q") ?? undefined;
  }

  readonly #columns: readonly Column<ApiKey>[] = [
    { label: apiKeysWords.name, width: "minmax(120px, 2fr)", cell: ({ name }) => name },
    { label: apiKeysWords.beginning, width: "120px", isSecondary: true, cell: ({ beginning }) => html`<code>${beginning}…</code>` },
    { label: apiKeysWords.roles, width: "minmax(80px, 1fr)", cell: ({ roles }) => formatList(roles.map((role) => ROLE_NAMES[role])) },
    { label: apiKeysWords.by, width: "minmax(80px, 1fr)", isSecondary: true, cell: ({ createdBy }) => createdBy },
    {
      label: apiKeysWords.lastUsed,
      width: "110px",
      isSecondary: true,
      cell: ({ lastUsedAt }) => (lastUsedAt === undefined ? apiKeysWords.neverUsed : ago(lastUsedAt)),
    },
    {
      label: apiKeysWords.ends,
      width: "150px",
      isSecondary: true,
      cell: ({ expiresAt }) => (expiresAt === undefined ? apiKeysWords.never : formatDateTime(expiresAt)),
    },
    {
      label: apiKeysWords.revoke,
      isLabelHidden: true,
      width: "88px",
      cell: (key) =>
        may("keys.write")
          ? html`<button class="quiet" aria-label="${apiKeysWords.revoke}: ${key.name}" @click=${() => void this.#revoke(key)}>
              ${apiKeysWords.revoke}
            </button>`
          : "",
    },
  ];

  constructor() {
    super();
    whenAsked(this, "make", () => this.#open());
  }

  #open(): void {
    void makeApiKey(() => void this.#keys.reload());
  }

  override render() {
    const make = html`<button class="primary" @click=${() => this.#open()}>${icon("plus")}${apiKeysWords.make}</button>`;
    return html`<header class="page-head">
        <h1>${apiKeysWords.title}</h1>
        ${may("keys.write") ? html`<div class="actions">${make}</div>` : ""}
        <p>${apiKeysWords.lead}</p>
      </header>
      <div class="toolbar">${searchField(apiKeysWords.search, this.#words ?? "", (q) => this.#search(q))}</div>
      ${show(this.#keys, ({ items, next }) =>
        items.length === 0
          ? this.#empty(make)
          : html`<desk-table
              label=${apiKeysWords.title}
              .columns=${this.#columns}
              .rows=${items}
              .rowKey=${({ id }: ApiKey) => id}
              ?hasMore=${next !== undefined}
              @more=${() => void this.#keys.more()}
            ></desk-table>`,
      )}`;
  }

  #empty(make: TemplateResult): TemplateResult {
    if (this.#words !== undefined) return emptyState({ icon: "search", title: apiKeysWords.noneFound, text: apiKeysWords.noneFoundText });
    const { empty: title, emptyText: text } = apiKeysWords;
    return emptyState({ icon: "key", title, text, ...(may("keys.write") ? { action: make } : {}) });
  }

  #search(q: string): void {
    router.restate({ q });
    void this.#keys.reload();
  }

  async #revoke({ id, name }: ApiKey): Promise<void> {
    if (
      !(await ask({
        title: apiKeysWords.revokeTitle(name),
        text: apiKeysWords.revokeText,
        confirm: apiKeysWords.revoke,
        isDangerous: true,
      }))
    )
      return;
    try {
      await api.delete(`/api-keys/${id}`);
      await this.#keys.reload();
      toast(apiKeysWords.revoked(name));
    } catch (error) {
      toastFault(error);
    }
  }
}
