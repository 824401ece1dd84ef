import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { McpServerCard, McpTool } from "../../../api/types.ts";
import { formatDateTime, formatNumber } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import "../../../parts/json-view.ts";
import { showPage } from "../../../parts/states.ts";
import { badge } from "../../../parts/status.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import { schemaTable } from "./schema-table.ts";
import { serverPath } from "../servers/server-path.ts";
import { hiddenNote, toolReview } from "./tool-review.ts";
import { toolWords } from "./tool-words.ts";
import { toolsWords } from "../tools-words.ts";
import "../try/try-it.ts";

interface Shown {
  readonly server: McpServerCard;
  readonly tool: McpTool;
}

/** One tool: what it is, whether it may be used, and a try of it. */
@customElement("desk-mcp-tool")
export class DeskMcpTool extends PageElement {
  @property() key = "";
  @property() tool = "";
  readonly #shown = new Resource<Shown>(this, { load: (signal) => this.#load(signal) });

  get #path(): string {
    return `/mcp-servers/${this.key}/tools/${encodeURIComponent(this.tool)}`;
  }

  override render() {
    return html`<div class="measure">
      <nav class="crumbs">
        <a href=${router.href("/tools/mcp-servers")}>${toolsWords.servers}</a> ›
        <a href=${router.href(serverPath(this.key))}>${this.#shown.value?.server.name ?? this.key}</a> ›
        <a href=${router.href(serverPath(this.key, "/tools"))}>${toolWords.tools}</a>
      </nav>
      ${showPage(this.#shown, (shown) => this.#page(shown))}
    </div>`;
  }

  #page({ server, tool }: Shown): TemplateResult {
    const mayChange = server.mayManage && may("servers.write");
    const pending = tool.change?.definition.inputSchema ?? tool.proposal?.definition?.inputSchema;
    return html`${this.#head(tool, mayChange)}
      ${toolReview(tool, { mayChange, accept: (hash) => void this.#accept(tool, hash), keepOff: () => void this.#turn(tool, false) })}
      <section class="group">
        <h2>${toolWords.description}</h2>
        ${tool.description === "" ? html`<p class="muted">${toolWords.noDescription}</p>` : html`<p class="said">${tool.description}</p>`}
        ${hiddenNote(tool.hidden)}
        ${tool.cut.map(({ path, readCharacters, characters }) => html`<p class="note" data-tone="warning">${toolWords.cut(path, formatNumber(readCharacters), formatNumber(characters))}</p>`)}
        <h2>${toolWords.parameters}</h2>
        ${schemaTable(tool.parameters)} ${annotations(tool)} ${raw(tool)}
      </section>
      ${
        may("servers.test") && tool.state !== "gone"
          ? html`<desk-try
              .path=${`${this.#path}/try`}
              .schema=${(mayChange ? pending : undefined) ?? tool.parameters}
              ?pending=${mayChange && pending !== undefined}
            ></desk-try>`
          : nothing
      }`;
  }

  #head(tool: McpTool, mayChange: boolean): TemplateResult {
    const { acceptedAt, acceptedBy, title, modelName, state: is, enabled } = tool;
    return html`<header class="page-head">
      <h1 tabindex="-1">${title}</h1>
      <div class="actions">
        ${badge(toolWords.states[is], is === "accepted" ? "neutral" : "warning")}
        <label class="inline"
          ><input
            type="checkbox"
            role="switch"
            .checked=${live(enabled)}
            ?disabled=${!mayChange}
            @change=${(event: Event) => void this.#turn(tool, (event.currentTarget as HTMLInputElement).checked)}
          />${toolWords.enabled}</label
        >
      </div>
      <p>
        <code>${tool.name}</code> · ${toolWords.modelName} <code>${modelName}</code>
        ${acceptedAt === undefined || is === "new" ? nothing : html`<br />${acceptedBy === undefined ? toolWords.acceptedAt(formatDateTime(acceptedAt)) : toolWords.acceptedBy(formatDateTime(acceptedAt), acceptedBy)}`}
      </p>
    </header>`;
  }

  async #load(signal: AbortSignal): Promise<Shown> {
    const [server, tool] = await Promise.all([
      api.get<McpServerCard>(`/mcp-servers/${this.key}`, { signal }),
      api.get<McpTool>(this.#path, { signal }),
    ]);
    return { server: server.body, tool: tool.body };
  }

  #show(tool: McpTool): void {
    const shown = this.#shown.value;
    if (shown !== undefined) this.#shown.set({ ...shown, tool });
  }

  async #turn(tool: McpTool, on: boolean): Promise<void> {
    const set = async (enabled: boolean): Promise<void> => this.#show((await api.patch<McpTool>(this.#path, { enabled }, undefined)).body);
    try {
      await set(on);
      toast(toolWords.turned(tool.title, on), { undo: () => set(!on) });
    } catch (error) {
      toastFault(error);
      this.requestUpdate();
    }
  }

  async #accept(tool: McpTool, hash: string): Promise<void> {
    try {
      this.#show((await api.post<McpTool>(`${this.#path}/accept`, { hash })).body);
      toast(toolWords.accepted(tool.title));
      await this.updateComplete;
      this.querySelector<HTMLElement>("h1")?.focus();
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== "version-changed") return toastFault(error);
      await this.#shown.reload();
      toast(toolWords.changedMeanwhile, { kind: "fault" });
    }
  }
}

function annotations({ annotations: given }: McpTool): TemplateResult | typeof nothing {
  const said = Object.entries(toolWords.hints).flatMap(([name, { true: yes, false: no }]) => {
    const value = given?.[name];
    return typeof value === "boolean" ? [value ? yes : no] : [];
  });
  if (said.length === 0) return nothing;
  return html`<h2>${toolWords.annotations}</h2>
    <ul class="dots">
      ${said.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>`;
}

function raw({ parameters, outputSchema }: McpTool): TemplateResult {
  const json = (label: string, value: unknown) =>
    html`<details class="disclosure">
      <summary>${label}</summary>
      <desk-json .value=${value} label=${label}></desk-json>
    </details>`;
  return html`${json(toolWords.schema, parameters)}${outputSchema === undefined ? nothing : json(toolWords.outputSchema, outputSchema)}`;
}
