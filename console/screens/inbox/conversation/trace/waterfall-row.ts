import { html, nothing, type TemplateResult } from "lit";
import { formatDuration, formatNumber } from "../../../../foundation/format.ts";
import { icon } from "../../../../parts/icon.ts";
import type { Axis } from "./axis.ts";
import { durationOf, type Span, type Step } from "./step.ts";
import { stepAbout, stepIcon, stepKind } from "./step-name.ts";
import { outcomeText, traceWords } from "./trace-words.ts";
import { isOfView } from "./view-steps.ts";
import { voiceTraceWords } from "./voice-trace-words.ts";

/** More of them would be a grey ground. */
const MOST_BREAKS = 24;

interface Shown {
  readonly axis: Axis;
  readonly now: number;
  readonly index: number;
  readonly isChosen: boolean;
  readonly isReachable: boolean;
  /** Whether the axis is about it. */
  readonly isOnAxis: boolean;
  /** The moment of a recording that is heard. */
  readonly playhead: number | undefined;
}

/** The cells of a step: what it is, how long it took, and when. */
export function waterfallRow(step: Step, { axis, now, index, isChosen, isReachable, isOnAxis, playhead }: Shown): TemplateResult {
  const about = stepAbout(step);
  return html`<div
    role="row"
    class="trace-row"
    id="step-${step.id}"
    data-index=${index}
    data-depth=${step.depth}
    data-kind=${step.kind}
    data-failed=${step.isFailed ? "" : nothing}
    aria-rowindex=${index + 2}
    aria-level=${step.depth + 1}
    aria-selected=${isChosen ? "true" : "false"}
    tabindex=${isReachable ? 0 : -1}
  >
    <span role="gridcell" class="trace-name">
      ${icon(stepIcon(step), 14)}<span
        class=${step.kind === "call" && about !== "" && !isOfView(step.events) ? "visually-hidden" : "trace-kind"}
        >${stepKind(step)}</span
      >
      ${about === "" ? nothing : html`<span class="trace-about" title=${about}>${about}</span>`} ${outcomeBadge(step)}
    </span>
    <span role="gridcell" class="trace-duration">${durationText(step, now)}</span>
    <span role="gridcell" class="trace-bars" aria-label=${[tokensText(step), ...markTexts(step)].filter(Boolean).join(", ") || nothing}>
      ${axis.breaks.length > MOST_BREAKS ? nothing : axis.breaks.map(({ start, end }) => html`<i class="trace-break" .style=${placed(start, end)}></i>`)}
      ${isOnAxis ? bars(step, axis, now) : nothing}
      ${playhead === undefined ? nothing : html`<i class="trace-playhead" .style=${placeOf(axis, playhead)}></i>`}
    </span>
  </div>`;
}

/** What went as one expects is not said in each row. */
function outcomeBadge({ outcome, isFailed, kind }: Step): TemplateResult | typeof nothing {
  if (outcome === undefined || outcome === "ok" || (kind === "turn" && !isFailed && outcome === "done")) return nothing;
  return html`<span class="trace-outcome" data-tone=${isFailed ? "bad" : nothing}>${outcomeText(outcome)}</span>`;
}

export function durationText(step: Step, now: number): string {
  if (step.to === undefined) return `${formatDuration(durationOf(step, now))} …`;
  return step.to === step.from ? "" : formatDuration(step.to - step.from);
}

/** What the model read and wrote. */
function tokensText({ events }: Step): string {
  const [event] = events;
  if (event?.type !== "step-ended" || event.usage === undefined) return "";
  const { inputTokens = 0, outputTokens = 0 } = event.usage;
  return traceWords.tokens(formatNumber(inputTokens), formatNumber(outputTokens));
}

/** When the moments of a step were, counted from what they belong to. */
function markTexts({ marks = [], spans, from }: Step): readonly string[] {
  const { "first-token": firstToken, partial, "first-audio": firstAudio, cut } = voiceTraceWords.marks;
  return marks.map(({ at, what }) => {
    if (what === "first-token") return firstToken(formatDuration(at - from));
    if (what === "partial") return partial(formatDuration(at - (spans.find(({ tone }) => tone === "speech")?.to ?? from)));
    return what === "cut" ? cut : firstAudio(formatDuration(from - at));
  });
}

function bars({ spans, from, to, marks = [], isFailed }: Step, axis: Axis, now: number): TemplateResult {
  const shown: readonly Span[] = spans;
  return html`${
    shown.length === 0
      ? html`<i class="trace-point" data-tone=${isFailed ? "failed" : nothing} .style=${placeOf(axis, to ?? from)}></i>`
      : shown.map(
          ({ from: start, to: end, tone }) =>
            html`<i
              class="trace-bar"
              data-tone=${tone}
              data-open=${end === undefined ? "" : nothing}
              .style=${placed(axis.place(start), axis.place(end ?? now))}
            ></i>`,
        )
  }${marks.map(({ at, what }) => html`<i class="trace-mark" data-what=${what} .style=${placeOf(axis, at)}></i>`)}`;
}

function placeOf(axis: Axis, at: number): string {
  return `inset-inline-start: ${percent(axis.place(at))}`;
}

export function placed(start: number, end: number): string {
  return `inset-inline-start: ${percent(start)}; width: ${percent(end - start)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
