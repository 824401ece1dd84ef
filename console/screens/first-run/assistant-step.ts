import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { api } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import type { Assistant, ListModelProvidersAnswer, ModelProvider, ModelTest } from "../../api/types.ts";
import { Form } from "../../foundation/form.ts";
import { formatDuration } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { askToLeave } from "../../parts/dialogs.ts";
import { around, choiceField, focusFirstFault, idOf, textField } from "../../parts/fields.ts";
import { icon } from "../../parts/icon.ts";
import { saveBar, showResult } from "../../parts/save-bar.ts";
import { show } from "../../parts/states.ts";
import { assistantStepWords as said } from "./first-run-words.ts";
import { freeKey } from "../../foundation/key-from-name.ts";
import { modelAdvice } from "../assistants/model-advice-words.ts";

const DRAWN = new Set(["/name", "/prompt", "/purpose", "/model/provider", "/model/model", "/model/baseUrl", "/model/apiKey"]);
const TONES = { works: "good", "without-tools": "warning", fails: "bad" } as const;
const SAID = { works: said.works, "without-tools": said.withoutTools, fails: said.fails } as const;

/** A new assistant from a name, a sentence and a model that was asked whether it answers. Tells `made` with its key. */
@customElement("desk-assistant-step")
export class DeskAssistantStep extends PageElement {
  /** Keys that assistants have. */
  @property({ attribute: false }) taken: readonly string[] = [];
  @state() private tested: ModelTest | undefined;
  /** What the last test was of. */
  #testedModel = "";
  readonly #form: Form<Values> = new Form<Values>(this, { name: "", purpose: "", model: { provider: "openai" } }, { mayLeave: askToLeave });
  readonly #providers = new Resource<readonly ModelProvider[]>(this, {
    load: async (signal) => (await api.get<ListModelProvidersAnswer>("/models/providers", { signal })).body.items,
  });

  override render() {
    return show(this.#providers, (providers) => this.#fields(providers));
  }

  #fields(providers: readonly ModelProvider[]): TemplateResult {
    const form = this.#form;
    const label = this.#isRefused ? said.makeAnyway : said.make;
    return html`<p class="muted">${said.intro}</p>
      <form novalidate @submit=${(event: Event) => void this.#make(event)}>
        ${textField(form, { path: "/name", label: said.name, hint: said.nameHint, autofocus: true })}
        ${textField(form, { path: "/purpose", label: said.purpose, hint: said.purposeHint, lines: 2, placeholder: said.purposeExample })}
        <details class="disclosure">
          <summary>${said.prompt}</summary>
          ${this.#promptField()}
        </details>
        ${this.#modelFields(providers)}
        ${saveBar(form, {
          label: form.isSending ? said.checking : label,
          drawn: (path) => DRAWN.has(path),
          isNew: true,
          result: this.tested === undefined || form.isSending ? nothing : testNote(this.tested),
          more: html`<button type="button" aria-disabled=${form.isSending ? "true" : "false"} @click=${() => void this.#check()}>
            ${said.check}
          </button>`,
        })}
      </form>`;
  }

  /** The model was asked as it is in the form, and does not answer. */
  get #isRefused(): boolean {
    return this.tested?.status === "fails" && this.#testedModel === JSON.stringify(this.#model());
  }

  #promptField(): TemplateResult {
    const form = this.#form;
    const id = idOf("/prompt");
    return around(
      form,
      { path: "/prompt", label: said.prompt, hint: said.promptHint },
      html`<textarea
        id=${id}
        rows="6"
        .value=${live(this.#prompt)}
        aria-describedby="${id}-hint ${id}-fault"
        aria-invalid=${form.fault("/prompt") === undefined ? "false" : "true"}
        @input=${(event: Event) => form.set("/prompt", (event.currentTarget as HTMLTextAreaElement).value)}
      ></textarea>`,
    );
  }

  get #prompt(): string {
    const form = this.#form;
    return form.isChanged("/prompt") ? form.text("/prompt") : said.promptOf(form.text("/name").trim(), form.text("/purpose").trim());
  }

  #modelFields(providers: readonly ModelProvider[]): TemplateResult {
    const form = this.#form;
    const provider = providers.find((one) => one.provider === form.get("/model/provider"));
    const options = providers.map((one) => [one.provider, one.name] as const);
    const names = provider?.exampleModels ?? [];
    const id = idOf("/model/model");
    return html`<div class="two">
        ${choiceField(form, { path: "/model/provider", label: said.provider, options, onChange: () => form.set("/model/model", undefined) })}
        ${around(
          form,
          { path: "/model/model", label: said.model, hint: said.modelHint },
          html`<input
              id=${id}
              list="${id}-names"
              autocomplete="off"
              spellcheck="false"
              .value=${live(this.#modelName(names))}
              aria-describedby="${id}-hint ${id}-fault"
              aria-invalid=${form.fault("/model/model") === undefined ? "false" : "true"}
              @input=${(event: Event) => form.set("/model/model", (event.currentTarget as HTMLInputElement).value)}
            />
            <datalist id="${id}-names">${names.map((name) => html`<option value=${name}></option>`)}</datalist>`,
        )}
      </div>
      ${
        provider?.needsBaseUrl === true
          ? textField(form, { path: "/model/baseUrl", label: said.baseUrl, type: "url", hint: said.baseUrlHint(provider.exampleUrl) })
          : nothing
      }
      ${textField(form, { path: "/model/apiKey", label: said.key, type: "password", hint: said.keyHint, isOptional: provider?.needsKey === false })}`;
  }

  /** What is typed, or else the first name that the provider's page would offer. */
  #modelName(names: readonly string[]): string {
    return this.#form.isChanged("/model/model") ? this.#form.text("/model/model") : (names[0] ?? "");
  }

  #model(): Record<string, unknown> {
    const form = this.#form;
    const provider = this.#providers.value?.find((one) => one.provider === form.get("/model/provider"));
    const model = { provider: form.text("/model/provider"), model: this.#modelName(provider?.exampleModels ?? []) };
    const baseUrl = provider?.needsBaseUrl === true ? form.text("/model/baseUrl").trim() : "";
    const apiKey = form.text("/model/apiKey").trim();
    return { ...model, ...(baseUrl === "" ? {} : { baseUrl }), ...(apiKey === "" ? {} : { apiKey }) };
  }

  async #check(): Promise<void> {
    if ((await this.#form.submit(async () => this.#test())) === undefined) return this.#toFault();
    await showResult(this);
  }

  async #test(): Promise<ModelTest> {
    const model = this.#model();
    this.tested = undefined;
    try {
      this.tested = (await api.post<ModelTest>("/models/test", model)).body;
      this.#testedModel = JSON.stringify(model);
      return this.tested;
    } catch (error) {
      throw error instanceof ApiProblem ? below(error, "/model") : error;
    }
  }

  /** The fields without which no assistant can be made. */
  #empty(): readonly string[] {
    const form = this.#form;
    const { model, baseUrl, apiKey } = this.#model() as { readonly model: string; readonly baseUrl?: string; readonly apiKey?: string };
    const provider = this.#providers.value?.find((one) => one.provider === form.get("/model/provider"));
    const isEmpty = {
      "/name": form.text("/name").trim() === "",
      "/purpose": form.text("/purpose").trim() === "" && !form.isChanged("/prompt"),
      "/model/model": model.trim() === "",
      "/model/baseUrl": provider?.needsBaseUrl === true && baseUrl === undefined,
      "/model/apiKey": provider?.needsKey === true && apiKey === undefined,
    };
    return Object.entries(isEmpty).flatMap(([path, is]) => (is ? [path] : []));
  }

  /** A model that does not answer keeps the assistant from being made once; whoever insists has it. */
  async #make(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const empty = this.#empty();
    if (empty.length > 0) {
      form.refuse(empty.map((path) => ({ path, message: said.fillIn })));
      return this.#toFault();
    }
    const insists = this.#isRefused;
    const made = await form.submit(async () => {
      if (!insists && (await this.#test()).status === "fails") return "refused";
      return (await api.create<Assistant>("/assistants", this.#body())).body;
    });
    if (made === undefined) return this.#toFault();
    if (made === "refused") return this.querySelector<HTMLElement>(".note")?.focus();
    form.reset();
    this.dispatchEvent(new CustomEvent("made", { detail: made.key }));
  }

  #body(): Record<string, unknown> {
    const name = this.#form.text("/name").trim();
    // A website comes in a later step. Until then it is on none but ours, where it is tried.
    return { key: freeKey(name, this.taken), name, prompt: this.#prompt, model: this.#model(), allowedOrigins: [location.origin] };
  }

  async #toFault(): Promise<void> {
    await this.updateComplete;
    focusFirstFault(this);
  }
}

interface Values {
  readonly name: string;
  readonly purpose: string;
  readonly model: { readonly provider: string };
}

function testNote(test: ModelTest): TemplateResult {
  const { status, exchanges } = test;
  const advice = modelAdvice(test);
  const fault = exchanges.find((one) => one.fault !== undefined)?.fault;
  const wholeMs = exchanges.reduce((sum, one) => sum + one.wholeMs, 0);
  const detail = fault === undefined ? said.took(formatDuration(wholeMs)) : fault.cause;
  return html`<div class="note" data-tone=${TONES[status]} tabindex="-1">
    ${icon(status === "works" ? "done" : "alert")}
    <div>
      <strong>${SAID[status]}</strong> ${detail}
      ${
        advice.length === 0
          ? nothing
          : html`<ul class="advice">
              ${advice.map((text) => html`<li>${text}</li>`)}
            </ul>`
      }
    </div>
  </div>`;
}

/** The same refusal, of a form in which what was sent is only a part. */
function below(problem: ApiProblem, part: string): ApiProblem {
  const { status, code, message: title, faults } = problem;
  return new ApiProblem({ status, code, title, faults: faults.map(({ path, message }) => ({ path: `${part}${path}`, message })) });
}
