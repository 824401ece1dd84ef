import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../../api/client.ts";
import { ApiProblem } from "../../../../api/problem.ts";
import type { ReadCallResultAnswer } from "../../../../api/types.ts";
import { PageElement } from "../../../../foundation/page-element.ts";
import { Resource } from "../../../../foundation/resource.ts";
import { show, skeleton } from "../../../../parts/states.ts";
import { detailWords } from "./detail-words.ts";
import { json, said } from "./said-json.ts";

/** The whole result of a call, read when somebody looks. Its heading stands before it is there. */
@customElement("desk-call-result")
export class DeskCallResult extends PageElement {
  @property({ attribute: false }) conversationId = "";
  @property({ attribute: false }) callId = "";
  readonly #result = new Resource<ReadCallResultAnswer | undefined>(this, { load: async (signal) => this.#load(signal) });

  override updated(changed: PropertyValues<this>): void {
    if (changed.get("callId")) void this.#result.restart();
  }

  override render() {
    return html`<h3>${detailWords.result}</h3>
      ${show(this.#result, drawn, () => skeleton(3))}`;
  }

  async #load(signal: AbortSignal): Promise<ReadCallResultAnswer | undefined> {
    const path = `/conversations/${encodeURIComponent(this.conversationId)}/calls/${encodeURIComponent(this.callId)}/result`;
    try {
      return (await api.get<ReadCallResultAnswer>(path, { signal })).body;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return undefined;
      throw error;
    }
  }
}

function drawn(result: ReadCallResultAnswer | undefined): TemplateResult {
  if (result === undefined) return html`<p class="muted">${detailWords.keptNothing}</p>`;
  const { content, structured } = result;
  if (content.length === 0 && structured === undefined) return html`<p class="muted">${detailWords.nothing}</p>`;
  return html`${content.map(block)}${structured === undefined ? nothing : json(detailWords.structured, structured)}`;
}

/** A text is read as text, or as the JSON that it is; anything else with its type and name beside its bytes. */
function block(given: unknown): TemplateResult {
  const { kind, text } = given as { readonly kind?: unknown; readonly text?: unknown };
  return kind === "text" && typeof text === "string" ? said(detailWords.text, text) : json(String(kind), given);
}
