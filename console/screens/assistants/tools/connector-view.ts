import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { AllowReadOnlyToolsAnswer, ChangeConnectorBody, Connector } from "../../../api/types.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import { ask } from "../../../parts/dialogs.ts";
import { icon } from "../../../parts/icon.ts";
import { searchField } from "../../../parts/search-field.ts";
import { emptyState, show } from "../../../parts/states.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import {
  type Choice,
  CHOICES,
  choiceOf,
  FILTERS,
  fits,
  meaningOf,
  onlyPermission,
  type Patch,
  type Permission,
  permissionOf,
  titleOf,
  type Tool,
  undoOf,
  UNNAMED,
} from "./permissions.ts";
import "../../../parts/data-table.ts";
import "./bind-form.ts";
import { type Options, optionsButton } from "./permission-options.ts";
import { toolColumns } from "./tool-columns.ts";
import { isOwn } from "./own-servers.ts";
import { toolsWords } from "./tools-words.ts";
import { reasonSaid } from "../../../parts/advice-words.ts";
import { signInWords } from "../../../parts/sign-in-words.ts";
import { asSaid } from "../../../parts/as-said.ts";
import { suspensionSaid } from "../../../parts/finding-words.ts";

const NOTHING_BOUND = {};

/** One server of an assistant: whose sign-in it sees, and what the assistant may do with each of its tools. */
@customElement("desk-connector")
export class DeskConnector extends PageElement {
  @property({ attribute: false }) assistantKey = "";
  @property({ attribute: false }) server = "";
  @property({ type: Boolean }) isReadOnly = false;
  /** What was chosen last, to say what it means. */
  @state() private last: { readonly choice: Choice; readonly tool: string } | undefined;
  @state() private many: Choice = "customer";
  #version: string | undefined;
  readonly #connector = new Resource<Connector>(this, { load: (signal) => this.#load(signal), everyMs: 30_000 });
  readonly #columns = toolColumns({
    assistantOf: () => this.assistantKey,
    mayChange: () => !this.isReadOnly,
    serverOf: () => this.server,
    set: (tool, choice) => this.#setOne(tool, choice),
    optionsOf: (tool) => this.#optionsOf(tool.name, titleOf(tool), tool),
  });

  get #path(): string {
    return `/assistants/${this.assistantKey}/connectors/${this.server}`;
  }

  override render() {
    return html`<nav class="crumbs" aria-label=${toolsWords.title}>
        <a href=${router.href(`/assistants/${this.assistantKey}/tools`)}>${toolsWords.title}</a>
      </nav>
      ${show(this.#connector, (connector) => this.#page(connector))}`;
  }

  #page(connector: Connector): TemplateResult {
    const { serverName, suspended, status, tools } = connector;
    return html`<header class="page-head">
        <h2>${serverName}</h2>
        ${this.isReadOnly ? nothing : html`<div class="actions"><button class="danger" @click=${() => void this.#remove(serverName)}>${toolsWords.remove}</button></div>`}
        <p>${toolsWords.atOnce}</p>
      </header>
      ${
        suspended === undefined
          ? nothing
          : html`<div class="note" data-tone="warning">
              ${icon("warning")}<span
                ><strong>${toolsWords.suspended}.</strong> ${toolsWords.suspendedHint} ${suspensionSaid(suspended)}</span
              >
            </div>`
      }
      ${
        status.status === "disconnected" &&
        !(connector.connection === "personal" && status.signIn !== undefined && status.signIn !== "refused")
          ? html`<div class="note" data-tone=${status.signIn === undefined ? "bad" : "warning"}>
              ${icon("alert")}<span
                ><strong>${status.signIn === undefined ? toolsWords.disconnected : signInWords.needed}.</strong>
                ${reasonSaid(status.reason)} ${asSaid(status.detail)}</span
              >
            </div>`
          : nothing
      }
      <section class="group">${isOwn(this.server) ? nothing : this.#method(connector)} ${this.#others(connector)}</section>
      <desk-bind
        .bind=${connector.bind ?? NOTHING_BOUND}
        ?isReadOnly=${this.isReadOnly}
        .send=${(body: ChangeConnectorBody) => this.#send(body)}
        .readAgain=${() => this.#connector.reload()}
      ></desk-bind>
      ${tools.length === 0 ? html`<p class="muted">${toolsWords.unread}</p>` : this.#tools(connector)}`;
  }

  #method({ connection }: Connector): TemplateResult {
    const one = (value: "shared" | "personal") =>
      html`<label
        ><input
          type="radio"
          name="connection"
          .checked=${live(connection === value)}
          ?disabled=${this.isReadOnly}
          @change=${() => void this.#change({ connection: value }, toolsWords.methodSet, { connection })}
        />
        <span>${toolsWords[value]}</span></label
      >`;
    return html`<fieldset class="choices">
        <legend>${toolsWords.method}</legend>
        ${one("shared")} ${one("personal")}
      </fieldset>
      <p class="muted">${toolsWords.methodHint}</p>`;
  }

  #others({ permissions }: Connector): TemplateResult {
    const now = permissions["*"] ?? UNNAMED;
    const choose = async (choice: Choice): Promise<void> => {
      this.last = { choice, tool: toolsWords.others };
      await this.#set({ "*": permissionOf(choice, now) }, toolsWords.set(toolsWords.others, nameOf(choice)));
    };
    return html`<div class="others-line">
      <label class="others"
        ><span>${toolsWords.others}</span>
        <desk-choice-select .chosen=${choiceOf(now)} .disabled=${this.isReadOnly} .choose=${choose}></desk-choice-select
      ></label>
      ${optionsButton(() => this.#optionsOf("*", toolsWords.others, now))}
    </div>`;
  }

  #tools({ tools }: Connector): TemplateResult {
    const { query } = router.place;
    const [words, filter] = [query.get("q") ?? "", query.get("show") ?? "all"];
    const found = tools.filter((tool) => fits(tool, filter, words));
    return html`<div class="toolbar">
        ${searchField(toolsWords.search, words, (q) => this.#restate({ q }))}
        <select
          aria-label=${toolsWords.show}
          .value=${live(filter)}
          @change=${(event: Event) => this.#restate({ show: (event.currentTarget as HTMLSelectElement).value })}
        >
          ${FILTERS.map((name) => html`<option value=${name} ?selected=${name === filter}>${toolsWords[name]}</option>`)}
        </select>
        ${this.isReadOnly ? nothing : html`<button @click=${() => void this.#allowReadOnly()}>${toolsWords.allReadOnly}</button>`}
      </div>
      ${this.isReadOnly || found.length === 0 ? nothing : this.#every(found)}
      <p class="hint meaning" role="status" aria-live="polite">${this.#meaning(found)}</p>
      ${
        found.length === 0
          ? emptyState({ icon: "search", title: toolsWords.noTools, text: toolsWords.noToolsText })
          : html`<desk-table
              label=${toolsWords.tools}
              .columns=${[...this.#columns]}
              .rows=${found}
              .rowKey=${({ name }: Tool) => name}
            ></desk-table>`
      }`;
  }

  #every(found: readonly Tool[]): TemplateResult {
    return html`<div class="toolbar every">
      <label class="inline">${toolsWords.every(found.length)} ${select(this.many, (choice) => (this.many = choice))}</label>
      <button @click=${() => void this.#setMany(found)}>${toolsWords.apply}</button>
    </div>`;
  }

  /** One sentence, with one of the tools as the example. */
  #meaning(found: readonly Tool[]): string {
    if (this.last !== undefined) return meaningOf(this.last.choice, this.last.tool);
    const [first] = found;
    return first === undefined ? "" : meaningOf(choiceOf(first), titleOf(first));
  }

  async #setOne(tool: Tool, choice: Choice): Promise<void> {
    const name = titleOf(tool);
    this.last = { choice, tool: name };
    await this.#set({ [tool.name]: permissionOf(choice, tool) }, toolsWords.set(name, nameOf(choice)));
  }

  async #setMany(found: readonly Tool[]): Promise<void> {
    const choice = this.many;
    const [first] = found;
    if (first === undefined) return;
    this.last = { choice, tool: titleOf(first) };
    const patch = Object.fromEntries(found.map((tool) => [tool.name, permissionOf(choice, tool)]));
    await this.#set(patch, toolsWords.setMany(found.length, nameOf(choice)));
  }

  #optionsOf(tool: string, name: string, given: Permission): Options {
    const now = onlyPermission(given);
    return {
      name,
      permission: now,
      isReadOnly: this.isReadOnly,
      set: (next) => this.#set({ [tool]: next }, toolsWords.optionsSet(name)),
    };
  }

  async #set(patch: Patch, said: string): Promise<boolean> {
    const before = this.#connector.value?.permissions ?? {};
    return this.#change({ permissions: patch }, said, { permissions: undoOf(patch, before) });
  }

  async #change(body: ChangeConnectorBody, said: string, undo: ChangeConnectorBody): Promise<boolean> {
    try {
      await this.#send(body);
      toast(said, { undo: () => this.#send(undo) });
      return true;
    } catch (error) {
      await this.#connector.reload();
      toastFault(error instanceof ApiProblem && error.code === "version-changed" ? new Error(toolsWords.changedMeanwhile) : error);
      return false;
    }
  }

  async #send(body: ChangeConnectorBody): Promise<void> {
    const answer = await api.patch<Connector>(this.#path, body, this.#version);
    this.#version = answer.version;
    this.#connector.set(answer.body);
  }

  async #allowReadOnly(): Promise<void> {
    const before = this.#connector.value?.permissions ?? {};
    try {
      const { body, version } = await api.post<AllowReadOnlyToolsAnswer>(`${this.#path}/allow-read-only`);
      const { allowed, ...connector } = body;
      this.#version = version;
      this.#connector.set(connector);
      if (allowed.length === 0) return toast(toolsWords.noneAllowed);
      const undo = undoOf(Object.fromEntries(allowed.map((tool) => [tool, null])), before);
      toast(toolsWords.allowed(allowed.length), { undo: () => this.#send({ permissions: undo }) });
    } catch (error) {
      toastFault(error);
    }
  }

  async #remove(name: string): Promise<void> {
    const isSure = await ask({
      title: toolsWords.removeTitle(name),
      text: toolsWords.removeText,
      confirm: toolsWords.remove,
      isDangerous: true,
    });
    if (!isSure) return;
    try {
      await api.delete(this.#path, this.#version);
    } catch (error) {
      return toastFault(error);
    }
    await router.go(`/assistants/${this.assistantKey}/tools`);
    toast(toolsWords.removed(name));
  }

  async #load(signal: AbortSignal): Promise<Connector> {
    const { body, version } = await api.get<Connector>(this.#path, { signal });
    this.#version = version;
    return body;
  }

  #restate(change: Readonly<Record<string, string>>): void {
    const { q, show: shown } = { ...Object.fromEntries(router.place.query), ...change };
    router.restate({ q, show: shown === "all" ? undefined : shown });
    this.last = undefined;
    this.requestUpdate();
  }
}

function select(chosen: Choice, choose: (choice: Choice) => void): TemplateResult {
  return html`<select
    .value=${live(chosen)}
    @change=${(event: Event) => choose((event.currentTarget as HTMLSelectElement).value as Choice)}
  >
    ${CHOICES.map(([value, name]) => html`<option value=${value} ?selected=${value === chosen}>${name}</option>`)}
  </select>`;
}

function nameOf(choice: Choice): string {
  return CHOICES.find(([value]) => value === choice)?.[1] ?? choice;
}
