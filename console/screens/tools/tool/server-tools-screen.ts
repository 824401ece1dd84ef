import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { api, type Page } from "../../../api/client.ts";
import type { McpServerCard, McpToolRow } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { PagedList } from "../../../foundation/paged-list.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import type { Column } from "../../../parts/data-table.ts";
import "../../../parts/data-table.ts";
import { searchField } from "../../../parts/search-field.ts";
import { emptyState, show, showPage } from "../../../parts/states.ts";
import { badge, type Tone } from "../../../parts/status.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { said } from "../servers/found-tools.ts";
import { serverPath } from "../servers/server-path.ts";
import { serverHead } from "../servers/server-head.ts";
import { toolWords } from "./tool-words.ts";
import { toolsWords } from "../tools-words.ts";

type State = McpToolRow["state"];
const STATES: readonly State[] = ["accepted", "changed", "new", "gone", "proposed"];
const STATE_TONES: Readonly<Record<State, Tone>> = {
  accepted: "neutral",
  changed: "bad",
  new: "warning",
  gone: "neutral",
  proposed: "warning",
};
const EVERY_MS = 10_000;
const PAGE = 200;
const AT_ONCE = 4;

/** The tools of one server, each of which can be off. */
@customElement("desk-mcp-tools")
export class DeskMcpTools extends PageElement {
  @property() key = "";
  /** How far a change of many is. */
  @state() private turning: { readonly done: number; readonly all: number } | undefined;
  readonly #server = new Resource<McpServerCard>(this, {
    load: async (signal) => (await api.get<McpServerCard>(`/mcp-servers/${this.key}`, { signal })).body,
    everyMs: EVERY_MS,
  });
  readonly #tools = new PagedList<McpToolRow>(this, { from: () => ({ path: "/mcp-tools", query: this.#query }), everyMs: EVERY_MS });

  get #query(): { readonly server: string; readonly q?: string; readonly state?: string } {
    const { query } = router.place;
    const [q, is] = [query.get("q") ?? "", query.get("state") ?? ""];
    return { server: this.key, ...(q === "" ? {} : { q }), ...(is === "" ? {} : { state: is }) };
  }

  override render() {
    return html`<nav class="crumbs"><a href=${router.href("/tools/mcp-servers")}>${toolsWords.servers}</a></nav>
      ${showPage(this.#server, (server) => html`${serverHead(server, "tools")}${this.#list(server)}`)}`;
  }

  #list(server: McpServerCard): TemplateResult {
    const mayChange = server.mayManage && may("servers.write");
    const isNarrowed = this.#query.q !== undefined || this.#query.state !== undefined;
    return html`<div class="toolbar">
        ${searchField(toolWords.search, this.#query.q ?? "", (q) => this.#filter({ q }))} ${this.#stateFilter()}
        ${mayChange ? this.#many() : nothing}
      </div>
      ${show(this.#tools, ({ items, next }) =>
        items.length === 0
          ? emptyState({ icon: "tool", title: toolWords.empty, text: isNarrowed ? toolWords.noneFit : toolWords.emptyText })
          : html`<desk-table
              label=${toolWords.tools}
              .columns=${this.#columns(mayChange)}
              .rows=${items}
              .rowKey=${({ name }: McpToolRow) => name}
              .href=${({ name }: McpToolRow) => router.href(serverPath(this.key, `/tools/${encodeURIComponent(name)}`))}
              .rowName=${({ title }: McpToolRow) => title}
              ?hasMore=${next !== undefined}
              @more=${() => void this.#tools.more()}
            ></desk-table>`,
      )}`;
  }

  #stateFilter(): TemplateResult {
    const chosen = this.#query.state ?? "";
    return html`<select
      aria-label=${toolWords.state}
      @change=${(event: Event) => this.#filter({ state: (event.currentTarget as HTMLSelectElement).value })}
    >
      <option value="" ?selected=${chosen === ""}>${toolWords.allStates}</option>
      ${STATES.map((one) => html`<option value=${one} ?selected=${chosen === one}>${toolWords.states[one]}</option>`)}
    </select>`;
  }

  #many(): TemplateResult {
    const { turning } = this;
    const button = (on: boolean, label: string) =>
      html`<button
        type="button"
        title=${toolWords.matching}
        aria-disabled=${turning !== undefined ? "true" : "false"}
        @click=${() => void this.#turnMany(on)}
      >
        ${label}
      </button>`;
    return html`${button(true, toolWords.turnOn)}${button(false, toolWords.turnOff)}
      <span class="muted" role="status">${turning === undefined ? nothing : toolWords.turning(turning.done, turning.all)}</span>`;
  }

  #columns(mayChange: boolean): readonly Column<McpToolRow>[] {
    return [
      { label: toolWords.name, width: "minmax(120px, 2fr)", cell: ({ title }) => title },
      {
        label: toolWords.description,
        width: "minmax(120px, 3fr)",
        isSecondary: true,
        cell: ({ description }) => html`<span class="muted">${description}</span>`,
      },
      { label: toolWords.says, width: "160px", isSecondary: true, cell: said },
      { label: toolWords.state, width: "minmax(90px, 130px)", cell: ({ state: is }) => badge(toolWords.states[is], STATE_TONES[is]) },
      {
        label: toolWords.enabled,
        width: "40px",
        cell: (tool) =>
          html`<input
            type="checkbox"
            role="switch"
            aria-label=${toolWords.turn(tool.title)}
            .checked=${live(tool.enabled)}
            ?disabled=${!mayChange}
            @change=${(event: Event) => void this.#turn(tool, (event.currentTarget as HTMLInputElement).checked)}
          />`,
      },
    ];
  }

  #filter(change: Readonly<Record<string, string>>): void {
    router.restate({ ...Object.fromEntries(router.place.query), ...change });
    void this.#tools.reload();
  }

  /** At once; taken back if the server refuses it. */
  async #turn(tool: McpToolRow, on: boolean): Promise<void> {
    const set = async (enabled: boolean): Promise<void> => {
      const shown = (is: boolean) =>
        this.#tools.change((items) => items.map((one) => (one.name === tool.name ? { ...one, enabled: is } : one)));
      shown(enabled);
      try {
        await this.#send(tool.name, enabled);
      } catch (error) {
        shown(!enabled);
        throw error;
      }
    };
    try {
      await set(on);
      toast(toolWords.turned(tool.title, on), { undo: () => set(!on) });
    } catch (error) {
      toastFault(error);
    }
  }

  async #send(name: string, enabled: boolean): Promise<void> {
    await api.patch(`/mcp-servers/${this.key}/tools/${encodeURIComponent(name)}`, { enabled }, undefined);
  }

  /** Every tool that fits, also those that are not drawn. */
  async #turnMany(on: boolean): Promise<void> {
    try {
      const names = (await this.#matching()).filter(({ enabled }) => enabled !== on).map(({ name }) => name);
      if (names.length === 0) return toast(toolWords.noneToTurn);
      await this.#sendAll(names, on);
      toast(toolWords.turnedMany(names.length, on), { undo: () => this.#sendAll(names, !on) });
    } catch (error) {
      toastFault(error);
    }
  }

  async #matching(): Promise<readonly McpToolRow[]> {
    const found: McpToolRow[] = [];
    let cursor: string | undefined;
    do {
      const query = { ...this.#query, limit: PAGE, cursor };
      const { body }: { body: Page<McpToolRow> } = await api.get<Page<McpToolRow>>("/mcp-tools", { query });
      found.push(...body.items);
      cursor = body.next;
    } while (cursor !== undefined);
    return found;
  }

  async #sendAll(names: readonly string[], on: boolean): Promise<void> {
    const left = [...names];
    const all = names.length;
    this.turning = { done: 0, all };
    const work = async (): Promise<void> => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) {
        await this.#send(name, on);
        this.turning = { done: all - left.length, all };
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } finally {
      this.turning = undefined;
      await this.#tools.reload();
    }
  }
}
