import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { api, type Page } from "../../api/client.ts";
import type { Assistant, Usage } from "../../api/types.ts";
import { zone } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { followAsked } from "../../foundation/follow-place.ts";
import { router } from "../../foundation/router.ts";
import { emptyState, show } from "../../parts/states.ts";
import { dayFilter } from "../../parts/filter-fields.ts";
import { valueOf } from "../../parts/row-field.ts";
import { budgetCards, figureCards } from "./figure-cards.ts";
import { type Table, usageParts } from "./usage-parts.ts";
import { usageWords } from "./usage-words.ts";

const PERIODS = [7, 30, 90] as const;
const DEFAULT_DAYS = 30;
const OWN = "own";
const DAY_MS = 86_400_000;
const A_FEW = 200;

interface Loaded {
  readonly usage: Usage;
  readonly names: readonly Pick<Assistant, "key" | "name">[];
}

/** What assistants did and used, in numbers. Assistant, period and zone are in the address. */
@customElement("desk-usage")
export class DeskUsage extends PageElement {
  readonly #loaded = new Resource<Loaded>(this, { load: (signal) => this.#load(signal) });

  constructor() {
    super();
    followAsked(
      this,
      () => this.#query,
      () => void this.#loaded.reload(),
    );
  }

  /** Days are days of the zone that all of this page is in: whoever looks, unless the address names another. */
  get #query(): Readonly<Record<string, string | undefined>> {
    const { query } = router.place;
    const named = (name: string) => query.get(name) ?? undefined;
    const place = { assistant: named("assistant"), zone: named("zone") ?? zone() };
    if (query.get("period") === OWN) return { ...place, from: named("from"), to: named("to") };
    const days = PERIODS.find((period) => String(period) === query.get("period")) ?? DEFAULT_DAYS;
    const today = dateIn(place.zone);
    return { ...place, from: new Date(Date.parse(today) - (days - 1) * DAY_MS).toISOString().slice(0, 10), to: today };
  }

  async #load(signal: AbortSignal): Promise<Loaded> {
    const [usage, assistants] = await Promise.all([
      api.get<Usage>("/usage", { query: this.#query, signal }),
      api.get<Page<Assistant>>("/assistants", { query: { limit: A_FEW }, signal }),
    ]);
    return { usage: usage.body, names: assistants.body.items };
  }

  override render() {
    return html`<header class="page-head">
        <h1>${usageWords.title}</h1>
        <p>${usageWords.lead(this.#query["zone"] ?? "")}</p>
      </header>
      ${this.#toolbar()} ${show(this.#loaded, ({ usage, names }) => this.#report(usage, names))}`;
  }

  #report(usage: Usage, named: Loaded["names"]): TemplateResult {
    const names = new Map(named.map(({ key, name }) => [key, name]));
    const { totals, before } = usage;
    if ([totals, before].every(({ conversations, steps, calls }) => conversations + steps + calls.ok + calls.failed === 0))
      return html`${budgetCards(usage, names)}${emptyState({ icon: "chart", title: usageWords.nothing, text: usageWords.nothingText })}`;
    const csv = (of: Table) => api.address("/usage", { ...this.#query, format: "csv", of });
    return html`${figureCards(usage)} ${budgetCards(usage, names)} ${usageParts(usage, names, csv)}`;
  }

  #toolbar(): TemplateResult {
    const { query } = router.place;
    const asked = query.get("period");
    const period = [...PERIODS.map(String), OWN].find((one) => one === asked) ?? String(DEFAULT_DAYS);
    const keys = this.#loaded.value?.usage.assistants.map(({ assistant }) => assistant) ?? [];
    const chosen = query.get("assistant") ?? "";
    const names = new Map(this.#loaded.value?.names.map(({ key, name }) => [key, name]));
    const all = [...new Set([...names.keys(), ...keys, ...(chosen === "" ? [] : [chosen])])].toSorted();
    return html`<div class="toolbar">
      <label class="inline"
        >${usageWords.assistant}
        <select class="usage-assistant" .value=${live(chosen)} @change=${(event: Event) => this.#set({ assistant: valueOf(event) })}>
          <option value="">${usageWords.allAssistants}</option>
          ${all.map((key) => html`<option value=${key} ?selected=${key === chosen}>${names.get(key) ?? key}</option>`)}
        </select></label
      >
      <label class="inline"
        >${usageWords.period}
        <select .value=${live(period)} @change=${(event: Event) => this.#choosePeriod(valueOf(event))}>
          ${PERIODS.map((days) => html`<option value=${days} ?selected=${String(days) === period}>${usageWords.lastDays(days)}</option>`)}
          <option value=${OWN} ?selected=${period === OWN}>${usageWords.own}</option>
        </select></label
      >
      ${period === OWN ? html`${this.#day("from", usageWords.from)} ${this.#day("to", usageWords.to)}` : nothing}
    </div>`;
  }

  #day(name: "from" | "to", label: string): TemplateResult {
    return dayFilter(label, router.place.query.get(name) ?? "", (value) => this.#set({ [name]: value }));
  }

  #choosePeriod(period: string): void {
    const { from, to } = this.#query;
    this.#set(period === OWN ? { period, from, to } : { period, from: undefined, to: undefined });
  }

  #set(change: Readonly<Record<string, string | undefined>>): void {
    router.restate({ ...Object.fromEntries(router.place.query), ...change });
  }
}

/** Today there; in UTC where the address names no zone that is known: the server says so. */
function dateIn(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format();
  } catch {
    return new Date().toISOString().slice(0, 10);
  }
}
