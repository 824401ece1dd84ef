import { html, nothing, type TemplateResult } from "lit";
import type { CallPart } from "../thread/state.ts";
import { callWords } from "../words/call-words.ts";
import "./approval.ts";
import { define } from "./define.ts";
import { LightElement } from "./light-element.ts";
import "./media.ts";
import type { ThreadContext } from "./thread-context.ts";

/** One tool call where it happened: the question whether it may run, how far it is, what it showed, what nobody knows of it. */
export class FrontDeskCall extends LightElement {
  static override properties = { call: { attribute: false }, context: { attribute: false }, isOpen: { attribute: false } };
  declare call: CallPart;
  declare context: ThreadContext;
  /** Whether the turn goes on; after its end nothing runs. */
  declare isOpen: boolean;

  protected override render(): TemplateResult {
    const { call } = this;
    const words = callWords(this.context.words);
    const { title } = call.tool;
    return html`
      ${call.approval === undefined ? nothing : html`<front-desk-approval .call=${call} .context=${this.context}></front-desk-approval>`}
      ${this.isOpen && call.status !== "ended" && call.status !== "waiting" ? this.#activity(call) : nothing}
      ${call.media.map(
        (media) =>
          html`<front-desk-media
            .callId=${call.callId}
            .index=${media.index}
            .kind=${media.kind}
            .name=${title}
            .context=${this.context}
          ></front-desk-media>`,
      )}
      ${
        call.settled !== undefined
          ? html`<p class="note">${words.settled[call.settled.outcome](title)} ${call.settled.note}</p>`
          : call.outcome === "unknown"
            ? html`<p class="note warning">${words.unknownOutcome(title)}</p>`
            : nothing
      }
    `;
  }

  #activity(call: CallPart): TemplateResult {
    const { progress, tool } = call;
    const name = callWords(this.context.words).running(tool.title);
    return html`<div class="activity" part="activity">
      <p>${name} ${progress?.message ? html`<span>${progress.message}</span>` : nothing}</p>
      ${
        progress?.total
          ? html`<progress max=${progress.total} .value=${progress.progress} aria-label=${name}></progress>`
          : html`<progress aria-label=${name}></progress>`
      }
    </div>`;
  }
}

define("front-desk-call", FrontDeskCall);
