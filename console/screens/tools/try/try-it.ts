import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { focusFirstFault } from "../../../parts/fields.ts";
import { icon } from "../../../parts/icon.ts";
import { argumentFields } from "./argument-fields.ts";
import { builtArguments } from "./arguments.ts";
import type { Schema } from "../tool/json-schema.ts";
import { type Trial, tryResult } from "./try-result.ts";
import { tryWords } from "./try-words.ts";

/** Calls a tool by hand: a form from its schema, then everything that came back. */
@customElement("desk-try")
export class DeskTry extends PageElement {
  @property() path = "";
  @property({ attribute: false }) schema: Schema = {};
  /** Whether `schema` is that of a definition that waits to be accepted. */
  @property({ type: Boolean }) pending = false;
  @state() private typed: ReadonlyMap<string, string> = new Map();
  @state() private faults: ReadonlyMap<string, string> = new Map();
  @state() private running: AbortController | undefined;
  @state() private trial: Trial | undefined;
  @state() private problem: ApiProblem | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.running?.abort();
  }

  override render() {
    const form = {
      root: this.schema,
      typed: this.typed,
      faults: this.faults,
      set: (place: string, text: string | undefined) => this.#set(place, text),
    };
    const rest = this.#unplacedFaults();
    return html`<form class="group" aria-labelledby="try-title" novalidate @submit=${(event: Event) => void this.#call(event)}>
      <h2 id="try-title">${tryWords.title}</h2>
      <p class="muted">${tryWords.lead}</p>
      ${this.pending ? html`<p class="note" data-tone="warning">${tryWords.pending}</p>` : nothing} ${argumentFields(form)}
      ${rest === undefined ? nothing : html`<p class="form-fault" role="alert">${icon("alert")}<span>${rest}</span></p>`}
      <div class="actions">
        ${this.running === undefined ? nothing : html`<button type="button" @click=${() => this.running?.abort()}>${tryWords.stop}</button>`}
        <button
          class="primary"
          aria-disabled=${this.running !== undefined ? "true" : "false"}
          aria-busy=${this.running === undefined ? "false" : "true"}
        >
          ${icon("play")}${this.running === undefined ? tryWords.call : tryWords.calling}
        </button>
      </div>
      <div aria-live="polite" class="try-result" tabindex="-1">${this.trial === undefined ? nothing : tryResult(this.trial)}</div>
    </form>`;
  }

  #set(place: string, text: string | undefined): void {
    const typed = new Map(this.typed);
    if (text === undefined) typed.delete(place);
    else typed.set(place, text);
    this.typed = typed;
    if (this.faults.has(place)) this.faults = new Map([...this.faults].filter(([other]) => other !== place));
  }

  async #call(event: Event): Promise<void> {
    event.preventDefault();
    if (this.running !== undefined) return;
    const built = builtArguments(this.schema, this.typed);
    this.faults = built.faults;
    this.problem = undefined;
    this.trial = undefined;
    if (built.faults.size > 0) return this.#focusFault();
    const running = new AbortController();
    this.running = running;
    const body = { arguments: built.arguments, ...(this.pending ? { acceptPending: true } : {}) };
    try {
      this.trial = (await api.post<Trial>(this.path, body, { signal: running.signal })).body;
      await this.updateComplete;
      this.querySelector<HTMLElement>(".try-result")?.focus();
    } catch (error) {
      if (running.signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error;
      this.faults = new Map(error.faults.map(({ path, message }) => [path.replace(/^\/arguments/, ""), message]));
      await this.#focusFault();
    } finally {
      this.running = undefined;
    }
  }

  async #focusFault(): Promise<void> {
    await this.updateComplete;
    focusFirstFault(this);
  }

  /** What went wrong besides the faults that stand at a field. */
  #unplacedFaults(): string | undefined {
    const { problem } = this;
    if (problem === undefined) return undefined;
    const beside = [...this.faults].filter(
      ([place]) => place === "" || this.querySelector(`[id="argument${place.replaceAll(/[^A-Za-z0-9]/g, "-")}-fault"]`) === null,
    );
    if (this.faults.size > 0 && beside.length === 0) return undefined;
    return [problem.message, ...beside.map(([place, message]) => (place === "" ? message : `${place}: ${message}`))].join(" ");
  }
}
