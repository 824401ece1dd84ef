import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { Call } from "../../api/types.ts";
import { formatDuration } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import { followAsked } from "../../foundation/follow-place.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { callServer, callTitle } from "../../parts/call-texts.ts";
import type { Column } from "../../parts/data-table.ts";
import "../../parts/data-table.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { icon } from "../../parts/icon.ts";
import { choiceFilter, dayFilter } from "../../parts/filter-fields.ts";
import { searchField } from "../../parts/search-field.ts";
import { emptyState, show } from "../../parts/states.ts";
import { ago, badge, status, type Tone } from "../../parts/status.ts";
import { assistantNames } from "../../parts/assistant-names.ts";
import { activityWords } from "./activity-words.ts";
import "./call-details.ts";

const TONES: Readonly<Record<Call["outcome"], Tone>> = {
  waiting: "warning",
  running: "busy",
  ok: "good",
  failed: "bad",
  cancelled: "neutral",
  unknown: "warning",
  refused: "neutral",
};

const columns = (names: ReadonlyMap<string, string> | undefined): readonly Column<Call>[] => [
  {
    label: activityWords.tool,
    width: "minmax(96px, 2fr)",
    cell: (call) =>
      html`<span class="two-lines" title=${hiddenShown(`${call.server} · ${call.tool}`)}
        >${callTitle(call)} ${call.conversation === undefined ? badge(activityWords.byHand) : nothing}</span
      >`,
  },
  {
    label: activityWords.outcome,
    width: "minmax(104px, 150px)",
    cell: ({ outcome }) => status(TONES[outcome], activityWords.outcomes[outcome]),
  },
  { label: activityWords.when, width: "88px", cell: ({ at }) => ago(at) },
  {
    label: activityWords.server,
    width: "minmax(100px, 1fr)",
    isSecondary: true,
    cell: (call) => html`<span class="cut-text" title=${call.server}>${callServer(call)}</span>`,
  },
  {
    label: activityWords.assistant,
    width: "minmax(100px, 1fr)",
    isSecondary: true,
    cell: ({ assistant, personName }) =>
      html`<span class="cut-text">${assistant === undefined ? personName : (names?.get(assistant) ?? assistant)}</span>`,
  },
  {
    label: activityWords.took,
    width: "84px",
    isSecondary: true,
    isNumeric: true,
    cell: ({ durationMs }) => (durationMs === undefined ? "" : formatDuration(durationMs)),
  },
];

/** Filters that the address has, as the API names them. */
const TEXTS = [
  ["tool", activityWords.toolField],
  ["server", activityWords.serverField],
  ["customer", activityWords.customerField],
  ["person", activityWords.personField],
] as const;
const FILTERS = ["tool", "server", "assistant", "customer", "person", "outcome", "conversation"] as const;

/** Every call of a tool. One opens beside the list, and has an address. */
@customElement("desk-activity")
export class DeskActivity extends PageElement {
  readonly #assistants = new Resource(this, { load: assistantNames });
  readonly #calls = new PagedList<Call>(this, { from: () => ({ path: "/activity", query: this.#query }) });

  constructor() {
    super();
    followAsked(
      this,
      () => this.#query,
      () => void this.#calls.restart(),
    );
  }

  /** Days are days of whoever looks. */
  get #query(): Readonly<Record<string, string | number | undefined>> {
    const { query } = router.place;
    const [from, to] = [query.get("from"), query.get("to")];
    const outcome = query.get("outcome");
    return {
      ...Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? undefined])),
      // An address that somebody wrote by hand.
      outcome: outcome !== null && Object.hasOwn(TONES, outcome) ? outcome : undefined,
      from: from === null ? undefined : timeOf(`${from}T00:00:00`),
      to: to === null ? undefined : timeOf(`${to}T23:59:59.999`),
    };
  }

  override render() {
    const opened = router.place.query.get("call");
    return html`<header class="page-head">
        <h1>${activityWords.title}</h1>
        <div class="actions">
          <button @click=${() => location.assign(api.address("/activity", { ...this.#query, format: "csv" }))}>
            ${icon("download")}${activityWords.export}
          </button>
        </div>
        <p>${activityWords.lead}</p>
      </header>
      ${this.#toolbar()}
      ${show(this.#calls, ({ items, next }) =>
        items.length === 0
          ? emptyState({ icon: "activity", title: activityWords.empty, text: activityWords.emptyText })
          : html`<div class="beside">
              <desk-table
                label=${activityWords.title}
                .columns=${columns(this.#assistants.value)}
                .rows=${items}
                .rowKey=${({ callId }: Call) => callId}
                .rowName=${nameOf}
                .href=${({ callId }: Call) => this.#address({ call: callId })}
                ?hasMore=${next !== undefined}
                @more=${() => void this.#calls.more()}
              ></desk-table>
              ${this.#details(items.find(({ callId }) => callId === opened))}
            </div>`,
      )}`;
  }

  #toolbar(): TemplateResult {
    const { query } = router.place;
    const day = (name: "from" | "to", label: string) => dayFilter(label, query.get(name) ?? "", (value) => this.#filter({ [name]: value }));
    const isNarrowed = [...FILTERS, "from", "to"].some((name) => query.has(name));
    return html`<div class="toolbar">
      ${this.#assistantField()}
      ${TEXTS.map(([name, label]) => searchField(label, query.get(name) ?? "", (text) => this.#filter({ [name]: text })))}
      ${choiceFilter({
        label: activityWords.outcome,
        any: activityWords.any,
        options: Object.entries(activityWords.outcomes),
        chosen: query.get("outcome") ?? "",
        choose: (outcome) => this.#filter({ outcome }),
      })}
      ${day("from", activityWords.from)} ${day("to", activityWords.to)}
      ${isNarrowed ? html`<a class="button" href=${router.href("/activity")}>${icon("close")}${activityWords.clear}</a>` : nothing}
    </div>`;
  }

  #assistantField(): TemplateResult {
    return choiceFilter({
      label: activityWords.assistant,
      any: activityWords.any,
      options: [...(this.#assistants.value ?? [])],
      chosen: router.place.query.get("assistant") ?? "",
      choose: (assistant) => this.#filter({ assistant }),
      look: "usage-assistant",
    });
  }

  #details(call: Call | undefined): TemplateResult | typeof nothing {
    if (call === undefined) return nothing;
    return html`<desk-call-details
      class="details"
      role="complementary"
      aria-label=${nameOf(call)}
      .call=${call}
      closeHref=${this.#address({ call: undefined })}
    ></desk-call-details>`;
  }

  /** This page with other filters. */
  #address(change: Readonly<Record<string, string | undefined>>): string {
    return router.href("/activity", { ...Object.fromEntries(router.place.query), ...change });
  }

  #filter(change: Readonly<Record<string, string | undefined>>): void {
    router.restate({ ...Object.fromEntries(router.place.query), call: undefined, ...change });
  }
}

function nameOf(call: Call): string {
  return `${callTitle(call)}, ${activityWords.outcomes[call.outcome]}`;
}

function timeOf(text: string): number | undefined {
  const time = new Date(text).getTime();
  return Number.isFinite(time) ? Math.max(0, time) : undefined;
}
