import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import type { ListModelProvidersAnswer, ModelProvider, ModelTest, TestModelBody } from "../../api/types.ts";
import type { Form } from "../../foundation/form.ts";
import { formatDuration } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { may } from "../../foundation/screen.ts";
import { choiceField, textField } from "../../parts/fields.ts";
import { icon } from "../../parts/icon.ts";
import { modelWords } from "./model-words.ts";
import { modelAdvice } from "./model-advice-words.ts";

const KEY = "/model/apiKey";

type Model = Readonly<Record<string, unknown>>;

/** Where the provider, the model's name and its key are entered, and tried out before they are saved. */
@customElement("desk-model-fields")
export class DeskModelFields extends PageElement {
  @property({ attribute: false }) form!: Form<object>;
  /** The assistant whose kept key is used while none is typed. */
  @property() assistantKey = "";
  @property({ type: Boolean }) hasKey = false;
  @property({ type: Boolean }) isReadOnly = false;
  /** Changes whenever the form does, so that this is drawn anew. */
  @property({ attribute: false }) values: unknown;
  @state() private test: ModelTest | ApiProblem | "running" | undefined;
  #tested = "";
  readonly #providers = new Resource<readonly ModelProvider[]>(this, {
    load: async (signal) => (await api.get<ListModelProvidersAnswer>("/models/providers", { signal })).body.items,
  });

  override render() {
    const { form, isReadOnly } = this;
    const provider = this.#providers.value?.find((one) => one.provider === form.get("/model/provider"));
    const options = (this.#providers.value ?? []).map((one) => [one.provider, one.name] as const);
    const examples =
      provider === undefined || provider.exampleModels.length === 0 ? undefined : modelWords.examples(provider.exampleModels.join(", "));
    return html`<div class="two">
        ${choiceField(form, { path: "/model/provider", label: modelWords.provider, options: withChosen(options, form.text("/model/provider")), isReadOnly, onChange: () => this.requestUpdate() })}
        ${textField(form, { path: "/model/model", label: modelWords.model, isCode: true, isReadOnly, ...(examples === undefined ? {} : { hint: examples }) })}
      </div>
      ${this.#address(provider)}
      ${
        isReadOnly
          ? html`<p class="muted">${this.hasKey ? modelWords.keySet : modelWords.noKey}</p>`
          : form.get(KEY) === null
            ? html`<p class="note" data-tone="warning">
                ${icon("warning")}<span>${modelWords.keyGoes}</span>
                <button type="button" @click=${() => form.set(KEY, undefined)}>${modelWords.keepKey}</button>
              </p>`
            : html`${textField(form, {
                path: KEY,
                label: modelWords.key,
                type: "password",
                autocomplete: "off",
                isOptional: provider?.needsKey === false,
                placeholder: this.hasKey ? modelWords.keySetPlaceholder : "",
                hint: this.hasKey ? modelWords.keySetHint : modelWords.keyHint,
              })}${this.hasKey ? html`<p><button type="button" class="quiet" @click=${() => form.set(KEY, null)}>${icon("remove")}${modelWords.takeKey}</button></p>` : nothing}`
      }
      ${may("assistants.test") && !isReadOnly ? this.#check() : nothing}`;
  }

  #address(provider: ModelProvider | undefined): TemplateResult | typeof nothing {
    if (provider === undefined) return nothing;
    const field = textField(this.form, {
      path: "/model/baseUrl",
      label: modelWords.baseUrl,
      isCode: true,
      isReadOnly: this.isReadOnly,
      isOptional: !provider.needsBaseUrl,
      placeholder: provider.exampleUrl,
      hint: provider.needsBaseUrl ? modelWords.baseUrlHint : modelWords.baseUrlOptional(provider.name),
    });
    if (provider.needsBaseUrl || this.form.text("/model/baseUrl") !== "") return field;
    return html`<details class="disclosure">
      <summary>${modelWords.otherAddress}</summary>
      ${field}
    </details>`;
  }

  #check(): TemplateResult {
    const isRunning = this.test === "running";
    return html`<div class="model-check">
      <button
        type="button"
        aria-disabled=${isRunning ? "true" : "false"}
        aria-busy=${isRunning ? "true" : nothing}
        @click=${() => void this.#run()}
      >
        ${icon("play")}${isRunning ? modelWords.checking : modelWords.check}
      </button>
      <div role="status" aria-live="polite">${this.#result()}</div>
    </div>`;
  }

  #result(): TemplateResult | typeof nothing {
    const { test } = this;
    if (test === undefined || test === "running") return nothing;
    if (test instanceof ApiProblem) return note("bad", modelWords.notTried, [test.message]);
    // Something else was typed meanwhile: what was found out is about what was there before.
    if (this.#tested !== JSON.stringify(this.#model())) return nothing;
    const last = test.exchanges.at(-1);
    if (test.status === "works") return note("good", modelWords.works(formatDuration(last?.wholeMs ?? 0)), modelAdvice(test));
    const causes = test.exchanges.flatMap(({ fault }) => (fault === undefined ? [] : [fault.cause]));
    return note(test.status === "fails" ? "bad" : "warning", test.status === "fails" ? modelWords.fails : modelWords.withoutTools, [
      ...causes,
      ...modelAdvice(test),
    ]);
  }

  #model(): Model {
    const { form } = this;
    const whole = form.whole()["model"] as Model;
    const { provider, model, baseUrl, apiKey, contextTokens, maxOutputTokens, silenceTimeoutMs } = whole;
    return {
      provider,
      model,
      baseUrl: baseUrl || undefined,
      apiKey: apiKey || undefined,
      contextTokens,
      maxOutputTokens,
      silenceTimeoutMs,
    };
  }

  async #run(): Promise<void> {
    const model = this.#model();
    this.#tested = JSON.stringify(model);
    this.test = "running";
    const keepsKey = model["apiKey"] === undefined && this.form.get(KEY) !== null && this.assistantKey !== "" && this.hasKey;
    const body = { ...model, ...(keepsKey ? { assistant: this.assistantKey } : {}) } as TestModelBody;
    try {
      this.test = (await api.post<ModelTest>("/models/test", body)).body;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.test = error;
      this.form.refuse(error.faults.map(({ path, message }) => ({ path: `/model${path}`, message })));
    }
    await this.updateComplete;
    this.querySelector(".model-check > [role=status]")?.scrollIntoView({ block: "nearest" });
  }
}

function note(tone: "good" | "bad" | "warning", title: string, more: readonly string[]): TemplateResult {
  return html`<div class="note" data-tone=${tone}>
    ${icon(tone === "good" ? "done" : "alert")}
    <div>
      <strong>${title}</strong>${
        more.length === 0
          ? nothing
          : html`<ul>
              ${more.map((text) => html`<li>${text}</li>`)}
            </ul>`
      }
    </div>
  </div>`;
}

/** While the providers are not there yet, the one that is saved is. */
function withChosen(options: readonly (readonly [string, string])[], chosen: string): readonly (readonly [string, string])[] {
  return chosen === "" || options.some(([value]) => value === chosen) ? options : [[chosen, chosen], ...options];
}
