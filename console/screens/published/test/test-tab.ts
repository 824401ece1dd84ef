import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { api } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { PreviewedPublishedTool, PreviewPublishedToolsAnswer, PublishedServer, TestedPublishedTool } from "../../../api/types.ts";
import { followAsked } from "../../../foundation/follow-place.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { router } from "../../../foundation/router.ts";
import { may } from "../../../foundation/screen.ts";
import { focusFirstFault } from "../../../parts/fields.ts";
import { hiddenShown } from "../../../parts/hidden-shown.ts";
import { icon } from "../../../parts/icon.ts";
import { emptyState, show } from "../../../parts/states.ts";
import { argumentFields } from "../../tools/try/argument-fields.ts";
import { builtArguments } from "../../tools/try/arguments.ts";
import { testResult } from "./test-result.ts";
import { testWords } from "./test-words.ts";

type Seen = PreviewedPublishedTool & Required<Pick<PreviewedPublishedTool, "definition">>;

/** Calls a tool of a published server as a client would: a form from the schema that clients read. */
@customElement("desk-published-test")
export class DeskPublishedTest extends PageElement {
  @property({ attribute: false }) server!: PublishedServer;
  @state() private typed: ReadonlyMap<string, string> = new Map();
  @state() private faults: ReadonlyMap<string, string> = new Map();
  @state() private running: AbortController | undefined;
  @state() private tested: TestedPublishedTool | undefined;
  @state() private problem: ApiProblem | undefined;
  readonly #preview = new Resource<PreviewPublishedToolsAnswer>(this, {
    load: async (signal) => (await api.get<PreviewPublishedToolsAnswer>(`/published-servers/${this.server.id}/tools`, { signal })).body,
  });

  constructor() {
    super();
    followAsked(
      this,
      () => router.place.query.get("tool"),
      () => this.#begin(),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.running?.abort();
  }

  override render() {
    return html`<div class="measure">
      ${show(this.#preview, ({ tools }) => {
        const seen = tools.filter((tool): tool is Seen => tool.definition !== undefined);
        return seen.length === 0 ? this.#empty() : this.#form(seen);
      })}
    </div>`;
  }

  #empty(): TemplateResult {
    return emptyState({
      icon: "play",
      title: testWords.none,
      text: testWords.noneText,
      action: html`<a class="button" href=${router.href(`/published-servers/${this.server.id}`)}>${testWords.toTools}</a>`,
    });
  }

  #chosen(seen: readonly Seen[]): Seen {
    const asked = router.place.query.get("tool");
    return seen.find(({ publishedName }) => publishedName === asked) ?? seen[0]!;
  }

  #form(seen: readonly Seen[]): TemplateResult {
    const tool = this.#chosen(seen);
    const { description, inputSchema } = tool.definition;
    const form = {
      root: inputSchema,
      typed: this.typed,
      faults: this.faults,
      set: (place: string, text: string | undefined) => this.#set(place, text),
    };
    return html`<form class="group" aria-labelledby="test-title" novalidate @submit=${(event: Event) => void this.#call(event, tool)}>
      <h2 id="test-title">${testWords.title}</h2>
      <p class="muted">${testWords.lead}</p>
      <div class="field">
        <label class="label" for="test-tool">${testWords.tool}</label>
        <select
          id="test-tool"
          .value=${live(tool.publishedName)}
          aria-describedby="test-tool-hint"
          @change=${(event: Event) => router.restate({ tool: (event.currentTarget as HTMLSelectElement).value })}
        >
          ${seen.map(
            ({ publishedName, definition: { title } }) =>
              html`<option value=${publishedName} ?selected=${publishedName === tool.publishedName}>
                ${title === undefined || title === publishedName ? publishedName : `${publishedName} – ${hiddenShown(title)}`}
              </option>`,
          )}
        </select>
        <div id="test-tool-hint" class="hint">${hiddenShown(description)}</div>
      </div>
      ${this.#asks(tool)} ${argumentFields(form)}
      ${
        this.problem === undefined
          ? nothing
          : html`<p class="form-fault" role="alert">${icon("alert")}<span>${this.problem.message}</span></p>`
      }
      ${this.#actions()}
      <div aria-live="polite" class="try-result" tabindex="-1">${this.tested === undefined ? nothing : testResult(this.tested)}</div>
    </form>`;
  }

  #asks(tool: Seen): TemplateResult | typeof nothing {
    const { permission } = this.server.tools.find(({ publishedName }) => publishedName === tool.publishedName) ?? {};
    if (permission !== "needs_approval" && tool.alwaysAsks !== true) return nothing;
    const link = may("approvals.decide") ? html` <a href=${router.href("/approvals")}>${testWords.toApprovals}</a>` : nothing;
    return html`<p class="note" data-tone="warning">${icon("alert")}<span>${testWords.asks}${link}</span></p>`;
  }

  #actions(): TemplateResult {
    const isRunning = this.running !== undefined;
    return html`<div class="actions">
        ${isRunning ? html`<button type="button" @click=${() => this.running?.abort()}>${testWords.stop}</button>` : nothing}
        <button class="primary" aria-disabled=${isRunning ? "true" : "false"} aria-busy=${isRunning ? "true" : "false"}>
          ${icon("play")}${isRunning ? testWords.calling : testWords.call}
        </button>
      </div>
      <p class="muted" role="status">${isRunning ? testWords.waits : nothing}</p>`;
  }

  /** Another tool was chosen. */
  #begin(): void {
    this.running?.abort();
    this.typed = new Map();
    this.faults = new Map();
    this.tested = undefined;
    this.problem = undefined;
  }

  #set(place: string, text: string | undefined): void {
    const typed = new Map(this.typed);
    if (text === undefined) typed.delete(place);
    else typed.set(place, text);
    this.typed = typed;
    if (this.faults.has(place)) this.faults = new Map([...this.faults].filter(([other]) => other !== place));
  }

  async #call(event: Event, tool: Seen): Promise<void> {
    event.preventDefault();
    if (this.running !== undefined) return;
    const built = builtArguments(tool.definition.inputSchema, this.typed);
    this.faults = built.faults;
    this.problem = undefined;
    this.tested = undefined;
    if (built.faults.size > 0) {
      await this.updateComplete;
      return focusFirstFault(this);
    }
    const running = new AbortController();
    this.running = running;
    try {
      const body = { tool: tool.publishedName, arguments: built.arguments };
      const { signal } = running;
      this.tested = (await api.post<TestedPublishedTool>(`/published-servers/${this.server.id}/test`, body, { signal })).body;
      await this.updateComplete;
      this.querySelector<HTMLElement>(".try-result")?.focus();
    } catch (error) {
      if (running.signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      this.problem = error;
    } finally {
      if (this.running === running) this.running = undefined;
    }
  }
}
