import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { api, type Page } from "../../api/client.ts";
import type { Assistant, AssistantHealthSummary } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import type { Column } from "../../parts/data-table.ts";
import "../../parts/data-table.ts";
import { icon } from "../../parts/icon.ts";
import { searchField } from "../../parts/search-field.ts";
import { emptyState, show } from "../../parts/states.ts";
import { ago, badge, status } from "../../parts/status.ts";
import { assistantsWords } from "./assistants-words.ts";

/** Their keys fit into an address that every proxy takes. */
const AT_ONCE = 50;
/** As many rows are asked for again each minute. */
const A_FEW = 200;

/** By assistants' keys; `undefined`: one may not see it. */
type Healths = ReadonlyMap<string, AssistantHealthSummary | undefined>;

/** All assistants that one may see, each with how it is. */
@customElement("desk-assistants")
export class DeskAssistants extends PageElement {
  readonly #assistants = new PagedList<Assistant>(this, {
    from: () => ({ path: "/assistants", query: { q: this.#words } }),
    everyMs: 60_000,
  });
  /** Beside the list: a health that is slow holds up no row. */
  readonly #health = new Resource<Healths>(this, { load: (signal) => this.#readHealth(signal), everyMs: 60_000 });

  /** Who may not read how they are is told nothing of it. */
  get #columns(): readonly Column<Assistant>[] {
    return may("assistants.health") ? [...this.#known, ...this.#watched] : this.#known;
  }

  readonly #known: readonly Column<Assistant>[] = [
    { label: assistantsWords.name, width: "minmax(140px, 2fr)", cell: (row) => nameCell(row) },
    { label: assistantsWords.key, width: "minmax(90px, 1fr)", isSecondary: true, cell: ({ key }) => html`<code>${key}</code>` },
    { label: assistantsWords.model, width: "minmax(100px, 1.2fr)", isSecondary: true, cell: ({ model }) => model.model },
    {
      label: assistantsWords.owner,
      width: "minmax(90px, 1fr)",
      isSecondary: true,
      cell: ({ owner }) => owner?.name ?? assistantsWords.fileOwner,
    },
  ];

  readonly #watched: readonly Column<Assistant>[] = [
    { label: assistantsWords.seen, width: "minmax(120px, 1.4fr)", isSecondary: true, cell: ({ key }) => this.#seenCell(key) },
    { label: assistantsWords.health, width: "minmax(120px, 1fr)", cell: ({ key }) => this.#healthCell(key) },
  ];

  get #words(): string | undefined {
    return router.place.query.get("q") ?? undefined;
  }

  override render() {
    const make = may("assistants.write")
      ? html`<a class="button primary" href=${router.href("/assistants/-new")}>${icon("plus")}${assistantsWords.make}</a>`
      : nothing;
    return html`<header class="page-head">
        <h1>${assistantsWords.title}</h1>
        ${make === nothing ? nothing : html`<div class="actions">${make}</div>`}
        <p>${assistantsWords.lead}</p>
      </header>
      <div class="toolbar">${searchField(assistantsWords.search, this.#words ?? "", (q) => this.#search(q))}</div>
      ${show(this.#assistants, ({ items, next }) => (items.length === 0 ? this.#empty(make) : this.#table(items, next !== undefined)))}`;
  }

  /** The health of rows that are new here is asked for. */
  override updated(): void {
    const known = this.#health.value;
    if (known !== undefined && this.#keys.some((key) => !known.has(key))) void this.#health.refresh();
  }

  get #keys(): readonly string[] {
    return may("assistants.health") ? (this.#assistants.value?.items.map(({ key }) => key) ?? []) : [];
  }

  /** Of all rows, as long as they are few; of more, of those of which nothing is known. */
  async #readHealth(signal: AbortSignal): Promise<Healths> {
    const known = this.#keys.length <= A_FEW ? undefined : this.#health.value;
    const keys = this.#keys.filter((key) => known?.has(key) !== true);
    const found = new Map<string, AssistantHealthSummary | undefined>(known);
    for (let from = 0; from < keys.length; from += AT_ONCE) {
      const asked = keys.slice(from, from + AT_ONCE);
      const query = { limit: AT_ONCE, keys: asked.join(",") };
      const { body } = await api.get<Page<AssistantHealthSummary>>("/assistants-health", { query, signal });
      for (const key of asked) found.set(key, undefined);
      for (const one of body.items) found.set(one.assistant, one);
    }
    return found;
  }

  #empty(make: TemplateResult | typeof nothing): TemplateResult {
    if (this.#words !== undefined)
      return emptyState({ icon: "search", title: assistantsWords.noneFound, text: assistantsWords.noneFoundText });
    return emptyState({
      icon: "assistant",
      title: assistantsWords.none,
      text: may("assistants.write") ? assistantsWords.noneText : assistantsWords.noneForYou,
      ...(make === nothing ? {} : { action: make }),
    });
  }

  #table(items: readonly Assistant[], hasMore: boolean): TemplateResult {
    return html`<desk-table
      label=${assistantsWords.title}
      .columns=${this.#columns}
      .rows=${items}
      .rowKey=${({ key }: Assistant) => key}
      .href=${({ key }: Assistant) => router.href(`/assistants/${key}`)}
      ?hasMore=${hasMore}
      @more=${() => void this.#assistants.more()}
    ></desk-table>`;
  }

  #seenCell(key: string): unknown {
    const all = this.#health.value;
    if (all?.has(key) !== true) return nothing;
    const health = all.get(key);
    if (health === undefined) return html`<span class="muted">–</span>`;
    const { lastSeen: seen } = health;
    if (seen === undefined) return html`<span class="muted">${assistantsWords.neverSeen}</span>`;
    return html`${seen.origin.replace(/^https:\/\//, "")} <span class="muted">· ${ago(seen.at)}</span>`;
  }

  #healthCell(key: string): unknown {
    const all = this.#health.value;
    if (all?.has(key) !== true) return nothing;
    const health = all.get(key);
    if (health === undefined) return html`<span class="muted">–</span>`;
    if (health.broken > 0) return status("bad", assistantsWords.broken(health.broken));
    if (health.risky > 0) return status("warning", assistantsWords.risky(health.risky));
    return status("good", assistantsWords.fine);
  }

  #search(q: string): void {
    router.restate({ q });
    void this.#assistants.reload();
  }
}

function nameCell({ name, hasDraft, source }: Assistant): TemplateResult {
  return html`${name}${hasDraft ? html` ${badge(assistantsWords.draft, "warning")}` : nothing}${source === "file" ? html` ${badge(assistantsWords.file)}` : nothing}`;
}
