import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Recording } from "../../../../api/types.ts";
import type { JournalEvent } from "../../../../../protocol/events.ts";
import { formatNumber } from "../../../../foundation/format.ts";
import { PageElement } from "../../../../foundation/page-element.ts";
import { searchField } from "../../../../parts/search-field.ts";
import { show, skeleton } from "../../../../parts/states.ts";
import { costOfAll, isPaid } from "./cost-text.ts";
import { type DeskRecording, recordingAt } from "./recording-player.ts";
import { Recordings } from "./recordings.ts";
import { findStep, searchSteps } from "./search-steps.ts";
import type { Step } from "./step.ts";
import { traceWords } from "./trace-words.ts";
import { voiceTraceWords } from "./voice-trace-words.ts";
import type { DeskWaterfall } from "./waterfall.ts";
import "./waterfall.ts";

/** Of a longer conversation, an answer would be too narrow to read. */
const TURNS_AT_ONCE = 4;

/** Every step of a conversation as a waterfall, and one of them in its details. Says `older`, `all` and `step-chosen`. */
@customElement("desk-trace")
export class DeskTrace extends PageElement {
  @property({ attribute: false }) conversationId = "";
  @property({ attribute: false }) events: readonly JournalEvent[] = [];
  @property({ attribute: false }) steps: readonly Step[] = [];
  /** How many events the journal has. */
  @property({ attribute: false }) count = 0;
  @property({ attribute: false }) isLoading = false;
  /** The size of the model's window, where it is known. */
  @property({ attribute: false }) contextTokens: number | undefined;
  /** What a step shows of the assistant comes with the rest of it, so that nothing moves. */
  @property({ type: Boolean }) knowsAssistant = false;
  /** Names the step whose details are open. */
  @property({ attribute: false }) chosen: string | undefined;
  @state() private words = "";
  /** The details of a step have a file of their own, which comes when somebody looks at the first. */
  @state() private hasDetails = false;
  /** Undefined: as it suits the length of the conversation. */
  @state() private isOneTurn: boolean | undefined;
  /** The recording that plays, and the moment that is heard. */
  @state() private playing: string | undefined;
  @state() private playhead: number | undefined;
  @query("desk-waterfall") private waterfall!: DeskWaterfall;
  @query("desk-recording") private player!: DeskRecording | null;
  readonly #recordings = new Recordings(this, () => this.conversationId);
  #found: readonly Step[] = [];
  /** Of this conversation: what is said of it keeps its place when all is there. */
  #wasMissing = false;

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("conversationId")) {
      this.#wasMissing = false;
      this.playing = this.playhead = undefined;
    }
    if (changed.has("steps") || changed.has("conversationId")) this.#recordings.lookFor(this.steps);
    this.#wasMissing ||= this.events.length > 0 && this.events.length < this.count;
    if (this.chosen !== undefined && !this.hasDetails) void import("./step-panel.ts").then(() => (this.hasDetails = true));
    if (changed.has("steps") || changed.has("words")) this.#found = searchSteps(this.steps, this.words);
  }

  override render() {
    const chosen = this.chosen === undefined ? undefined : findStep(this.steps, this.chosen);
    const turns = this.steps.filter(({ kind }) => kind === "turn");
    const isOneTurn = this.isOneTurn ?? turns.length > TURNS_AT_ONCE;
    const turnId = chosen?.turnId ?? turns.at(-1)?.turnId ?? turnIdOf(turns.at(-1));
    return html`<div class="trace" @keydown=${(event: KeyboardEvent) => this.#pressed(event, chosen)}>
      <div class="trace-tools">
        ${searchField(traceWords.search, this.words, (words) => (this.words = words))} ${turns.length > 1 ? this.#zoom(isOneTurn) : nothing}
        <p class="trace-sum" role="status">${this.#sum()}</p>
      </div>
      ${this.#missing()} ${this.#player(chosen)}
      ${
        this.#found.length === 0
          ? html`<p class="muted trace-empty">${this.words === "" ? traceWords.none : traceWords.nothingFound}</p>`
          : html`<desk-waterfall
              .steps=${this.#found}
              .axisTurn=${isOneTurn ? turnId : undefined}
              .chosen=${chosen?.id}
              .playhead=${this.playhead}
            ></desk-waterfall>`
      }
      ${this.chosen === undefined ? nothing : this.#details(chosen)}
    </div>`;
  }

  #details(step: Step | undefined): TemplateResult {
    if (!this.hasDetails) return html`<div class="step">${skeleton(3)}</div>`;
    const at = step === undefined ? -1 : this.steps.indexOf(step);
    return html`<desk-step
      .conversationId=${this.conversationId}
      .step=${this.knowsAssistant ? step : undefined}
      .parts=${step?.kind === "call" ? partsOf(this.steps, at) : []}
      .sessionId=${sessionOf(this.steps, at)}
      .contextTokens=${this.contextTokens}
      .isLoading=${this.isLoading || !this.knowsAssistant}
      .playFrom=${step === undefined ? undefined : this.#playFrom(step)}
      @play=${({ detail }: CustomEvent<number>) => void this.#play(detail)}
      @close=${() => this.#close(step)}
    ></desk-step>`;
  }

  /** Its room is there before it is. */
  #player(chosen: Step | undefined): TemplateResult | typeof nothing {
    if (!this.#recordings.isSought) return nothing;
    return html`<div class="recording">
      ${show(
        this.#recordings.resource,
        (all) => this.#recording(all, chosen),
        () => html``,
      )}
    </div>`;
  }

  /** The recording of what is chosen, unless another one plays. */
  #recording(all: readonly Recording[], chosen: Step | undefined): TemplateResult {
    const own = chosen === undefined ? undefined : recordingAt(all, beginOf(chosen));
    const recording = all.find(({ voiceCallId }) => voiceCallId === this.playing) ?? own ?? all.at(-1);
    if (recording === undefined) return html`<p class="muted">${voiceTraceWords.recordingGone}</p>`;
    return html`<desk-recording
      .conversationId=${this.conversationId}
      .recording=${recording}
      @playhead=${({ detail: { at, isPlaying } }: CustomEvent<{ at: number; isPlaying: boolean }>) => {
        this.playhead = at;
        this.playing = isPlaying ? recording.voiceCallId : undefined;
      }}
    ></desk-recording>`;
  }

  #playFrom(step: Step): number | "pending" | undefined {
    const at = beginOf(step);
    if (this.#recordings.isPending(at)) return "pending";
    return recordingAt(this.#recordings.all, at) === undefined ? undefined : at;
  }

  async #play(at: number): Promise<void> {
    this.playing = recordingAt(this.#recordings.all, at)?.voiceCallId;
    await this.updateComplete;
    await this.player?.play(at);
  }

  #pressed(event: KeyboardEvent, chosen: Step | undefined): void {
    if (event.key !== "Escape" || event.defaultPrevented || this.chosen === undefined) return;
    event.preventDefault();
    this.#close(chosen);
  }

  #close(step: Step | undefined): void {
    this.dispatchEvent(new CustomEvent("step-chosen", { detail: undefined, bubbles: true }));
    if (step !== undefined) void this.updateComplete.then(() => this.waterfall?.focusStep(step.id));
  }

  #zoom(isOneTurn: boolean): TemplateResult {
    const choice = (label: string, isOn: boolean, choose: () => void) =>
      html`<button type="button" class="quiet" aria-pressed=${isOn ? "true" : "false"} @click=${choose}>${label}</button>`;
    return html`<div class="segments" role="group" aria-label=${traceWords.axis}>
      ${choice(traceWords.whole, !isOneTurn, () => (this.isOneTurn = false))}${choice(traceWords.turn, isOneTurn, () => (this.isOneTurn = true))}
    </div>`;
  }

  #sum(): string {
    const all = formatNumber(this.steps.length);
    if (this.words !== "") return traceWords.foundSteps(formatNumber(this.#found.length), all);
    const { input, output } = tokensOf(this.events);
    const tokens = input + output === 0 ? [] : [traceWords.tokens(formatNumber(input), formatNumber(output)), costOfAll(this.events)];
    return [traceWords.steps(this.steps.length, all), ...tokens].join(" · ");
  }

  /** Says what is not there: whoever searches would think that it never happened. */
  #missing(): TemplateResult | typeof nothing {
    const loaded = this.events.length;
    if (!this.#wasMissing) return nothing;
    if (loaded >= this.count) return html`<p class="trace-missing">${traceWords.allLoaded(formatNumber(loaded))}</p>`;
    const said = this.words === "" ? traceWords.loadedOnly : traceWords.searchedOnly;
    const button = (name: string, label: string) =>
      html`<button
        type="button"
        aria-disabled=${this.isLoading ? "true" : "false"}
        @click=${() => this.dispatchEvent(new CustomEvent(name, { bubbles: true }))}
      >
        ${label}
      </button>`;
    return html`<p class="trace-missing" aria-busy=${this.isLoading ? "true" : "false"}>
      <span>${said(formatNumber(loaded), formatNumber(this.count))}</span>
      <span class="trace-missing-actions">${button("older", traceWords.loadOlder)}${button("all", traceWords.loadAll)}</span>
    </p>`;
  }
}

/** What of it is heard first. */
function beginOf({ spans, from }: Step): number {
  return spans[0]?.from ?? from;
}

function turnIdOf(step: Step | undefined): string | undefined {
  const event = step?.events[0];
  return event?.type === "turn-started" ? event.turnId : undefined;
}

/** What a call waited for comes right after it. */
function partsOf(steps: readonly Step[], at: number): readonly Step[] {
  const rest = steps.slice(at + 1);
  const { depth: own = 0 } = steps[at] ?? {};
  const end = rest.findIndex(({ depth }) => depth <= own);
  return end === -1 ? rest : rest.slice(0, end);
}

/** The page view that was last heard of before a step: what its requests are sent with. */
function sessionOf(steps: readonly Step[], at: number): string | undefined {
  for (let index = at; index >= 0; index -= 1) {
    const event = steps[index]?.events[0];
    if (event?.type === "message-received" && event.sessionId !== undefined) return event.sessionId;
  }
  return undefined;
}

function tokensOf(events: readonly JournalEvent[]): { readonly input: number; readonly output: number } {
  let [input, output] = [0, 0];
  for (const event of events)
    if (isPaid(event) && event.usage !== undefined) {
      input += event.usage.inputTokens ?? 0;
      output += event.usage.outputTokens ?? 0;
    }
  return { input, output };
}
