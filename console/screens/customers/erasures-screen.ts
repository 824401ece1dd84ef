import { html } from "lit";
import { customElement } from "lit/decorators.js";
import type { ErasureReceipt } from "../../api/types.ts";
import { formatDateTime, formatList, formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import type { Column } from "../../parts/data-table.ts";
import "../../parts/data-table.ts";
import { emptyState, show } from "../../parts/states.ts";
import { status } from "../../parts/status.ts";
import { customerWords } from "./customer-words.ts";

/** That customers' data were erased. */
@customElement("desk-erasures")
export class DeskErasures extends PageElement {
  readonly #receipts = new PagedList<ErasureReceipt>(this, { from: () => ({ path: "/erasures" }), everyMs: 10_000 });

  readonly #columns: readonly Column<ErasureReceipt>[] = [
    { label: customerWords.asked, width: "170px", cell: ({ requestedAt }) => formatDateTime(requestedAt) },
    { label: customerWords.by, width: "minmax(100px, 1fr)", cell: ({ requestedBy }) => requestedBy.name },
    {
      label: customerWords.status,
      width: "130px",
      cell: (receipt) => (receipt.status === "done" ? status("good", customerWords.done) : status("busy", customerWords.running)),
    },
    {
      label: customerWords.finished,
      width: "170px",
      isSecondary: true,
      cell: ({ finishedAt }) => (finishedAt === undefined ? "" : formatDateTime(finishedAt)),
    },
    {
      label: customerWords.what,
      width: "minmax(120px, 1fr)",
      isSecondary: true,
      cell: ({ erased }) => formatList(Object.entries(erased).map(([what, count]) => erasedText(what, formatNumber(count ?? 0)))),
    },
  ];

  override render() {
    return html`<header class="page-head">
        <h1>${customerWords.receipts}</h1>
        <p>${customerWords.receiptsHint}</p>
      </header>
      ${show(this.#receipts, ({ items, next }) =>
        items.length === 0
          ? emptyState({ icon: "log", title: customerWords.noReceipts, text: customerWords.noReceiptsText })
          : html`<desk-table
              label=${customerWords.receipts}
              .columns=${this.#columns}
              .rows=${items}
              .rowKey=${({ id }: ErasureReceipt) => id}
              ?hasMore=${next !== undefined}
              @more=${() => void this.#receipts.more()}
            ></desk-table>`,
      )}`;
  }
}

function erasedText(what: string, count: string): string {
  return customerWords.erased[what]?.(count) ?? `${count} ${what}`;
}
