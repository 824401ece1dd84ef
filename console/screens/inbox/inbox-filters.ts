import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { api, type Page } from "../../api/client.ts";
import type { Assistant, ListAssigneesAnswer } from "../../api/types.ts";
import { formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { followPlace } from "../../foundation/follow-place.ts";
import { router } from "../../foundation/router.ts";
import { icon } from "../../parts/icon.ts";
import { searchField } from "../../parts/search-field.ts";
import { type Filter, filtersIn, queryAt } from "./inbox-query.ts";
import { inboxWords } from "./inbox-words.ts";

type Options = readonly (readonly [value: string, label: string])[];

const PRIORITIES: Options = [
  ["urgent", inboxWords.urgent],
  ["high", inboxWords.high],
  ["normal", inboxWords.normal],
  ["low", inboxWords.low],
];
const OUTCOMES: Options = [
  ["ok", inboxWords.outcomeOk],
  ["failed", inboxWords.outcomeFailed],
  ["unknown", inboxWords.outcomeUnknown],
  ["refused", inboxWords.outcomeRefused],
  ["cancelled", inboxWords.outcomeCancelled],
];
const RATINGS: Options = [
  ["up", inboxWords.up],
  ["down", inboxWords.down],
];
const TEXTS: readonly (readonly [name: Filter, label: string, hint?: string])[] = [
  ["tag", inboxWords.tag],
  ["tool", inboxWords.tool, inboxWords.toolHint],
  ["language", inboxWords.language, inboxWords.languageHint],
  ["page", inboxWords.page, inboxWords.pageHint],
  ["customer", inboxWords.customer],
];

/** Words, and what the list is narrowed by. All of it is in the address. */
@customElement("desk-inbox-filters")
export class DeskInboxFilters extends PageElement {
  @state() private isOpen = filtersIn(queryAt(router.place)).length > 0;
  readonly #choices = new Resource<{ readonly assistants: Options; readonly assignees: Options }>(this, {
    load: (signal) => choices(signal),
  });

  constructor() {
    super();
    followPlace(this, () => this.requestUpdate());
  }

  override render() {
    const query = queryAt(router.place);
    const set = filtersIn(query);
    return html`<div class="toolbar">
        ${searchField(inboxWords.search, query["q"] ?? "", (text) => this.#filter({ q: text }))}
        <button
          type="button"
          aria-expanded=${this.isOpen ? "true" : "false"}
          aria-controls="inbox-filters"
          @click=${() => (this.isOpen = !this.isOpen)}
        >
          ${set.length === 0 ? inboxWords.filters : inboxWords.filtersSet(formatNumber(set.length))}${icon("down")}
        </button>
        ${set.length === 0 ? nothing : html`<button type="button" class="quiet" @click=${() => this.#clear()}>${icon("close")}${inboxWords.clear}</button>`}
      </div>
      <div id="inbox-filters" class="inbox-filters" ?hidden=${!this.isOpen}>
        ${this.#select("assistant", inboxWords.assistant, this.#choices.value?.assistants ?? [])}
        ${this.#select("assignee", inboxWords.assignee, [
          ["me", inboxWords.me],
          ["nobody", inboxWords.nobody],
          ...(this.#choices.value?.assignees ?? []),
        ])}
        ${this.#select("priority", inboxWords.priority, PRIORITIES)} ${this.#select("outcome", inboxWords.outcome, OUTCOMES)}
        ${this.#select("feedback", inboxWords.feedback, RATINGS)} ${TEXTS.map(([name, label, hint]) => this.#text(name, label, hint))}
        ${this.#day("from", inboxWords.from)} ${this.#day("to", inboxWords.to)}
      </div>`;
  }

  #select(name: Filter, label: string, options: Options): TemplateResult {
    const chosen = queryAt(router.place)[name] ?? "";
    const known = chosen === "" || options.some(([value]) => value === chosen) ? options : [...options, [chosen, chosen] as const];
    return html`<div class="field">
      <label class="label" for="filter-${name}">${label}</label>
      <select
        id="filter-${name}"
        .value=${chosen}
        @change=${(event: Event) => this.#filter({ [name]: (event.currentTarget as HTMLSelectElement).value })}
      >
        <option value="" ?selected=${chosen === ""}>${inboxWords.any}</option>
        ${known.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
      </select>
    </div>`;
  }

  #text(name: Filter, label: string, hint: string | undefined): TemplateResult {
    return html`<div class="field">
      <label class="label" for="filter-${name}">${label}</label>
      <input
        id="filter-${name}"
        autocomplete="off"
        placeholder=${hint ?? nothing}
        .value=${queryAt(router.place)[name] ?? ""}
        @change=${(event: Event) => this.#filter({ [name]: (event.currentTarget as HTMLInputElement).value.trim() })}
      />
    </div>`;
  }

  #day(name: "from" | "to", label: string): TemplateResult {
    return html`<div class="field">
      <label class="label" for="filter-${name}">${label}</label>
      <input
        id="filter-${name}"
        type="date"
        .value=${queryAt(router.place)[name] ?? ""}
        @change=${(event: Event) => this.#filter({ [name]: (event.currentTarget as HTMLInputElement).value })}
      />
    </div>`;
  }

  #clear(): void {
    const { view, q } = queryAt(router.place);
    router.restate({ view, q });
  }

  #filter(change: Readonly<Record<string, string>>): void {
    router.restate({ ...queryAt(router.place), ...change });
  }
}

async function choices(signal: AbortSignal): Promise<{ readonly assistants: Options; readonly assignees: Options }> {
  const [assistants, assignees] = await Promise.all([
    api.get<Page<Assistant>>("/assistants", { query: { limit: 200 }, signal }),
    api.get<ListAssigneesAnswer>("/inbox/assignees", { query: { limit: 200 }, signal }),
  ]);
  return {
    assistants: assistants.body.items.map(({ key, name }) => [key, name]),
    assignees: assignees.body.items.map(({ kind, id, name }) => [
      `${kind}/${id}`,
      kind === "group" ? `${name} (${inboxWords.group})` : name,
    ]),
  };
}
