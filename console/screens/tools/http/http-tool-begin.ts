import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { HttpToolDraft } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { choiceField, focusFirstFault, textField } from "../../../parts/fields.ts";
import { icon } from "../../../parts/icon.ts";
import { httpWords } from "./http-words.ts";

type Source = "curl" | "openapi";

/** Fills a new tool's form from something that works. Dispatches `drafted` with the draft. */
@customElement("desk-http-begin")
export class DeskHttpBegin extends PageElement {
  @state() private operations: NonNullable<HttpToolDraft["operations"]> = [];
  @state() private warnings: readonly string[] | undefined;
  readonly #form = new Form(this, { curl: "", openapi: "", operation: "" });

  override render() {
    const form = this.#form;
    const { problem } = form;
    const options = [
      ["", httpWords.chooseOperation] as const,
      ...this.operations.map(({ operation, summary }) => [operation, `${operation} ${summary}`] as const),
    ];
    const button = (source: Source) =>
      html`<button type="button" aria-disabled=${form.isSending ? "true" : "false"} @click=${() => void this.#fill(source)}>
        ${form.isSending ? httpWords.filling : httpWords.fill}
      </button>`;
    return html`<section class="group">
      <h2>${httpWords.beginTitle}</h2>
      <details class="disclosure" open>
        <summary>${httpWords.curl}</summary>
        ${textField(form, { path: "/curl", label: httpWords.curl, hint: httpWords.curlHint, lines: 3, isCode: true, placeholder: "curl https://shop.example/orders/1042 -H 'Authorization: Bearer …'" })}
        ${button("curl")}
      </details>
      <details class="disclosure">
        <summary>${httpWords.openapi}</summary>
        ${textField(form, { path: "/openapi", label: httpWords.openapi, hint: httpWords.openapiHint, lines: 5, isCode: true, onInput: () => (this.operations = []) })}
        ${this.operations.length === 0 ? nothing : choiceField(form, { path: "/operation", label: httpWords.operation, options, onChange: () => void this.#fill("openapi") })}
        ${button("openapi")}
      </details>
      <div aria-live="polite">
        ${problem === undefined || problem.faults.some(({ path }) => path === "/curl" || path === "/openapi") ? nothing : html`<p class="form-fault">${icon("alert")}<span>${problem.message}</span></p>`}
        ${this.warnings === undefined ? nothing : html`<p class="note">${icon("done")}<span>${httpWords.filled}</span></p>`}
        ${
          this.warnings === undefined || this.warnings.length === 0
            ? nothing
            : html`<div class="note" data-tone="warning">
                ${icon("warning")}
                <div>
                  <p><strong>${httpWords.warnings}</strong></p>
                  <ul class="dots">
                    ${this.warnings.map((warning) => html`<li>${warning}</li>`)}
                  </ul>
                </div>
              </div>`
        }
      </div>
    </section>`;
  }

  async #fill(source: Source): Promise<void> {
    const form = this.#form;
    const operation = form.text("/operation");
    const text = form.text(`/${source}`);
    const body = source === "curl" ? { curl: text } : { openapi: text, ...(operation === "" ? {} : { operation }) };
    const answer = await form.submit(async () => (await api.post<HttpToolDraft>("/http-tools/draft", body)).body);
    this.warnings = answer?.draft === undefined ? undefined : answer.warnings;
    if (answer === undefined) {
      await this.updateComplete;
      return focusFirstFault(this);
    }
    if (source === "openapi") this.operations = answer.operations ?? [];
    if (answer.draft !== undefined) this.dispatchEvent(new CustomEvent<HttpToolDraft>("drafted", { detail: answer }));
    else {
      await this.updateComplete;
      this.querySelector<HTMLElement>("select")?.focus();
    }
  }
}
