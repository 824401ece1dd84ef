import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { Grant, PublishedServer } from "../../../api/types.ts";
import { formatDateTime, formatList } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { PagedList } from "../../../foundation/paged-list.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import type { Column } from "../../../parts/data-table.ts";
import "../../../parts/data-table.ts";
import { ask } from "../../../parts/dialogs.ts";
import { menu } from "../../../parts/menu.ts";
import { show } from "../../../parts/states.ts";
import { ago } from "../../../parts/status.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { grantsWords } from "./grants-words.ts";

const EVERY_MS = 10_000;

/** The programs that people signed in to a published server. */
@customElement("desk-published-grants")
export class DeskPublishedGrants extends PageElement {
  @property({ attribute: false }) server!: PublishedServer;
  readonly #grants = new PagedList<Grant>(this, { from: () => ({ path: `${this.#path}/grants` }), everyMs: EVERY_MS });

  get #path(): string {
    return `/published-servers/${this.server.id}`;
  }

  override render() {
    return html`<section class="group" aria-labelledby="grants-title">
      <h2 id="grants-title">${grantsWords.title}</h2>
      <p class="muted">${grantsWords.lead}</p>
      ${show(this.#grants, ({ items, next }) =>
        items.length === 0
          ? html`<p>${grantsWords.none}</p>`
          : html`<desk-table
              label=${grantsWords.title}
              .columns=${this.#columns()}
              .rows=${items}
              .rowKey=${({ id }: Grant) => id}
              ?hasMore=${next !== undefined}
              @more=${() => void this.#grants.more()}
            ></desk-table>`,
      )}
    </section>`;
  }

  #columns(): readonly Column<Grant>[] {
    return [
      {
        label: grantsWords.program,
        width: "minmax(110px, 1.2fr)",
        cell: ({ program }) => html`<span class="cut-text">${program.name}</span>`,
      },
      { label: grantsWords.person, width: "minmax(90px, 1fr)", cell: ({ person }) => html`<span class="cut-text">${person.name}</span>` },
      {
        label: grantsWords.verified,
        width: "minmax(100px, 1fr)",
        isSecondary: true,
        cell: ({ program: { host } }) => host ?? html`<span class="muted">${grantsWords.unverified}</span>`,
      },
      {
        label: grantsWords.seen,
        width: "128px",
        cell: ({ seenAt }) => (seenAt === undefined ? html`<span class="muted">${grantsWords.never}</span>` : ago(seenAt)),
      },
      { label: grantsWords.may, width: "minmax(180px, 1.4fr)", isSecondary: true, cell: ({ scopes }) => saidOf(scopes) },
      {
        label: grantsWords.ends,
        width: "150px",
        isSecondary: true,
        cell: ({ expiresAt }) => (expiresAt === undefined ? "" : formatDateTime(expiresAt)),
      },
      { label: grantsWords.more(""), isLabelHidden: true, width: "44px", cell: (grant) => this.#menu(grant) },
    ];
  }

  #menu(grant: Grant): TemplateResult {
    const inLog = (): void => void router.go(`${this.#path}/log`, { query: { key: grant.id } });
    return menu(grantsWords.more(grant.program.name), [
      { label: grantsWords.inLog, icon: "log", act: inLog },
      ...(may("published.write")
        ? [{ label: grantsWords.revokeEntry, icon: "remove" as const, isDangerous: true, act: () => void this.#revoke(grant) }]
        : []),
    ]);
  }

  async #revoke({ id, program, person }: Grant): Promise<void> {
    const title = grantsWords.revokeTitle(program.name, person.name);
    if (!(await ask({ title, text: grantsWords.revokeText, confirm: grantsWords.revoke, isDangerous: true }))) return;
    try {
      await api.delete(`${this.#path}/grants/${id}`);
      toast(grantsWords.revoked(program.name));
    } catch (error) {
      toastFault(error);
    }
    void this.#grants.reload();
  }
}

function saidOf(scopes: readonly string[]): string {
  const said = scopes.flatMap((scope) => grantsWords.scopes[scope] ?? []);
  return said.length === 0 ? grantsWords.nothing : formatList(said);
}
