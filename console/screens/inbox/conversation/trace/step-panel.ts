import { html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { PageElement } from "../../../../foundation/page-element.ts";
import { router } from "../../../../foundation/router.ts";
import { icon } from "../../../../parts/icon.ts";
import { skeleton } from "../../../../parts/states.ts";
import { status, type Tone } from "../../../../parts/status.ts";
import { copyText } from "../../../../parts/toasts.ts";
import { callDetails } from "./call-details.ts";
import { pairs } from "../../../../parts/pairs.ts";
import { clockTime } from "./detail-parts.ts";
import { detailWords } from "./detail-words.ts";
import type { Step, StepKind } from "./step.ts";
import { stepDetails } from "./step-details.ts";
import { stepAbout, stepIcon, stepKind } from "./step-name.ts";
import { outcomeText } from "./trace-words.ts";
import { voiceTraceWords } from "./voice-trace-words.ts";
import { durationText } from "./waterfall-row.ts";

/** The details of a step. Says `close`, and `play` with the moment. */
@customElement("desk-step")
export class DeskStep extends PageElement {
  @property({ attribute: false }) conversationId = "";
  /** Undefined: it is not loaded (yet). */
  @property({ attribute: false }) step: Step | undefined;
  /** What a call waited for. */
  @property({ attribute: false }) parts: readonly Step[] = [];
  @property({ attribute: false }) sessionId: string | undefined;
  @property({ attribute: false }) contextTokens: number | undefined;
  @property({ attribute: false }) isLoading = false;
  /** Where a recording has it, in milliseconds since 1970; absent: none has. `pending`: it is not known yet. */
  @property({ attribute: false }) playFrom: number | "pending" | undefined;

  #wasInForm = false;

  override willUpdate(): void {
    this.#wasInForm = this.querySelector("desk-settle-form")?.contains(document.activeElement) ?? false;
  }

  override updated(changed: PropertyValues<this>): void {
    // The call is settled, here or by a colleague: its form is gone, and the focus stays at the call.
    if (this.#wasInForm && !this.contains(document.activeElement)) this.querySelector<HTMLElement>("#step-title")?.focus();
    if (changed.has("step") && changed.get("step")?.id !== this.step?.id) this.querySelector(".step-body")?.scrollTo(0, 0);
  }

  override render() {
    const { step } = this;
    return html`<div class="step">
      <header class="step-head">
        <h2 id="step-title" tabindex="-1">
          ${step === undefined ? nothing : html`${icon(stepIcon(step))}${stepKind(step)} <span class="step-about">${stepAbout(step)}</span>`}
        </h2>
        <button type="button" class="quiet" @click=${() => void this.#copyLink()}>${icon("link")}${detailWords.copyLink}</button>
        <button type="button" class="quiet icon-only" aria-label=${detailWords.close} @click=${() => this.#close()}>
          ${icon("close")}
        </button>
      </header>
      <div class="step-body" tabindex="0" role="region" aria-labelledby="step-title">
        ${step === undefined ? (this.isLoading ? skeleton(3) : html`<p class="muted">${detailWords.gone}</p>`) : keyed(step.id, this.#body(step))}
      </div>
    </div>`;
  }

  #body(step: Step) {
    const { conversationId, sessionId } = this;
    const { outcome, from, events, kind } = step;
    const took = durationText(step, Date.now());
    return html`${outcome === undefined ? nothing : html`<p>${status(toneOf(step), outcomeText(outcome))}</p>`}
    ${this.playFrom === undefined ? nothing : this.#playButton(this.playFrom)}
    ${pairs([
      [detailWords.started, clockTime(from)],
      [detailWords.duration, took],
    ])}
    ${kind === "call" ? callDetails(step, this.parts, { conversationId, sessionId }) : stepDetails(step, this.contextTokens)}
    ${
      events.length === 0
        ? nothing
        : html`<details class="disclosure">
            <summary>${detailWords.raw(events.length)}</summary>
            <desk-json .value=${events.length === 1 ? events[0] : events} label=${detailWords.raw(events.length)}></desk-json>
          </details>`
    }`;
  }

  /** Its room is there before it can be pressed. */
  #playButton(at: number | "pending") {
    const play = (): boolean => this.dispatchEvent(new CustomEvent("play", { detail: at }));
    return html`<p>
      <button type="button" ?disabled=${at === "pending"} @click=${play}>${icon("play")}${voiceTraceWords.playHere}</button>
    </p>`;
  }

  async #copyLink(): Promise<void> {
    const { path } = router.place;
    await copyText(new URL(router.href(path, { step: this.step?.id }), location.href).href);
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent("close"));
  }
}

/** What is neither good nor bad: a call ends, and customers interrupt. */
const NEUTRAL: ReadonlySet<StepKind> = new Set(["voice-call", "voice-end", "speech"]);

function toneOf({ isFailed, outcome, kind }: Step): Tone {
  if (isFailed) return "bad";
  return outcome === "settled" || NEUTRAL.has(kind) ? "neutral" : "good";
}
