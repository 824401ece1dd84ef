import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { PublishedCall, PublishedServer, ReadPublishedUsageAnswer } from "../../../api/types.ts";
import { followAsked } from "../../../foundation/follow-place.ts";
import { formatDuration, formatNumber } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { PagedList } from "../../../foundation/paged-list.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import type { Column } from "../../../parts/data-table.ts";
import "../../../parts/data-table.ts";
import { hiddenShown } from "../../../parts/hidden-shown.ts";
import { icon } from "../../../parts/icon.ts";
import { menu } from "../../../parts/menu.ts";
import { type ChoiceFilter, choiceFilter, dayFilter } from "../../../parts/filter-fields.ts";
import { searchField } from "../../../parts/search-field.ts";
import { emptyState, show } from "../../../parts/states.ts";
import { ago, badge, status, type Tone } from "../../../parts/status.ts";
import { clientSaid } from "../published-status.ts";
import "./log-details.ts";
import { FILTERS, logQuery, spanQuery, TESTS } from "./log-query.ts";
import { logWords } from "./log-words.ts";

type Usage = ReadPublishedUsageAnswer["keys"];

const TONES: Readonly<Record<PublishedCall["outcome"], Tone>> = {
  ok: "good",
  failed: "bad",
  refused: "neutral",
  cancelled: "neutral",
  unknown: "warning",
};

const COLUMNS: readonly Column<PublishedCall>[] = [
  {
    label: logWords.tool,
    width: "minmax(110px, 1.6fr)",
    cell: ({ tool, tester }) =>
      html`<span class="cut-text">${hiddenShown(tool)} ${tester === undefined ? nothing : badge(logWords.byHand)}</span>`,
  },
  {
    label: logWords.outcome,
    width: "112px",
    cell: ({ outcome }) => status(TONES[outcome], logWords.outcomes[outcome]),
  },
  { label: logWords.when, width: "96px", cell: ({ at }) => ago(at) },
  {
    label: logWords.key,
    width: "minmax(90px, 1fr)",
    isSecondary: true,
    cell: ({ keyName, tester }) => html`<span class="cut-text">${tester?.name ?? keyName}</span>`,
  },
  {
    label: logWords.client,
    width: "minmax(120px, 1.2fr)",
    isSecondary: true,
    cell: (call) => html`<span class="cut-text">${clientSaid(call)}</span>`,
  },
  {
    label: logWords.took,
    width: "84px",
    isSecondary: true,
    isNumeric: true,
    cell: ({ durationMs }) => formatDuration(durationMs),
  },
];

/** While somebody looks. */
const EVERY_MS = 10_000;

/** The execution log of a published server. An entry opens beside the list, and has an address. */
@customElement("desk-published-log")
export class DeskPublishedLog extends PageElement {
  @property({ attribute: false }) server!: PublishedServer;
  readonly #calls = new PagedList<PublishedCall>(this, {
    from: () => ({ path: `${this.#api}/logs`, query: logQuery(logWords.outcomes) }),
    everyMs: EVERY_MS,
  });
  readonly #usage = new Resource<Usage>(this, {
    load: async (signal) => (await api.get<ReadPublishedUsageAnswer>(`${this.#api}/usage`, { query: spanQuery(), signal })).body.keys,
    everyMs: EVERY_MS,
  });

  constructor() {
    super();
    followAsked(
      this,
      () => logQuery(logWords.outcomes),
      () => (void this.#calls.restart(), void this.#usage.reload()),
    );
  }

  get #api(): string {
    return `/published-servers/${this.server.id}`;
  }

  override render() {
    const opened = router.place.query.get("entry");
    return html`<p class="muted">${logWords.lead}</p>
      ${this.#toolbar()}
      ${show(this.#calls, ({ items, next }) =>
        items.length === 0
          ? this.#empty()
          : html`<div class="beside">
              <desk-table
                label=${logWords.lead}
                .columns=${COLUMNS}
                .rows=${items}
                .rowKey=${({ id }: PublishedCall) => String(id)}
                .rowName=${nameOf}
                .href=${({ id }: PublishedCall) => this.#address({ entry: String(id) })}
                ?hasMore=${next !== undefined}
                @more=${() => void this.#calls.more()}
              ></desk-table>
              ${this.#details(items.find(({ id }) => String(id) === opened))}
            </div>`,
      )}
      ${this.#usageTable()}`;
  }

  get #isNarrowed(): boolean {
    return FILTERS.some((name) => router.place.query.has(name));
  }

  #toolbar(): TemplateResult {
    const { query } = router.place;
    const day = (name: "from" | "to", label: string) => dayFilter(label, query.get(name) ?? "", (value) => this.#filter({ [name]: value }));
    const choice = (name: string, label: string, options: ChoiceFilter["options"]) =>
      choiceFilter({
        label,
        options,
        any: logWords.any,
        chosen: query.get(name) ?? "",
        choose: (value) => this.#filter({ [name]: value }),
        look: "log-select",
      });
    return html`<div class="toolbar log-search">
        ${searchField(logWords.search, query.get("q") ?? "", (q) => this.#filter({ q }))}
        ${menu(
          logWords.exports,
          [
            { label: logWords.csv, icon: "download", act: () => this.#export("csv") },
            { label: logWords.jsonl, icon: "download", act: () => this.#export("jsonl") },
          ],
          icon("download"),
        )}
      </div>
      <div class="toolbar">
        ${choice("key", logWords.key, this.#keys())}
        ${choice(
          "tool",
          logWords.tool,
          this.server.tools.map(({ publishedName }) => [publishedName, publishedName] as const),
        )}
        ${choice("outcome", logWords.outcome, Object.entries(logWords.outcomes))} ${day("from", logWords.from)} ${day("to", logWords.to)}
        ${this.#isNarrowed ? html`<a class="button" href=${router.href(router.place.path)}>${icon("close")}${logWords.clear}</a>` : nothing}
      </div>`;
  }

  #keys(): readonly (readonly [string, string])[] {
    return [...(this.#usage.value ?? []).map(({ key, keyName }) => [key, keyName] as const), [TESTS, logWords.tests]];
  }

  #empty(): TemplateResult {
    if (this.#isNarrowed) return emptyState({ icon: "search", title: logWords.empty, text: logWords.emptyText });
    return emptyState({
      icon: "log",
      title: logWords.none,
      text: logWords.noneText,
      action: html`<a class="button" href=${router.href(`${this.#api}/connect`)}>${logWords.toConnect}</a>`,
    });
  }

  #details(call: PublishedCall | undefined): TemplateResult | typeof nothing {
    if (call === undefined) return nothing;
    return html`<desk-log-details
      class="details"
      role="complementary"
      aria-label=${nameOf(call)}
      .call=${call}
      .tone=${TONES[call.outcome]}
      .address=${(change: Readonly<Record<string, string | undefined>>) => this.#address({ entry: undefined, ...change })}
    ></desk-log-details>`;
  }

  /** Below the list, so it waits for that: nothing moves what is read. */
  #usageTable(): TemplateResult | typeof nothing {
    if (this.#calls.state.status === "loading" || this.#usage.state.status === "loading") return nothing;
    return html`<section class="group" aria-labelledby="log-usage">
      <h2 id="log-usage">${logWords.usage}</h2>
      <p class="muted">${logWords.usageText}</p>
      ${show(this.#usage, (keys) =>
        keys.length === 0
          ? html`<p>${logWords.noUsage}</p>`
          : html`<div class="scroll" tabindex="0" role="group" aria-labelledby="log-usage">
              <table class="plain-table">
                <thead>
                  <tr>
                    <th scope="col">${logWords.key}</th>
                    <th scope="col" class="numeric">${logWords.calls}</th>
                    <th scope="col" class="numeric">${logWords.failed}</th>
                    <th scope="col">${logWords.client}</th>
                    <th scope="col">${logWords.lastUsed}</th>
                  </tr>
                </thead>
                <tbody>
                  ${keys.map(
                    (one) =>
                      html`<tr>
                        <th scope="row"><a href=${this.#address({ key: one.key, entry: undefined })}>${one.keyName}</a></th>
                        <td class="numeric">${formatNumber(one.calls)}</td>
                        <td class="numeric">${formatNumber(one.failed)}</td>
                        <td>${clientSaid(one)}</td>
                        <td>${ago(one.lastAt)}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`,
      )}
    </section>`;
  }

  #export(format: "csv" | "jsonl"): void {
    location.assign(api.address(`${this.#api}/logs`, { ...logQuery(logWords.outcomes), format }));
  }

  /** This page with other filters. */
  #address(change: Readonly<Record<string, string | undefined>>): string {
    return router.href(router.place.path, { ...Object.fromEntries(router.place.query), ...change });
  }

  #filter(change: Readonly<Record<string, string | undefined>>): void {
    router.restate({ ...Object.fromEntries(router.place.query), entry: undefined, ...change });
  }
}

/** With what is seen of it in its cell. */
function nameOf({ tool, outcome, tester }: PublishedCall): string {
  const name = tester === undefined ? hiddenShown(tool) : `${hiddenShown(tool)} ${logWords.byHand}`;
  return `${name}, ${logWords.outcomes[outcome]}`;
}
