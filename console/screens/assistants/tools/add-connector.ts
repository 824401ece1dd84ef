import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, type Page } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { Connector, HttpTool, McpServerCard } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { PagedList } from "../../../foundation/paged-list.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import { icon } from "../../../parts/icon.ts";
import { searchField } from "../../../parts/search-field.ts";
import { show } from "../../../parts/states.ts";
import { toast } from "../../../parts/toasts.ts";
import { OWN_SERVERS } from "./own-servers.ts";
import { toolsWords } from "./tools-words.ts";

interface Server {
  readonly key: string;
  readonly name: string;
  readonly description?: string;
}

/** The servers that one may use, and the assistant does not have yet. */
@customElement("desk-add-connector")
export class DeskAddConnector extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  @property({ attribute: false }) present: readonly string[] = [];
  @state() private problem: ApiProblem | undefined;
  @state() private isSending = false;
  #words = "";
  readonly #servers = new PagedList<McpServerCard>(this, { from: () => ({ path: "/mcp-servers", query: { q: this.#words } }) });
  readonly #http = new Resource<boolean>(this, { load: (signal) => hasHttpTools(signal) });

  override render() {
    return html`<p class="muted">${toolsWords.addText}</p>
      ${searchField(toolsWords.addSearch, this.#words, (text) => this.#search(text))}
      ${this.problem === undefined ? nothing : html`<p class="field-fault" role="alert">${this.problem.message}</p>`}
      ${show(this.#servers, ({ items, next }) => this.#list(items, next !== undefined))}`;
  }

  #list(items: readonly McpServerCard[], hasMore: boolean) {
    const own = Object.entries(OWN_SERVERS)
      .map(([key, name]): Server => ({ key, name }))
      .filter(({ key, name }) => (key !== "http" || this.#http.value === true) && name.toLowerCase().includes(this.#words.toLowerCase()));
    const free = [...own, ...items].filter(({ key }) => !this.present.includes(key));
    if (free.length === 0 && !hasMore) return html`<p>${toolsWords.noServers}</p>`;
    return html`<ul class="plain-list add-list">
      ${free.map(
        (server: Server) =>
          html`<li>
            <span
              >${server.name}${server.description === undefined ? nothing : html`<br /><span class="muted">${server.description}</span>`}</span
            >
            <button
              type="button"
              aria-disabled=${this.isSending ? "true" : "false"}
              aria-label=${toolsWords.addOne(server.name)}
              @click=${() => void this.#add(server)}
            >
              ${icon("plus")}
            </button>
          </li>`,
      )}
      ${hasMore ? html`<li><button type="button" class="quiet" @click=${() => void this.#servers.more()}>…</button></li>` : nothing}
    </ul>`;
  }

  #search(text: string): void {
    this.#words = text;
    void this.#servers.reload();
  }

  async #add({ key, name }: Server): Promise<void> {
    this.isSending = true;
    try {
      await api.create<Connector>(`/assistants/${this.assistantKey}/connectors`, { server: key });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error;
      return;
    } finally {
      this.isSending = false;
    }
    this.dispatchEvent(new CustomEvent("added"));
    await router.go(`/assistants/${this.assistantKey}/tools/${key}`);
    toast(toolsWords.added(name));
  }
}

/** Whoever may not read them is not offered them. */
async function hasHttpTools(signal: AbortSignal): Promise<boolean> {
  try {
    return (await api.get<Page<HttpTool>>("/http-tools", { query: { limit: 1 }, signal })).body.items.length > 0;
  } catch (error) {
    if (error instanceof ApiProblem) return false;
    throw error;
  }
}
