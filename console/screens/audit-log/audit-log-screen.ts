import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { AuditEntry } from "../../api/types.ts";
import { formatExactly } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import { followAsked } from "../../foundation/follow-place.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import type { Column } from "../../parts/data-table.ts";
import "../../parts/data-table.ts";
import { icon } from "../../parts/icon.ts";
import { menu } from "../../parts/menu.ts";
import { dayFilter } from "../../parts/filter-fields.ts";
import { searchField } from "../../parts/search-field.ts";
import { emptyState, show } from "../../parts/states.ts";
import { ago } from "../../parts/status.ts";
import { textDifference } from "../../parts/text-difference.ts";
import { auditLogWords } from "./audit-log-words.ts";
import { changedFields } from "./changed-fields.ts";
import { actorName, sentenceOf, thingOf } from "./sentence.ts";

const COLUMNS: readonly Column<AuditEntry>[] = [
  {
    label: auditLogWords.what,
    width: "minmax(150px, 1fr)",
    cell: (entry) => html`<span class="two-lines" title=${entry.action}>${sentenceOf(entry)}</span>`,
  },
  { label: auditLogWords.when, width: "96px", cell: ({ at }) => ago(at) },
];

/** Filters that the address has, as the API names them. */
const FILTERS = ["words", "actor", "targetKind", "targetId"] as const;

/** Who changed what. An entry opens beside the list, and has an address. */
@customElement("desk-audit-log")
export class DeskAuditLog extends PageElement {
  readonly #entries = new PagedList<AuditEntry>(this, { from: () => ({ path: "/audit-log", query: this.#query }) });

  constructor() {
    super();
    followAsked(
      this,
      () => this.#query,
      () => void this.#entries.restart(),
    );
  }

  /** Days are days of whoever looks. */
  get #query(): Readonly<Record<string, string | number | undefined>> {
    const { query } = router.place;
    const [from, to] = [query.get("from"), query.get("to")];
    return {
      ...Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? undefined])),
      from: from === null ? undefined : new Date(`${from}T00:00:00`).getTime(),
      to: to === null ? undefined : new Date(`${to}T23:59:59.999`).getTime(),
    };
  }

  override render() {
    const opened = router.place.query.get("entry");
    return html`<header class="page-head">
        <h1>${auditLogWords.title}</h1>
        <div class="actions">
          ${menu(
            auditLogWords.export,
            [
              { label: auditLogWords.csv, icon: "download", act: () => this.#export("csv") },
              { label: auditLogWords.jsonl, icon: "download", act: () => this.#export("jsonl") },
            ],
            html`${icon("download")}${auditLogWords.export}`,
          )}
        </div>
        <p>
          ${auditLogWords.lead} ${may("conversations.erase") ? html`<a href=${router.href("/erasures")}>${auditLogWords.erasures}</a>` : ""}
        </p>
      </header>
      ${this.#toolbar()}
      ${show(this.#entries, ({ items, next }) =>
        items.length === 0
          ? emptyState({ icon: "log", title: auditLogWords.empty, text: auditLogWords.emptyText })
          : html`<div class="beside">
              <desk-table
                label=${auditLogWords.title}
                .columns=${COLUMNS}
                .rows=${items}
                .rowKey=${({ id }: AuditEntry) => String(id)}
                .href=${({ id }: AuditEntry) => this.#address({ entry: String(id) })}
                ?hasMore=${next !== undefined}
                @more=${() => void this.#entries.more()}
              ></desk-table>
              ${this.#details(items.find(({ id }) => String(id) === opened))}
            </div>`,
      )}`;
  }

  #toolbar(): TemplateResult {
    const { query } = router.place;
    const isNarrowed = query.has("actor") || query.has("targetId");
    const day = (name: "from" | "to", label: string) => dayFilter(label, query.get(name) ?? "", (value) => this.#filter({ [name]: value }));
    return html`<div class="toolbar">
      ${searchField(auditLogWords.search, query.get("words") ?? "", (text) => this.#filter({ words: text }))}
      ${day("from", auditLogWords.from)} ${day("to", auditLogWords.to)}
      ${isNarrowed ? html`<button @click=${() => this.#filter({ actor: undefined, targetKind: undefined, targetId: undefined })}>${icon("close")}${auditLogWords.all}</button>` : nothing}
    </div>`;
  }

  #details(entry: AuditEntry | undefined): TemplateResult | typeof nothing {
    if (entry === undefined) return nothing;
    const { action, at, by, target, before, after } = entry;
    return html`<aside class="details" aria-label=${sentenceOf(entry)}>
      <header class="dialog-head">
        <h2 title=${action}>${sentenceOf(entry)}</h2>
        <a class="button quiet icon-only" href=${this.#address({ entry: undefined })} aria-label=${auditLogWords.close}>${icon("close")}</a>
      </header>
      <dl class="pairs">
        <div>
          <dt>${auditLogWords.exactly}</dt>
          <dd>${formatExactly(at)}</dd>
        </div>
        <div>
          <dt>${auditLogWords.who}</dt>
          <dd>${actorName(by)}<br /><a href=${this.#address({ entry: undefined, actor: by.id })}>${auditLogWords.onlyActor}</a></dd>
        </div>
        <div>
          <dt>${auditLogWords.thing}</dt>
          <dd>
            ${thingOf(entry)}<br /><a href=${this.#address({ entry: undefined, targetKind: target.kind, targetId: target.id })}
              >${auditLogWords.onlyThing}</a
            >
          </dd>
        </div>
      </dl>
      <h3>${auditLogWords.changed}</h3>
      ${
        before === undefined && after === undefined
          ? html`<p class="muted">${auditLogWords.nothing}</p>`
          : html`<div class="changed-fields">${changedFields(entry)}</div>
              <details class="disclosure">
                <summary>${auditLogWords.json}</summary>
                <p class="muted"><code>${action}</code> · <code>${target.kind} ${target.id}</code></p>
                ${textDifference(textOf(before), textOf(after))}
              </details>`
      }
    </aside>`;
  }

  /** This page with other filters. */
  #address(change: Readonly<Record<string, string | undefined>>): string {
    return router.href("/audit-log", { ...Object.fromEntries(router.place.query), ...change });
  }

  #filter(change: Readonly<Record<string, string | undefined>>): void {
    router.restate({ ...Object.fromEntries(router.place.query), entry: undefined, ...change });
  }

  #export(format: "csv" | "jsonl"): void {
    location.assign(api.address("/audit-log", { ...this.#query, format }));
  }
}

/** With the fields in one order, so that only what differs differs. */
function textOf(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(sorted(value), undefined, 2);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}
