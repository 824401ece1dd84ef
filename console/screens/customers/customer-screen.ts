import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import { BASE_PATH } from "../../api/base-path.ts";
import type { Conversation, ErasureReceipt } from "../../api/types.ts";
import { formatDateTime, formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import type { Column } from "../../parts/data-table.ts";
import "../../parts/data-table.ts";
import { customerName, emailBeside, nameToType, verifiedMark } from "../../parts/customer-said.ts";
import { ask } from "../../parts/dialogs.ts";
import { emptyState, show } from "../../parts/states.ts";
import { ago } from "../../parts/status.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { conversationName, conversationNames } from "../../parts/conversation-names.ts";
import { customerWords } from "./customer-words.ts";

/** One customer: their conversations, and handing out or erasing what is kept of them. */
@customElement("desk-customer")
export class DeskCustomer extends PageElement {
  @property() customerId = "";
  readonly #conversations = new PagedList<Conversation>(this, {
    from: () => ({ path: "/conversations", query: { customer: this.customerId } }),
  });
  readonly #names = new Resource(this, { load: conversationNames });

  readonly #columns: readonly Column<Conversation>[] = [
    {
      label: customerWords.assistant,
      width: "minmax(120px, 2fr)",
      cell: ({ assistant }) => html`<span class="cut-text">${conversationName(assistant, this.#names.value?.get(assistant))}</span>`,
    },
    { label: customerWords.begun, width: "170px", isSecondary: true, cell: ({ createdAt }) => formatDateTime(createdAt) },
    { label: customerWords.last, width: "130px", cell: ({ updatedAt }) => ago(updatedAt) },
    { label: customerWords.events, width: "80px", isNumeric: true, isSecondary: true, cell: ({ events }) => formatNumber(events) },
  ];

  override render() {
    return html`<header class="page-head">${this.#who()}</header>
      ${may("conversations.export") ? this.#data() : nothing}
      <h2>${customerWords.conversations}</h2>
      ${show(this.#conversations, ({ items, next }) =>
        items.length === 0
          ? emptyState({ icon: "search", title: customerWords.none, text: customerWords.noneText })
          : html`<desk-table
              label=${customerWords.conversations}
              .columns=${this.#columns}
              .rows=${items}
              .rowKey=${({ id }: Conversation) => id}
              .href=${({ id }: Conversation) => router.href(`/inbox/${id}`)}
              ?hasMore=${next !== undefined}
              @more=${() => void this.#conversations.more()}
            ></desk-table>`,
      )}`;
  }

  /** As the website says it: each of their conversations has it. */
  #who(): TemplateResult {
    const [first] = this.#conversations.value?.items ?? [];
    return html`<h1>${first === undefined ? customerWords.title : html`${customerName(first)} ${verifiedMark(first)}`}</h1>
      <p>${first === undefined ? nothing : emailBeside(first)} <code>${this.customerId}</code></p>`;
  }

  #data(): TemplateResult {
    const path = `${BASE_PATH}/api/v1/customers/${encodeURIComponent(this.customerId)}/export`;
    return html`<section class="group">
      <h2>${customerWords.data}</h2>
      <p class="muted">
        ${customerWords.dataHint}
        ${may("conversations.erase") ? html`<a href=${router.href("/erasures")}>${customerWords.receipts}</a>` : nothing}
      </p>
      <div class="actions">
        <a class="button" href=${path} download>${customerWords.json}</a>
        <a class="button" href="${path}?format=html" download>${customerWords.page}</a>
        ${may("conversations.erase") ? html`<button class="danger" @click=${() => void this.#erase()}>${customerWords.erase}</button>` : nothing}
      </div>
    </section>`;
  }

  async #erase(): Promise<void> {
    const { eraseTitle: title, eraseText: text, eraseConfirm: confirm } = customerWords;
    const [first] = this.#conversations.value?.items ?? [];
    const typeName = nameToType({ ...first, customer: this.customerId });
    if (!(await ask({ title, text, confirm, isDangerous: true, typeName }))) return;
    try {
      await api.create<ErasureReceipt>(`/customers/${encodeURIComponent(this.customerId)}/erasure`, {});
      await router.go("/erasures");
      toast(customerWords.begunErasing);
    } catch (error) {
      toastFault(error);
    }
  }
}
