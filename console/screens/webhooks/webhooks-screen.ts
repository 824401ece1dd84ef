import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Webhook } from "../../api/types.ts";
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
import { status } from "../../parts/status.ts";
import { makeWebhook } from "./new-webhook.ts";
import { eventWords, webhooksWords } from "./webhooks-words.ts";

const COLUMNS: readonly Column<Webhook>[] = [
  { label: webhooksWords.name, width: "minmax(120px, 1fr)", cell: ({ name }) => name },
  { label: webhooksWords.status, width: "120px", cell: webhookStatus },
  { label: webhooksWords.events, width: "minmax(160px, 2fr)", isSecondary: true, cell: ({ events }) => events.map(eventWords).join(" · ") },
];

export function webhookStatus({ enabled, goneAt }: Webhook): TemplateResult {
  if (enabled) return status("good", webhooksWords.on);
  return goneAt === undefined ? status("neutral", webhooksWords.off) : status("bad", webhooksWords.off, goneAt);
}

/** Who else hears of what happens. */
@customElement("desk-webhooks")
export class DeskWebhooks extends PageElement {
  readonly #webhooks = new PagedList<Webhook>(this, { from: () => ({ path: "/webhooks", query: { q: this.#words } }) });

  get #words(): string | undefined {
    return router.place.query.get("q") ?? undefined;
  }

  constructor() {
    super();
    whenAsked(this, "make", () => void makeWebhook());
  }

  override render() {
    const make = html`<button class="primary" @click=${() => void makeWebhook()}>${icon("plus")}${webhooksWords.make}</button>`;
    return html`<header class="page-head">
        <h1>${webhooksWords.title}</h1>
        ${may("webhooks.write") ? html`<div class="actions">${make}</div>` : ""}
        <p>${webhooksWords.lead}</p>
      </header>
      <div class="toolbar">${searchField(webhooksWords.search, this.#words ?? "", (q) => this.#search(q))}</div>
      ${show(this.#webhooks, ({ items, next }) =>
        items.length === 0
          ? this.#empty(make)
          : html`<desk-table
              label=${webhooksWords.title}
              .columns=${COLUMNS}
              .rows=${items}
              .rowKey=${({ id }: Webhook) => id}
              .href=${({ id }: Webhook) => router.href(`/webhooks/${id}`)}
              ?hasMore=${next !== undefined}
              @more=${() => void this.#webhooks.more()}
            ></desk-table>`,
      )}`;
  }

  #empty(make: TemplateResult): TemplateResult {
    if (this.#words !== undefined) return emptyState({ icon: "search", title: webhooksWords.noneFound, text: webhooksWords.noneFoundText });
    const { empty: title, emptyText: text } = webhooksWords;
    return emptyState({ icon: "share", title, text, ...(may("webhooks.write") ? { action: make } : {}) });
  }

  #search(q: string): void {
    router.restate({ q });
    void this.#webhooks.reload();
  }
}
