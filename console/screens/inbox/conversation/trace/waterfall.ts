import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { FixedRows } from "../../../../parts/fixed-rows.ts";
import { formatDuration } from "../../../../foundation/format.ts";
import { PageElement } from "../../../../foundation/page-element.ts";
import { type Axis, axisOf, type Tick } from "./axis.ts";
import type { Step } from "./step.ts";
import { traceWords } from "./trace-words.ts";
import { placed, waterfallRow } from "./waterfall-row.ts";

/** Of every row, in CSS pixels. */
const ROW = 32;
/** While something is under way, its bar grows. */
const GROWS_EVERY_MS = 500;
/** What the words of a tick take, in CSS pixels. */
const TICK = 60;
/** Labels of breaks would stand on each other. */
const MOST_LABELS = 6;

/**
 * Steps on a common time axis. The arrow keys, Home and End go through the rows, Enter or a press chooses one
 * (`step-chosen`).
 */
@customElement("desk-waterfall")
export class DeskWaterfall extends PageElement {
  @property({ attribute: false }) steps: readonly Step[] = [];
  /** The turn that the axis is about; absent: all that is loaded. */
  @property({ attribute: false }) axisTurn: string | undefined;
  /** The id of the chosen step. */
  @property({ attribute: false }) chosen: string | undefined;
  /** The moment of a recording that is heard. */
  @property({ attribute: false }) playhead: number | undefined;
  @state() private now = Date.now();
  #axis: Axis = axisOf([], 0);
  #focused: string | undefined;
  /** In CSS pixels. */
  #axisWidth = 0;
  readonly #resized = new ResizeObserver(([entry]) => {
    this.#axisWidth = entry?.contentRect.width ?? 0;
    this.requestUpdate();
  });
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #rows = new FixedRows(this, { height: ROW, head: ROW, scroller: () => this.querySelector(".trace-scroll") });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  override firstUpdated(): void {
    this.#resized.observe(this.querySelector(".trace-axis")!);
  }

  override willUpdate(changed: PropertyValues): void {
    const isGrowing = this.steps.some(({ to }) => to === undefined);
    if (changed.has("steps")) this.now = Date.now();
    if (changed.has("steps") || changed.has("axisTurn") || changed.has("now")) this.#axis = axisOf(this.#onAxis(), this.now);
    if (isGrowing) this.#timer ??= setInterval(() => (this.now = Date.now()), GROWS_EVERY_MS);
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const focused = this.#indexOf(this.#focused ?? this.chosen);
    this.#rows.show(this.steps.length, focused === -1 ? 0 : focused);
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("chosen") && this.chosen !== undefined) this.#rows.reveal(this.#indexOf(this.chosen));
  }

  /** The row has the focus again, such as when its details are closed. */
  async focusStep(id: string): Promise<void> {
    const index = this.#indexOf(id);
    if (index === -1) return;
    this.#focused = id;
    this.#rows.reveal(index);
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
  }

  #onAxis(): readonly Step[] {
    if (this.axisTurn === undefined) return this.steps;
    const steps = this.steps.filter(({ turnId }) => turnId === this.axisTurn);
    return steps.length === 0 ? this.steps : steps;
  }

  #indexOf(id: string | undefined): number {
    return id === undefined ? -1 : this.steps.findIndex((step) => step.id === id);
  }

  override render() {
    const focused = Math.max(0, this.#indexOf(this.#focused ?? this.chosen));
    return html`<div
      class="trace-scroll"
      role="treegrid"
      aria-label=${traceWords.trace}
      aria-rowcount=${this.steps.length + 1}
      @keydown=${(event: KeyboardEvent) => this.#pressed(event)}
      @click=${(event: Event) => this.#clicked(event)}
      @focusin=${(event: Event) => this.#tookFocus(event)}
    >
      ${this.#head()}
      <div class="trace-rows" role="rowgroup" .style=${`height: ${this.steps.length * ROW}px`}>
        ${repeat(
          this.#rows.drawn,
          (index) => this.steps[index]?.id ?? index,
          (index) => this.#row(index, focused),
        )}
      </div>
    </div>`;
  }

  #row(index: number, focused: number): TemplateResult {
    const step = this.steps[index];
    if (step === undefined) return html``;
    const isOnAxis = this.axisTurn === undefined || step.turnId === this.axisTurn;
    const isChosen = step.id === this.chosen;
    return html`<div class="trace-place" role="presentation" .style=${`transform: translateY(${index * ROW}px)`}>
      ${waterfallRow(step, { axis: this.#axis, now: this.now, index, isChosen, isReachable: index === focused, isOnAxis, playhead: this.playhead })}
    </div>`;
  }

  #head(): TemplateResult {
    const { breaks } = this.#axis;
    const ticks = apart(this.#axis.ticks, TICK / Math.max(TICK, this.#axisWidth));
    const { step, duration, time } = traceWords.columns;
    return html`<div class="trace-head" role="row" aria-rowindex="1">
      <span role="columnheader">${step}</span>
      <span role="columnheader" class="trace-duration">${duration}</span>
      <span role="columnheader" class="trace-axis"
        ><span class="visually-hidden">${time}</span>
        ${ticks.map(({ at, elapsedMs }) => html`<i class="trace-tick" aria-hidden="true" .style=${placed(at, at)}><b>${tickText(elapsedMs)}</b></i>`)}
        ${
          breaks.length > MOST_LABELS
            ? nothing
            : breaks.map(({ start, end, from, to }) => {
                const said = traceWords.break(formatDuration(to - from));
                return html`<i class="trace-cut" title=${said} .style=${placed(start, end)}
                  ><span class="visually-hidden">${said}</span></i
                >`;
              })
        }
      </span>
    </div>`;
  }

  #clicked(event: Event): void {
    // A press that ends a selection of text is none.
    if (getSelection()?.isCollapsed === false) return;
    const row = (event.target as Element).closest<HTMLElement>(".trace-row");
    if (row !== null) this.#choose(Number(row.dataset["index"]));
  }

  #tookFocus(event: Event): void {
    const row = (event.target as Element).closest<HTMLElement>(".trace-row");
    const step = row === null ? undefined : this.steps[Number(row.dataset["index"])];
    if (step !== undefined && step.id !== this.#focused) {
      this.#focused = step.id;
      this.requestUpdate();
    }
  }

  #choose(index: number): void {
    const step = this.steps[index];
    if (step === undefined) return;
    this.#focused = step.id;
    this.dispatchEvent(new CustomEvent("step-chosen", { detail: step.id, bubbles: true }));
  }

  #pressed(event: KeyboardEvent): void {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const at = Math.max(0, this.#indexOf(this.#focused ?? this.chosen));
    const last = this.steps.length - 1;
    const page = Math.max(1, this.#rows.inView - 1);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      j: at + 1,
      k: at - 1,
      Home: 0,
      End: last,
      PageDown: at + page,
      PageUp: at - page,
    }[event.key];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#choose(at);
    } else if (to !== undefined) {
      event.preventDefault();
      void this.focusStep(this.steps[Math.max(0, Math.min(last, to))]?.id ?? "");
    }
  }
}

/** So many ticks that their words do not stand on each other, the first in any case. */
function apart(ticks: readonly Tick[], room: number): readonly Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) if (kept.length === 0 || (tick.at - kept.at(-1)!.at >= room && tick.at <= 1 - room)) kept.push(tick);
  return kept;
}

/** "1.5s", "12:30", "2:05:00". */
function tickText(elapsedMs: number): string {
  if (elapsedMs < 60_000) return formatDuration(elapsedMs);
  const seconds = Math.round(elapsedMs / 1_000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor((seconds % 3_600) / 60))}:${two(seconds % 60)}`;
  return hours === 0 ? rest.replace(/^0/, "") : `${hours}:${rest}`;
}
