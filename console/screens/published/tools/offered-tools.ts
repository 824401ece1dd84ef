import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { PreviewPublishedToolsAnswer, PublishedServer } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { may } from "../../../foundation/screen.ts";
import { conflictAt } from "../../../parts/conflict.ts";
import "../../../parts/data-table.ts";
import { askToLeave, showDialog } from "../../../parts/dialogs.ts";
import { focusFirstFault, textField } from "../../../parts/fields.ts";
import { icon } from "../../../parts/icon.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { searchField } from "../../../parts/search-field.ts";
import { emptyState } from "../../../parts/states.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import "./client-view.ts";
import { type OfferedForm, type OfferedTool, placeOf, settingsOf, sourceSaid, toolSaid } from "./offered-tool.ts";
import "./offered-tool-form.ts";
import { offeredColumns } from "./offered-columns.ts";
import { offeredWords } from "./offered-words.ts";

/** What a published server offers: its tools, each with how it is offered, and what clients see of it. */
@customElement("desk-offered-tools")
export class DeskOfferedTools extends PageElement {
  @property({ attribute: false }) server!: PublishedServer;
  @property({ attribute: false }) version: string | undefined;
  @state() private words = "";
  #form: Form<OfferedForm> | undefined;
  readonly #preview = new Resource<PreviewPublishedToolsAnswer>(this, {
    load: async (signal) => (await api.get<PreviewPublishedToolsAnswer>(`/published-servers/${this.server.id}/tools`, { signal })).body,
  });

  override willUpdate(changed: PropertyValues<this>): void {
    const saved = settingsOf(this.server);
    const isFirst = this.#form === undefined;
    this.#form ??= new Form<OfferedForm>(this, saved, { mayLeave: askToLeave });
    if (!changed.has("version")) return;
    this.#form.rebase(saved, this.version);
    // Somebody else changed it.
    if (!isFirst) void this.#preview.reload();
  }

  get #tools(): readonly OfferedTool[] {
    return (this.#form?.get("/tools") ?? []) as readonly OfferedTool[];
  }

  override render() {
    const form = this.#form!;
    const isReadOnly = !may("published.write");
    return html`<form novalidate @submit=${(event: Event) => void this.#save(event)}>
        <section class="group offered" aria-labelledby="offered-title">
          <h2 id="offered-title">${offeredWords.title}</h2>
          <p class="muted">${offeredWords.lead}</p>
          ${this.#list(isReadOnly)} ${conflictAt(form, "/tools", (tools) => (tools as readonly OfferedTool[]).map(toolSaid))}
          ${this.#faults(form)}
        </section>
        <section class="group measure" aria-labelledby="offered-settings">
          <h2 id="offered-settings">${offeredWords.form}</h2>
          ${textField(form, { path: "/name", label: offeredWords.name, hint: offeredWords.nameHint, isReadOnly })}
          ${textField(form, {
            path: "/callsPerMinute",
            label: offeredWords.callsPerMinute,
            hint: offeredWords.callsHint,
            type: "number",
            isReadOnly,
          })}
        </section>
        ${isReadOnly ? nothing : saveBar(form, { drawn: isDrawn })}
      </form>
      <desk-client-view .preview=${{ state: this.#preview.state, reload: async () => this.#preview.reload() }}></desk-client-view>`;
  }

  #list(isReadOnly: boolean): TemplateResult {
    const tools = this.#tools;
    const add = isReadOnly
      ? nothing
      : html`<button type="button" class=${tools.length === 0 ? "primary" : ""} @click=${() => void this.#add()}>
          ${icon("plus")}${offeredWords.add}
        </button>`;
    if (tools.length === 0)
      return emptyState({
        icon: "tool",
        title: offeredWords.none,
        text: offeredWords.noneText,
        ...(add === nothing ? {} : { action: add as TemplateResult }),
      });
    const wanted = this.words.toLowerCase();
    const shown = tools.filter((tool) => `${toolSaid(tool)} ${tool.name} ${sourceSaid(tool)}`.toLowerCase().includes(wanted));
    const known = new Map((this.#preview.value?.tools ?? []).map((tool) => [placeOf(tool), tool]));
    return html`<div class="toolbar">${searchField(offeredWords.search, this.words, (words) => (this.words = words))} ${add}</div>
      ${
        shown.length === 0
          ? html`<p role="status">${offeredWords.noneFit}</p>`
          : html`<desk-table
              label=${offeredWords.title}
              .columns=${offeredColumns({
                server: this.server.id,
                previewed: (tool) => known.get(placeOf(tool)),
                isLooking: this.#preview.state.status === "loading",
                isReadOnly,
                change: (tool, change) => this.#change(tool, change),
                edit: (tool) => void this.#edit(tool),
                takeOut: (tool) => this.#set(this.#tools.filter((other) => placeOf(other) !== placeOf(tool))),
              })}
              .rows=${shown}
              .rowKey=${placeOf}
            ></desk-table>`
      }`;
  }

  /** What is wrong with single tools, by their names. */
  #faults(form: Form<OfferedForm>): TemplateResult | typeof nothing {
    const faults = (form.problem?.faults ?? []).filter(({ path }) => path.startsWith("/tools"));
    if (faults.length === 0) return nothing;
    return html`<div class="form-fault" role="alert">
      ${icon("alert")}
      <ul class="dots">
        ${faults.map(({ path, message }) => {
          const tool = this.#tools[Number(path.split("/")[2])];
          return html`<li>${tool === undefined ? nothing : html`<strong>${toolSaid(tool)}</strong>: `}${message}</li>`;
        })}
      </ul>
    </div>`;
  }

  #set(tools: readonly OfferedTool[]): void {
    this.#form!.set("/tools", tools);
  }

  #change(tool: OfferedTool, change: Partial<OfferedTool>): void {
    this.#set(this.#tools.map((other) => (placeOf(other) === placeOf(tool) ? { ...other, ...change } : other)));
  }

  async #edit(tool: OfferedTool): Promise<void> {
    await showDialog(toolSaid(tool), (close) => {
      const done = ({ detail }: CustomEvent<OfferedTool>): void => {
        this.#set(this.#tools.map((other) => (placeOf(other) === placeOf(tool) ? detail : other)));
        close();
      };
      return html`<desk-offered-tool .tool=${tool} @done=${done}></desk-offered-tool>`;
    });
  }

  async #add(): Promise<void> {
    await import("./tool-picker.ts");
    const present = new Set(this.#tools.map(placeOf));
    await showDialog(
      offeredWords.add,
      (close) => {
        const chosen = ({ detail }: CustomEvent<readonly OfferedTool[]>): void => {
          this.#set([...this.#tools, ...detail]);
          close();
        };
        return html`<desk-tool-picker .present=${present} @chosen=${chosen}></desk-tool-picker>`;
      },
      { wide: true },
    );
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form!;
    const before = settingsOf(this.server);
    const path = `/published-servers/${this.server.id}`;
    const answer = await form.submit(async () => api.patch<PublishedServer>(path, form.patch(), form.version));
    if (answer === undefined) {
      if (form.problem?.code === "version-changed") this.#tell();
      return focusFirstFault(this);
    }
    form.done();
    form.rebase(settingsOf(answer.body), answer.version);
    this.#tell();
    void this.#preview.reload();
    const undo = async (): Promise<void> => {
      await api.patch(path, before, answer.version);
      this.#tell();
    };
    toast(offeredWords.saved, { undo: () => undo().catch(toastFault), about: path });
  }

  #tell(): void {
    this.dispatchEvent(new CustomEvent("changed"));
  }
}

function isDrawn(path: string): boolean {
  return path === "/name" || path === "/callsPerMinute" || path.startsWith("/tools");
}
