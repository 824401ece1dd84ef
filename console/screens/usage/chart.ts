import { html, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import uPlot from "uplot";
import { formatDay, formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";

export interface Series {
  readonly label: string;
  /** One for each time; undefined where there is none. */
  readonly values: readonly (number | undefined)[];
  /** The name of a colour of `tokens.css`. */
  readonly colour: "--accent" | "--bad" | "--muted" | "--warning" | "--good";
  readonly isDashed?: boolean;
}

const HEIGHT = 220;
const FONT = "12px system-ui, sans-serif";

/** Numbers over days as lines. What it shows stands in a table beside it too: a canvas says nothing to those who cannot see it. */
@customElement("desk-chart")
export class DeskChart extends PageElement {
  @property() label = "";
  @property() zone = "UTC";
  /** What a moment is called in the legend. */
  @property() dayLabel = "";
  /** What the numbers are of, at their axis. */
  @property() unit = "";
  /** When each day begins, milliseconds since 1970. */
  @property({ attribute: false }) times: readonly number[] = [];
  @property({ attribute: false }) series: readonly Series[] = [];
  #plot: uPlot | undefined;
  readonly #sized = new ResizeObserver(() => this.#resize());
  /** Its colours are in the canvas, so another theme draws it anew. */
  readonly #themed = new MutationObserver(() => this.#draw());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sized.observe(this);
    this.#themed.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sized.disconnect();
    this.#themed.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  override render() {
    return html`<div class="plot" role="img" aria-label=${this.label}></div>`;
  }

  override updated(_changed: PropertyValues<this>): void {
    this.#draw();
  }

  #resize(): void {
    if (this.#plot !== undefined && this.clientWidth > 0 && this.#plot.width !== this.clientWidth)
      this.#plot.setSize({ width: this.clientWidth, height: HEIGHT });
  }

  /** The newest day of which anything is known. */
  get #newest(): number {
    return this.times.findLastIndex((_time, index) => this.series.some(({ values }) => values[index] !== undefined));
  }

  /** `index` in the legend is the day that is pointed at; null: none is, and it says the newest. */
  #day(index: number | null): string {
    const time = this.times[index ?? this.#newest];
    return time === undefined ? "" : formatDay(time, this.zone);
  }

  #number({ values }: Series, index: number | null): string {
    const value = values[index ?? this.#newest];
    return value === undefined ? (index === null ? "" : "–") : formatNumber(value);
  }

  #draw(): void {
    const place = this.querySelector<HTMLElement>(".plot");
    if (place === null || !this.isConnected) return;
    this.#plot?.destroy();
    const style = getComputedStyle(this);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: FONT };
    this.#plot = new uPlot(
      {
        width: Math.max(200, this.clientWidth),
        height: HEIGHT,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), this.zone),
        cursor: { drag: { x: false, y: false } },
        scales: { y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] } },
        axes: [
          { ...axis, values: (_plot, splits) => splits.map((seconds) => formatDay(seconds * 1000, this.zone)), space: 64, incrs: DAYS },
          {
            ...axis,
            label: this.unit,
            labelFont: FONT,
            labelSize: 20,
            size: 64,
            incrs: WHOLE,
            values: (_plot, splits) => splits.map((value) => formatNumber(value)),
          },
        ],
        series: [
          { label: this.dayLabel, value: (_plot, _seconds, _series, index) => this.#day(index) },
          ...this.series.map((one) => ({
            label: one.label,
            stroke: colour(one.colour),
            width: 2,
            ...(one.isDashed === true ? { dash: [6, 4] } : {}),
            points: { show: this.times.length <= 31 },
            value: (_plot: uPlot, _value: number | null, _series: number, index: number | null) => this.#number(one, index),
          })),
        ],
      },
      [this.times.map((time) => time / 1000), ...this.series.map(({ values }) => values.map((value) => value ?? null))],
      place,
    );
  }
}

/** Nothing that is counted comes in halves. */
const WHOLE = Array.from({ length: 13 }, (_, zeros) => [1, 2, 5].map((digit) => digit * 10 ** zeros)).flat();
const DAY_SECONDS = 86_400;
const DAYS = [1, 2, 7, 14, 30, 60, 90].map((days) => days * DAY_SECONDS);
