import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { api } from "../../../api/client.ts";
import type { Assistant, FetchedDeviceTools, HttpTool, McpToolRow } from "../../../api/types.ts";
import { formatNumber } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { PagedList } from "../../../foundation/paged-list.ts";
import { hiddenShown } from "../../../parts/hidden-shown.ts";
import { searchField } from "../../../parts/search-field.ts";
import { show, skeleton } from "../../../parts/states.ts";
import { toastFault } from "../../../parts/toasts.ts";
import { type OfferedTool, placeOf } from "./offered-tool.ts";
import { pickerWords } from "./picker-words.ts";

interface Choice {
  readonly tool: OfferedTool;
  readonly title: string;
  readonly note?: string;
  /** Under which it stands, where a group has several. */
  readonly under?: string;
}

type DeviceTool = FetchedDeviceTools["devices"][number]["tools"][number];

/** Everything that can be published, by where it comes from. Sends `chosen` with what was picked. */
@customElement("desk-tool-picker")
export class DeskToolPicker extends PageElement {
  /** Places of the tools that are there already. */
  @property({ attribute: false }) present: ReadonlySet<string> = new Set();
  @state() private picked: ReadonlyMap<string, OfferedTool> = new Map();
  @state() private devices: readonly Choice[] | undefined;
  @state() private isFetching = false;
  #words = "";
  readonly #http = new PagedList<HttpTool>(this, { from: () => ({ path: "/http-tools", query: { q: this.#words } }) });
  readonly #mcp = new PagedList<McpToolRow>(this, { from: () => ({ path: "/mcp-tools", query: { q: this.#words } }) });
  readonly #assistants = new PagedList<Assistant>(this, { from: () => ({ path: "/assistants", query: { q: this.#words } }) });

  override render() {
    const count = this.picked.size;
    return html`<form novalidate @submit=${(event: Event) => this.#add(event)}>
      <p class="muted">${pickerWords.lead}</p>
      <div class="toolbar picker-search">${searchField(pickerWords.search, this.#words, (words) => this.#search(words))}</div>
      ${this.#group(pickerWords.http, this.#http, httpChoice)} ${this.#group(pickerWords.mcp, this.#mcp, mcpChoice)}
      ${this.#group(pickerWords.assistant, this.#assistants, assistantChoice, pickerWords.assistantText)} ${this.#deviceGroup()}
      <div class="actions picker-actions">
        <button class="primary" aria-disabled=${count === 0 ? "true" : "false"}>
          ${count === 0 ? pickerWords.addNone : pickerWords.add(count, formatNumber(count))}
        </button>
      </div>
    </form>`;
  }

  #group<Item>(label: string, list: PagedList<Item>, choice: (item: Item) => Choice, text?: string): TemplateResult {
    return html`<fieldset class="choices picker">
      <legend>${label}</legend>
      ${text === undefined ? nothing : html`<p class="hint">${text}</p>`}
      ${show(
        list,
        ({ items, next }) =>
          html`${this.#choices(items.map(choice))}
          ${
            next === undefined
              ? nothing
              : html`<button type="button" class="quiet" aria-label=${pickerWords.moreOf(label)} @click=${() => void list.more()}>
                  ${pickerWords.more}
                </button>`
          }`,
        () => skeleton(2),
      )}
    </fieldset>`;
  }

  #choices(choices: readonly Choice[]): TemplateResult {
    if (choices.length === 0) return html`<p class="muted">${this.#words === "" ? pickerWords.none : pickerWords.noneFit}</p>`;
    return html`${repeat(
      choices,
      ({ tool }) => placeOf(tool),
      (choice, at) =>
        html`${
          choice.under !== undefined && choice.under !== choices[at - 1]?.under
            ? html`<h3 class="picker-under">${choice.under}</h3>`
            : nothing
        }${this.#choice(choice)}`,
    )}`;
  }

  #choice({ tool, title, note }: Choice): TemplateResult {
    const place = placeOf(tool);
    const isThere = this.present.has(place);
    return html`<label>
      <input
        type="checkbox"
        .checked=${isThere || this.picked.has(place)}
        ?disabled=${isThere}
        @change=${(event: Event) => this.#pick(tool, (event.currentTarget as HTMLInputElement).checked)}
      />
      <span
        >${hiddenShown(title)} ${tool.source === "assistant" ? nothing : html`<code>${hiddenShown(tool.name)}</code>`}
        ${isThere || note !== undefined ? html`<span class="muted">· ${isThere ? pickerWords.there : note}</span>` : nothing}</span
      >
    </label>`;
  }

  #deviceGroup(): TemplateResult {
    const { items: assistants = [] } = this.#assistants.value ?? {};
    return html`<fieldset class="choices picker">
      <legend>${pickerWords.device}</legend>
      <p class="hint" id="picker-devices">${pickerWords.deviceText}</p>
      <label class="picker-device"
        ><span>${pickerWords.deviceOf}</span>
        <select
          aria-describedby="picker-devices"
          @change=${(event: Event) => void this.#fetch((event.currentTarget as HTMLSelectElement).value)}
        >
          <option value="">${pickerWords.choose}</option>
          ${assistants.map(({ key, name }) => html`<option value=${key}>${name}</option>`)}
        </select></label
      >
      <div role="status">
        ${
          this.isFetching
            ? skeleton(2)
            : this.devices === undefined
              ? nothing
              : this.devices.length === 0
                ? html`<p class="muted">${pickerWords.noDevices}</p>`
                : this.#choices(this.devices)
        }
      </div>
    </fieldset>`;
  }

  #search(words: string): void {
    this.#words = words;
    for (const list of [this.#http, this.#mcp, this.#assistants]) void list.reload();
  }

  #pick(tool: OfferedTool, isOn: boolean): void {
    const picked = new Map(this.picked);
    if (isOn) picked.set(placeOf(tool), tool);
    else picked.delete(placeOf(tool));
    this.picked = picked;
  }

  async #fetch(assistant: string): Promise<void> {
    this.devices = undefined;
    if (assistant === "") return;
    this.isFetching = true;
    try {
      const { body } = await api.post<FetchedDeviceTools>(`/assistants/${assistant}/endpoint/fetch-tools`);
      this.devices = body.devices.flatMap(({ name, tools }) => tools.map((tool) => deviceChoice(assistant, name, tool)));
    } catch (error) {
      toastFault(error);
    } finally {
      this.isFetching = false;
    }
  }

  #add(event: Event): void {
    event.preventDefault();
    if (this.picked.size > 0) this.dispatchEvent(new CustomEvent("chosen", { detail: [...this.picked.values()] }));
  }
}

/** As a tool is offered until somebody says otherwise: what changes something asks first. */
function offered(tool: Pick<OfferedTool, "source" | "server" | "name">, isHarmless: boolean): OfferedTool {
  return { ...tool, active: true, permission: isHarmless ? "always_allow" : "needs_approval", approver: "either" };
}

function noteOf(standing: McpToolRow["state"]): string | undefined {
  if (standing === "changed") return pickerWords.changed;
  if (standing === "new") return pickerWords.isNew;
  return standing === "accepted" ? undefined : pickerWords.gone;
}

function httpChoice({ name, title = name, method }: HttpTool): Choice {
  return { tool: offered({ source: "http", name }, method === "GET"), title };
}

function mcpChoice({ name, title, server, serverName, state: standing, readOnly }: McpToolRow): Choice {
  const note = noteOf(standing);
  return {
    tool: offered({ source: "mcp", server, name }, readOnly === true),
    title,
    under: hiddenShown(serverName),
    ...(note === undefined ? {} : { note }),
  };
}

function assistantChoice({ key, name }: Assistant): Choice {
  return { tool: offered({ source: "assistant", server: key, name: "ask_assistant" }, true), title: pickerWords.ask(name) };
}

function deviceChoice(assistant: string, device: string, { name, title, state: standing }: DeviceTool): Choice {
  const note = noteOf(standing);
  return {
    tool: offered({ source: "device", server: assistant, name }, false),
    title,
    under: hiddenShown(device),
    ...(note === undefined ? {} : { note }),
  };
}
