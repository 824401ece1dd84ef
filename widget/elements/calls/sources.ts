import { html, nothing, type TemplateResult } from "lit";
import type { CallPart } from "../../thread/state.ts";
import { callWords } from "../../words/call-words.ts";
import "./call-details.ts";
import { define } from "../foundation/define.ts";
import { chevronIcon } from "../foundation/call-icons.ts";
import { LightElement } from "../foundation/light-element.ts";
import { durationText, outcomeText } from "./outcome-text.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

/** The calls behind an answer, folded away until somebody asks: which server, which tool, how long, how it ended. */
export class FrontDeskSources extends LightElement {
  static override properties = {
    calls: { attribute: false },
    context: { attribute: false },
    open: { state: true },
    opened: { state: true },
  };
  declare calls: readonly CallPart[];
  declare context: ThreadContext;
  declare private open: boolean;
  declare private opened: ReadonlySet<string>;

  constructor() {
    super();
    this.open = false;
    this.opened = new Set();
  }

  protected override render(): unknown {
    return html`<button class="disclosure" part="sources" aria-expanded=${String(this.open)} @click=${() => (this.open = !this.open)}>
        ${callWords(this.context.words).sources(this.calls.length)}${chevronIcon}
      </button>
      ${
        this.open
          ? html`<ul>
              ${this.calls.map((call) => this.#row(call))}
            </ul>`
          : nothing
      }`;
  }

  #row(call: CallPart): TemplateResult {
    const { formats, trace } = this.context;
    const words = callWords(this.context.words);
    const opened = this.opened.has(call.callId);
    const row = html`<span class="dot ${call.settled?.outcome ?? call.outcome ?? ""}"></span>
      <span class="what">${call.tool.title} <span class="quiet">${call.tool.serverName}</span></span>
      <span class="quiet how"
        >${outcomeText(call, words)}${(call.durationMs ?? 0) < 50 ? nothing : ` · ${durationText(call.durationMs!, formats)}`}</span
      >`;
    if (trace === "hidden") return html`<li><div class="row">${row}</div></li>`;
    return html`<li>
      <button class="row" aria-expanded=${String(opened)} @click=${() => this.#toggle(call.callId)}>${row}${chevronIcon}</button>
      ${opened ? html`<front-desk-call-details .call=${call} .context=${this.context}></front-desk-call-details>` : nothing}
    </li>`;
  }

  #toggle(callId: string): void {
    const opened = new Set(this.opened);
    if (!opened.delete(callId)) opened.add(callId);
    this.opened = opened;
  }
}

define("front-desk-sources", FrontDeskSources);
