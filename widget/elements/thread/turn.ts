import { html, nothing, type TemplateResult } from "lit";
import type { Part, Turn } from "../../thread/state.ts";
import "./answer.ts";
import { define } from "../foundation/define.ts";
import { turnErrorText } from "../foundation/error-text.ts";
import { IntentEvent } from "../foundation/intents.ts";
import { LightElement } from "../foundation/light-element.ts";
import { messageBubble } from "./message-bubble.ts";
import { stampText } from "./stamp-text.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

export function canBeRated({ status, parts, person }: Turn, { feedback }: ThreadContext): boolean | undefined {
  return feedback && !person && status === "done" && parts.some(({ kind }) => kind === "text");
}

/**
 * One message and its answer. Draws again only for a new `turn` object, so a thread of many turns costs what its
 * running turn costs.
 */
export class FrontDeskTurn extends LightElement {
  static override properties = { turn: { attribute: false }, context: { attribute: false }, stamp: { attribute: false } };
  declare turn: Turn;
  declare context: ThreadContext;
  /** The moment to show above the turn, milliseconds since 1970; 0 if the turn before was just now. */
  declare stamp: number;
  /** What has to be heard before it is taken out of the page: views. */
  readonly leaving = new Set<() => Promise<void>>();

  protected override render(): unknown {
    const { turn, context } = this;
    return html`
      ${this.stamp ? html`<p class="stamp">${stampText(this.stamp, context)}</p>` : nothing}
      ${turn.message === undefined ? nothing : messageBubble(turn.message, context)}
      ${turn.voiceCall ? html`<front-desk-voice-note .event=${turn.voiceCall} .context=${context}></front-desk-voice-note>` : nothing}
      ${turn.person ? html`<front-desk-person .event=${turn.person} .contactLeft=${turn.contactLeft} .context=${context}></front-desk-person>` : turn.parts.length > 0 ? html`<h3 class="unseen">${context.words.says(context.assistantName)}</h3>` : nothing}
      ${turn.parts.map((part) => this.#part(part))}
      ${this.#thinks() ? html`<p class="activity dots" part="activity"><span></span><span></span><span></span><span class="unseen">${context.words.thinking}</span></p>` : nothing}
      ${this.#end()} ${this.#sources()} ${this.#feedback()}
    `;
  }

  #part(part: Part): TemplateResult | typeof nothing {
    if (part.kind === "call") {
      const isOpen = this.turn.status === "running" || this.turn.status === "waiting";
      return html`<front-desk-call .call=${part} .context=${this.context} .isOpen=${isOpen}></front-desk-call>`;
    }
    if (part.text === "") return nothing;
    const cut = this.turn.cuts?.find(({ step }) => step === part.step);
    return html`<front-desk-answer class="answer" part="answer" .context=${this.context} .answer=${part}></front-desk-answer>
      ${cut ? html`<front-desk-voice-note .event=${cut} .written=${part.text} .context=${this.context}></front-desk-voice-note>` : nothing}
      ${part.cut === "broken" ? html`<p class="mark">${this.context.words.brokenOff}</p>` : nothing}`;
  }

  /** Whether nothing else shows that the turn is at work. */
  #thinks(): boolean {
    const { parts, status, stopping } = this.turn;
    if (status !== "running" || stopping) return false;
    return !parts.some((part) => (part.kind === "text" ? part.open && part.text !== "" : part.status !== "ended"));
  }

  #end(): TemplateResult | typeof nothing {
    const { turnId, status, error, stopping } = this.turn;
    const { words } = this.context;
    if (stopping && (status === "running" || status === "waiting")) return html`<p class="mark">${words.stopping}</p>`;
    if (status === "stopped") return html`<p class="mark">${words.stopped}</p>`;
    if (status !== "failed") return nothing;
    return html`<p class="note danger" part="failure">
      ${turnErrorText(error, words)}
      ${this.turn.retried ? nothing : html`<button class="link" @click=${() => this.dispatchEvent(new IntentEvent({ kind: "retry", turnId }))}>${words.tryAgain}</button>`}
    </p>`;
  }

  /** Quietly under an answer that is whole. */
  #feedback(): TemplateResult | typeof nothing {
    const { turn, context } = this;
    return canBeRated(turn, context) ? html`<front-desk-feedback .turn=${turn} .context=${context}></front-desk-feedback>` : nothing;
  }

  /** While the turn runs, its calls are shown one by one: folding them away under moving text would move the text. */
  #sources(): TemplateResult | typeof nothing {
    if (this.turn.status === "running") return nothing;
    const calls = this.turn.parts.filter((part) => part.kind === "call" && part.status === "ended" && !part.isByView);
    return calls.length === 0 ? nothing : html`<front-desk-sources .calls=${calls} .context=${this.context}></front-desk-sources>`;
  }
}

define("front-desk-turn", FrontDeskTurn);

declare global {
  interface HTMLElementTagNameMap {
    "front-desk-turn": FrontDeskTurn;
  }
}
