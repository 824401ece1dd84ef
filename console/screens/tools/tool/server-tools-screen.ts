import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { ChangeMcpToolsAnswer, McpServerCard, McpToolRow } from "../../../api/types.ts";
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

/** The tools of one server, each of which can be off. */
@customElement("desk-mcp-tools")
export class DeskMcpTools extends PageElement {
  @property() key = "";
  /** A change of many is under way. */
  @state() private isTurning = false;
  /** The last change of one: a change of many begins with what it made of the list. */
  #sent: Promise<void> = Promise.resolve();
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
      </div>
      ${show(this.#tools, ({ items, next }) =>
        items.length === 0
          ? emptyState({ icon: "tool", title: toolWords.empty, text: isNarrowed ? toolWords.noneFit : toolWords.emptyText })
          : html`${mayChange ? html`<div class="toolbar">${this.#many(items.length, next !== undefined)}</div>` : nothing}<desk-table
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
      .value=${live(chosen)}
      @change=${(event: Event) => this.#filter({ state: (event.currentTarget as HTMLSelectElement).value })}
    >
      <option value="" ?selected=${chosen === ""}>${toolWords.allStates}</option>
      ${STATES.map((one) => html`<option value=${one} ?selected=${chosen === one}>${toolWords.states[one]}</option>`)}
    </select>`;
  }

  #many(shown: number, hasMore: boolean): TemplateResult {
    const count = hasMore ? undefined : shown;
    const button = (on: boolean) =>
      html`<button type="button" aria-disabled=${this.isTurning ? "true" : "false"} @click=${() => void this.#turnMany(on)}>
        ${toolWords.turnAll(on, count)}
      </button>`;
    return html`${button(true)}${button(false)}`;
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
    this.#sent = api
      .patch(`/mcp-servers/${this.key}/tools/${encodeURIComponent(name)}`, { enabled }, undefined)
      .then(() => this.#tools.reload());
    await this.#sent;
  }

  /** Every tool that fits, also those that are not drawn: one request, which one Undo takes back. */
  async #turnMany(on: boolean): Promise<void> {
    if (this.isTurning) return;
    const { q, state: is } = this.#query;
    this.isTurning = true;
    await this.#sent.catch(() => undefined);
    try {
      const fitting = { enabled: on, ...(q === undefined ? {} : { q }), ...(is === undefined ? {} : { state: is }) };
      const { changed, version } = await this.#sendMany(fitting, this.#tools.version);
      if (changed.length === 0) return toast(toolWords.noneToTurn);
      const undo = async (): Promise<void> => void (await this.#sendMany({ enabled: !on, tools: changed }, version));
      toast(toolWords.turnedMany(changed.length, on), { undo });
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== "version-changed") return toastFault(error);
      await this.#tools.reload();
      toast(toolWords.toolsChangedMeanwhile, { kind: "fault" });
    } finally {
      this.isTurning = false;
    }
  }

  async #sendMany(
    body: object,
    version: string | undefined,
  ): Promise<{ readonly changed: readonly string[]; readonly version: string | undefined }> {
    const answer = await api.patch<ChangeMcpToolsAnswer>(`/mcp-servers/${this.key}/tools`, body, version);
    await this.#tools.reload();
    return { changed: answer.body.changed, version: answer.version };
  }
}
