import { html, nothing, type TemplateResult } from "lit";
import type { ToolContent } from "../../../protocol/content.ts";
import type { CallDetails } from "../../../protocol/frames.ts";
import type { CallPart } from "../../thread/state.ts";
import { toJson } from "../../native/to-json.ts";
import { callWords } from "../../words/call-words.ts";
import { define } from "../foundation/define.ts";
import { LightElement } from "../foundation/light-element.ts";
import "./media.ts";
import { outcomeText } from "./outcome-text.ts";
import { copyText } from "../markdown/copy-text.ts";
import { readCall } from "./read-call.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

/** What opens behind a row of Sources: the raw call if the owner shows it, otherwise a plain sentence. */
export class FrontDeskCallDetails extends LightElement {
  static override properties = {
    call: { attribute: false },
    context: { attribute: false },
    details: { state: true },
    failed: { state: true },
  };
  declare call: CallPart;
  declare context: ThreadContext;
  declare private details: CallDetails | undefined;
  declare private failed: boolean;

  protected override willUpdate(): void {
    if (!this.hasUpdated && this.context.trace === "full") void this.#read();
  }

  async #read(): Promise<void> {
    this.failed = false;
    try {
      this.details = await readCall(this.context, this.call.callId);
    } catch {
      this.failed = true;
    }
  }

  protected override render(): unknown {
    const { formats, trace } = this.context;
    const words = callWords(this.context.words);
    const { tool } = this.call;
    if (trace !== "full") return html`<p class="quiet">${words.summary(tool.serverName, tool.title, outcomeText(this.call, words))}</p>`;
    if (this.failed)
      return html`<p class="quiet">
        ${words.readFailed} <button class="link" @click=${() => void this.#read()}>${words.tryAgain}</button>
      </p>`;
    const { details } = this;
    if (details === undefined) return html`<p class="quiet late">${words.reading}</p>`;
    return html`
      ${details.arguments === undefined ? nothing : this.#data(words.arguments, toJson(details.arguments, 2))}
      ${details.content.map((piece, index) => this.#piece(piece, index))}
      ${details.structured === undefined ? nothing : this.#data(words.structured, toJson(details.structured, 2))}
      ${details.content.length === 0 && details.structured === undefined ? html`<p class="quiet">${words.result}: ${words.nothing}</p>` : nothing}
      ${details.cutToBytes === undefined ? nothing : html`<p class="quiet">${words.cutTo(formats.amount(Math.ceil(details.cutToBytes / 1000), "kilobyte", 0))}</p>`}
    `;
  }

  #piece(piece: ToolContent, index: number): TemplateResult {
    const { result } = callWords(this.context.words);
    switch (piece.kind) {
      case "text":
        return this.#data(result, readable(piece.text));
      case "image":
      case "audio":
        return html`<front-desk-media
          .callId=${this.call.callId}
          .index=${index}
          .kind=${piece.kind}
          .name=${this.call.tool.title}
          .content=${piece}
          .context=${this.context}
        ></front-desk-media>`;
      case "resource":
        return this.#data(`${result}: ${piece.uri}`, piece.text === undefined ? (piece.mimeType ?? "") : readable(piece.text));
      case "resource-link":
        return this.#data(`${result}: ${piece.title ?? piece.name}`, [piece.description, piece.uri].filter(Boolean).join("\n"));
    }
  }

  #data(label: string, text: string): TemplateResult {
    const { copy } = this.context.words;
    return html`<div class="data">
      <div class="bar">
        <span>${label}</span><button class="link" .textContent=${copy} @click=${(event: Event) => this.#copy(event, text)}></button>
      </div>
      <pre tabindex="0" role="group" aria-label=${label} dir="ltr">${text}</pre>
    </div>`;
  }

  async #copy(event: Event, text: string): Promise<void> {
    const button = event.currentTarget as HTMLElement;
    // It is there: a call stands in a turn, whose answers it draws.
    if (!(await copyText(text, this))) return;
    button.focus();
    button.textContent = this.context.words.copied;
  }
}

/** Text that is JSON, indented; other text as it is. */
function readable(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return toJson(JSON.parse(text), 2);
  } catch {
    return text;
  }
}

define("front-desk-call-details", FrontDeskCallDetails);
