import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ListConnectorsAnswer } from "../../../api/types.ts";
import { formatNumber } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { PagedList } from "../../../foundation/paged-list.ts";
import { router } from "../../../foundation/router.ts";
import type { Column } from "../../../parts/data-table.ts";
import "../../../parts/data-table.ts";
import { showDialog } from "../../../parts/dialogs.ts";
import { icon } from "../../../parts/icon.ts";
import { emptyState, show } from "../../../parts/states.ts";
import { signInWords } from "../../../parts/sign-in-words.ts";
import { status } from "../../../parts/status.ts";
import "./add-connector.ts";
import "./connector-view.ts";
import { isOwn } from "./own-servers.ts";
import { toolsWords } from "./tools-words.ts";

type Row = ListConnectorsAnswer["items"][number];

const COLUMNS: readonly Column<Row>[] = [
  { label: toolsWords.server, width: "minmax(130px, 2fr)", cell: ({ serverName }) => serverName },
  { label: toolsWords.status, width: "minmax(120px, 1.5fr)", cell: (row) => connectorStatus(row) },
  {
    label: toolsWords.method,
    width: "minmax(120px, 1fr)",
    isSecondary: true,
    cell: ({ connection, server }) => (isOwn(server) ? "" : toolsWords[connection]),
  },
  { label: toolsWords.tools, width: "70px", isNumeric: true, cell: ({ toolCount }) => formatNumber(toolCount) },
];

/** Which servers the assistant has. */
@customElement("desk-connectors")
export class DeskConnectors extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  @property({ type: Boolean }) isReadOnly = false;
  readonly #connectors = new PagedList<Row>(this, {
    from: () => ({ path: `/assistants/${this.assistantKey}/connectors` }),
    everyMs: 30_000,
  });

  override render() {
    const add = html`<button class="primary" @click=${() => void this.#add()}>${icon("plus")}${toolsWords.add}</button>`;
    return html`<header class="page-head">
        <h2>${toolsWords.title}</h2>
        ${this.isReadOnly ? nothing : html`<div class="actions">${add}</div>`}
        <p>${toolsWords.lead}</p>
      </header>
      ${show(this.#connectors, ({ items, next }) =>
        items.length === 0
          ? emptyState({ icon: "server", title: toolsWords.none, text: this.isReadOnly ? toolsWords.onlyTalks : toolsWords.noneText })
          : html`<desk-table
              label=${toolsWords.title}
              .columns=${COLUMNS}
              .rows=${items}
              .rowKey=${({ server }: Row) => server}
              .rowName=${({ serverName }: Row) => serverName}
              .href=${({ server }: Row) => router.href(`/assistants/${this.assistantKey}/tools/${server}`)}
              ?hasMore=${next !== undefined}
              @more=${() => void this.#connectors.more()}
            ></desk-table>`,
      )}`;
  }

  async #add(): Promise<void> {
    const present = (this.#connectors.value?.items ?? []).map(({ server }) => server);
    await showDialog(
      toolsWords.addTitle,
      (close) => html`<desk-add-connector .assistantKey=${this.assistantKey} .present=${present} @added=${close}></desk-add-connector>`,
    );
  }
}

function connectorStatus({ suspended, connection, status: { status: is, signIn, since } }: Row): TemplateResult {
  if (suspended !== undefined) return status("warning", toolsWords.suspended);
  if (is === "disconnected" && signIn !== undefined) {
    // How it is with a shared account is no matter where each customer has their own.
    if (connection === "personal" && signIn !== "refused") return status("neutral", toolsWords.customersSignIn);
    return status("warning", signInWords.needed);
  }
  if (is === "connected") return status("good", toolsWords.connected);
  return is === "disconnected" ? status("bad", toolsWords.disconnected, since) : status("neutral", toolsWords.notTested);
}
