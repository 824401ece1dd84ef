import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { PublishedKey, PublishedServer, ReadPublishedUsageAnswer } from "../../../api/types.ts";
import { formatAgo, formatDateTime, formatNumber } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { PagedList } from "../../../foundation/paged-list.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import type { Column } from "../../../parts/data-table.ts";
import "../../../parts/data-table.ts";
import { ask } from "../../../parts/dialogs.ts";
import { icon } from "../../../parts/icon.ts";
import { menu } from "../../../parts/menu.ts";
import { emptyState, show } from "../../../parts/states.ts";
import { ago, status } from "../../../parts/status.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { clientSaid } from "../published-status.ts";
import { keysWords } from "./keys-words.ts";
import "./published-grants.ts";
import { makeKey, rotateKey, showKey } from "./new-published-key.ts";

type Usage = ReadPublishedUsageAnswer["keys"][number];

const EVERY_MS = 10_000;

/** The keys of a published server, each with what used it. Sends `changed`. */
@customElement("desk-published-keys")
export class DeskPublishedKeys extends PageElement {
  @property({ attribute: false }) server!: PublishedServer;
  readonly #keys = new PagedList<PublishedKey>(this, { from: () => ({ path: `${this.#path}/keys` }), everyMs: EVERY_MS });
  /** By the keys' ids. */
  readonly #usage = new Resource<ReadonlyMap<string, Usage>>(this, { load: (signal) => this.#readUsage(signal), everyMs: EVERY_MS });

  get #path(): string {
    return `/published-servers/${this.server.id}`;
  }

  override render() {
    // It waits for the list above it: nothing moves what is read.
    const isRead = this.#keys.state.status !== "loading";
    const below = isRead ? html`<desk-published-grants .server=${this.server}></desk-published-grants>` : nothing;
    const make = html`<button class="primary" @click=${() => void this.#make()}>${icon("plus")}${keysWords.make}</button>`;
    return html`<section class="group" aria-labelledby="keys-title">
        <h2 id="keys-title">${keysWords.title}</h2>
        <p class="muted">${keysWords.lead}</p>
        ${show(this.#keys, ({ items, next }) =>
          items.length === 0
            ? emptyState({
                icon: "key",
                title: keysWords.none,
                text: keysWords.noneText,
                ...(may("published.write") ? { action: make } : {}),
              })
            : html`${may("published.write") ? html`<div class="toolbar">${make}</div>` : nothing}
                <desk-table
                  label=${keysWords.title}
                  .columns=${this.#columns()}
                  .rows=${items}
                  .rowKey=${({ id }: PublishedKey) => id}
                  ?hasMore=${next !== undefined}
                  @more=${() => void this.#keys.more()}
                ></desk-table>`,
        )}
      </section>
      ${below}`;
  }

  #columns(): readonly Column<PublishedKey>[] {
    const usageOf = ({ id }: PublishedKey): Usage | undefined => this.#usage.value?.get(id);
    return [
      { label: keysWords.name, width: "minmax(110px, 1.5fr)", cell: nameCell },
      {
        label: keysWords.lastUsed,
        width: "112px",
        cell: (key) => {
          const used = usageOf(key);
          return used === undefined ? html`<span class="muted">${keysWords.neverUsed}</span>` : ago(used.lastAt);
        },
      },
      {
        label: keysWords.client,
        width: "minmax(120px, 1fr)",
        isSecondary: true,
        cell: (key) => {
          const used = usageOf(key);
          return used === undefined ? "" : clientSaid(used);
        },
      },
      { label: keysWords.calls, width: "minmax(120px, 150px)", isSecondary: true, cell: (key) => callsCell(usageOf(key)) },
      { label: keysWords.ends, width: "150px", isSecondary: true, cell: endsCell },
      {
        label: keysWords.beginning,
        width: "124px",
        isSecondary: true,
        cell: ({ beginning }) => html`<code>${beginning}…</code>`,
      },
      { label: keysWords.more(""), isLabelHidden: true, width: "44px", cell: (key) => this.#menu(key) },
    ];
  }

  #menu(key: PublishedKey): TemplateResult {
    const inLog = (): void => void router.go(`${this.#path}/log`, { query: { key: key.id } });
    return menu(keysWords.more(key.name), [
      { label: keysWords.inLog, icon: "log", act: inLog },
      ...(may("published.write")
        ? [
            { label: keysWords.rotate, icon: "reload" as const, act: () => void this.#rotate(key) },
            { label: keysWords.revokeEntry, icon: "remove" as const, isDangerous: true, act: () => void this.#revoke(key) },
          ]
        : []),
    ]);
  }

  async #readUsage(signal: AbortSignal): Promise<ReadonlyMap<string, Usage>> {
    const { body } = await api.get<ReadPublishedUsageAnswer>(`${this.#path}/usage`, { signal });
    return new Map(body.keys.map((one) => [one.key, one]));
  }

  async #make(): Promise<void> {
    const made = await makeKey(this.server.id);
    if (made === undefined) return;
    this.#changed();
    await showKey(this.server.id, made);
  }

  async #rotate(key: PublishedKey): Promise<void> {
    const made = await rotateKey(this.server.id, key);
    if (made === undefined) return;
    this.#changed();
    await showKey(this.server.id, made);
  }

  async #revoke({ id, name }: PublishedKey): Promise<void> {
    const used = this.#usage.value?.get(id);
    const said = used === undefined ? [] : [keysWords.revokeUsed(clientSaid(used), formatAgo(used.lastAt))];
    const text = [...said, keysWords.revokeText].join(" ");
    if (!(await ask({ title: keysWords.revokeTitle(name), text, confirm: keysWords.revoke, isDangerous: true }))) return;
    try {
      await api.delete(`${this.#path}/keys/${id}`);
      toast(keysWords.revoked(name));
    } catch (error) {
      toastFault(error);
    }
    this.#changed();
  }

  #changed(): void {
    void this.#keys.reload();
    this.dispatchEvent(new CustomEvent("changed"));
  }
}

function nameCell({ name, previousUntil }: PublishedKey): TemplateResult {
  const isDouble = previousUntil !== undefined && previousUntil > Date.now();
  return html`<span class="cut-text"
    >${name} ${isDouble ? html`<span class="muted">· ${keysWords.bothUntil(formatDateTime(previousUntil))}</span>` : nothing}</span
  >`;
}

function endsCell({ expiresAt }: PublishedKey): unknown {
  if (expiresAt === undefined) return keysWords.never;
  return expiresAt <= Date.now() ? status("bad", keysWords.expired, expiresAt) : formatDateTime(expiresAt);
}

function callsCell(used: Usage | undefined): unknown {
  if (used === undefined) return formatNumber(0);
  return html`${formatNumber(used.calls)}${used.failed === 0 ? nothing : html` <span class="muted">· ${keysWords.failed(formatNumber(used.failed))}</span>`}`;
}
