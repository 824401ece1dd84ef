import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { api } from "../../../api/client.ts";
import type { McpServerCard, TestedMcpServer } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { PagedList } from "../../../foundation/paged-list.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import { icon } from "../../../parts/icon.ts";
import { menu } from "../../../parts/menu.ts";
import "../../../parts/more.ts";
import { searchField } from "../../../parts/search-field.ts";
import { emptyState, show } from "../../../parts/states.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { showExport } from "./server-export.ts";
import { serverCard } from "./server-card.ts";
import { statusWord } from "./server-status.ts";
import { toolsTabs } from "../tools-tabs.ts";
import { toolsWords } from "../tools-words.ts";

const EVERY_MS = 10_000;

/** Every MCP server that one may use, as a card that stays true by itself. */
@customElement("desk-mcp-servers")
export class DeskMcpServers extends PageElement {
  @state() private testing: ReadonlySet<string> = new Set();
  readonly #servers = new PagedList<McpServerCard>(this, {
    from: () => ({ path: "/mcp-servers", query: { q: this.#words } }),
    everyMs: EVERY_MS,
  });

  get #words(): string {
    return router.place.query.get("q") ?? "";
  }

  override render() {
    return html`<header class="page-head">
        <h1>${toolsWords.title}</h1>
        <div class="actions">${this.#actions()}</div>
        <p>${toolsWords.lead}</p>
      </header>
      ${toolsTabs("servers")}
      <div class="toolbar">${searchField(toolsWords.searchServers, this.#words, (q) => this.#search(q))}</div>
      ${show(this.#servers, ({ items, next }) => this.#list(items, next !== undefined), waiting)}`;
  }

  #actions(): TemplateResult {
    const canCreate = may("servers.create");
    return html`${menu(toolsWords.more, [
      ...(canCreate ? [{ label: toolsWords.import, icon: "upload" as const, act: () => void router.go("/tools/import") }] : []),
      { label: toolsWords.export, icon: "download" as const, act: () => void showExport() },
    ])}${canCreate ? newServerButton() : nothing}`;
  }

  #list(servers: readonly McpServerCard[], hasMore: boolean): TemplateResult {
    if (servers.length > 0) {
      return html`<div class="cards">
          ${repeat(
            servers,
            ({ key }) => key,
            (server) => serverCard(server, { isTesting: this.testing.has(server.key), test: () => void this.#test(server) }),
          )}
        </div>
        ${hasMore ? html`<desk-more .shown=${servers.length} @more=${() => void this.#servers.more()}></desk-more>` : nothing}`;
    }
    if (this.#words !== "") return emptyState({ icon: "search", title: toolsWords.noneFound, text: toolsWords.noneFoundText });
    return emptyState({
      icon: "server",
      title: toolsWords.noServers,
      text: may("servers.create") ? toolsWords.noServersText : toolsWords.noServersForYou,
      ...(may("servers.create") ? { action: newServerButton() } : {}),
    });
  }

  #search(q: string): void {
    router.restate({ q });
    void this.#servers.reload();
  }

  async #test({ key, name }: McpServerCard): Promise<void> {
    this.testing = new Set([...this.testing, key]);
    try {
      const { body } = await api.post<TestedMcpServer>(`/mcp-servers/${key}/test`);
      const { about: _about, ...status } = body.status;
      this.#servers.change((shown) => shown.map((server) => (server.key === key ? { ...server, status, tools: body.tools } : server)));
      toast(toolsWords.tested(name, statusWord(body)[1]), { about: `test ${key}` });
      void this.#servers.reload();
    } catch (error) {
      toastFault(error);
    } finally {
      this.testing = new Set([...this.testing].filter((other) => other !== key));
    }
  }
}

function newServerButton(): TemplateResult {
  return html`<button type="button" class="primary" @click=${() => void router.go("/tools/mcp-servers/new")}>
    ${icon("plus")}${toolsWords.newServer}
  </button>`;
}

function waiting(): TemplateResult {
  return html`<div class="cards skeleton-cards" role="status" aria-label=${toolsWords.servers}>
    ${[1, 2, 3].map(() => html`<i class="card"></i>`)}
  </div>`;
}
