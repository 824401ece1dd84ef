import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { WindowVirtualizerController } from "@tanstack/lit-virtual";
import { PageElement } from "../foundation/page-element.ts";
import { formatNumber } from "../foundation/format.ts";
import { partWords } from "./part-words.ts";

export interface Column<Row> {
  readonly label: string;
  /** Only heard: the cells of the column say by themselves what they are. */
  readonly isLabelHidden?: boolean;
  /** Such as `120px`, or `minmax(120px, 2fr)`. */
  readonly width: string;
  /** Left out where there is no room for it; the last one first. */
  readonly isSecondary?: boolean;
  readonly isNumeric?: boolean;
  readonly cell: (row: Row) => unknown;
}

/** The height of a row, in CSS pixels; all are alike, so that any place of a long list is known at once. */
const ROW = 44;
const OVERSCAN = 15;
/** Between columns, and at both ends of a row: as in the style sheet. */
const [GAP, ENDS] = [12, 34];

/**
 * A list in rows and columns, of any length: only what is in view is drawn. A row leads to its `href`; the arrow keys,
 * Home and End move between rows.
 */
@customElement("desk-table")
export class DeskTable<Row = unknown> extends PageElement {
  @property() label = "";
  @property({ attribute: false }) columns: readonly Column<Row>[] = [];
  @property({ attribute: false }) rows: readonly Row[] = [];
  @property({ attribute: false }) rowKey: (row: Row) => string = String;
  @property({ attribute: false }) href: ((row: Row) => string) | undefined;
  /** What the row's link is called. */
  @property({ attribute: false }) rowName: ((row: Row) => string) | undefined;
  @property({ type: Boolean }) hasMore = false;
  #focused = 0;
  #width = 0;
  #shown: readonly Column<Row>[] = [];
  readonly #resized = new ResizeObserver(() => {
    if (this.clientWidth !== this.#width) this.requestUpdate();
  });
  readonly #virtual = new WindowVirtualizerController<Element>(this, { count: 0, estimateSize: () => ROW, overscan: OVERSCAN });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  /** Those that there is room for; where even the others need more than there is, they share it. */
  #fitting(): readonly Column<Row>[] {
    let shown = this.columns;
    while (leastWidth(shown) > this.#width) {
      const dropped = shown.findLast(({ isSecondary = false }) => isSecondary);
      if (dropped === undefined) return shown.map((column) => ({ ...column, width: column.width.replace(/minmax\(\d+px/, "minmax(0") }));
      shown = shown.filter((column) => column !== dropped);
    }
    return shown;
  }

  override willUpdate(changed: PropertyValues): void {
    this.#width = this.clientWidth;
    this.#shown = this.#fitting();
    if (changed.has("rows")) this.#focused = Math.min(this.#focused, Math.max(0, this.rows.length - 1));
    const virtualizer = this.#virtual.getVirtualizer();
    virtualizer.setOptions({
      ...virtualizer.options,
      count: this.rows.length,
      scrollMargin: this.offsetTop,
      getItemKey: (index) => this.rowKey(this.rows[index]!),
      // The row that has the focus stays drawn, so that the focus is not lost when it is scrolled out of view.
      rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
        const from = Math.max(0, startIndex - overscan);
        const to = Math.min(count - 1, endIndex + overscan);
        const seen = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
        if (this.#focused < from && this.#focused < count) return [this.#focused, ...seen];
        return this.#focused > to && this.#focused < count ? [...seen, this.#focused] : seen;
      },
    });
  }

  override updated(): void {
    const last = this.#virtual.getVirtualizer().getVirtualItems().at(-1);
    if (this.hasMore && last !== undefined && last.index >= this.rows.length - OVERSCAN) this.dispatchEvent(new CustomEvent("more"));
  }

  override render() {
    const virtualizer = this.#virtual.getVirtualizer();
    const grid = `grid-template-columns: ${this.#shown.map(({ width }) => width).join(" ")}`;
    const count = this.hasMore ? -1 : this.rows.length + 1;
    return html`<div
        class="table"
        role="grid"
        aria-label=${this.label}
        aria-rowcount=${count}
        @keydown=${(event: KeyboardEvent) => this.#moved(event)}
      >
        <div class="table-head" role="row" aria-rowindex="1" .style=${grid}>
          ${this.#shown.map(
            (column) =>
              html`<span role="columnheader" class=${classesOf(column)}
                ><span class=${column.isLabelHidden === true ? "visually-hidden" : nothing}>${column.label}</span></span
              >`,
          )}
        </div>
        <div class="table-body" role="rowgroup" .style=${`height: ${virtualizer.getTotalSize()}px`}>
          ${repeat(
            virtualizer.getVirtualItems(),
            ({ key }) => key,
            ({ index, start }) => this.#row(index, start - virtualizer.options.scrollMargin, grid),
          )}
        </div>
      </div>
      <p class="table-foot muted">
        ${partWords.shown(formatNumber(this.rows.length))}${this.hasMore ? html` · ${partWords.more}` : nothing}
      </p>`;
  }

  #row(index: number, top: number, grid: string): TemplateResult {
    const row = this.rows[index]!;
    const place = `transform: translateY(${top}px)`;
    const href = this.href?.(row);
    return html`<div class="table-place" .style=${place} role="presentation">
      <div class="table-row" role="row" aria-rowindex=${index + 2} data-index=${index} .style=${grid}>
        ${this.#shown.map((column, at) => {
          const content = column.cell(row);
          const isLink = at === 0 && href !== undefined;
          return html`<span role="gridcell" class=${classesOf(column)}
            >${
              isLink
                ? html`<a
                    class="row-link"
                    href=${href}
                    tabindex=${index === this.#focused ? 0 : -1}
                    aria-label=${this.rowName?.(row) ?? nothing}
                    @focus=${() => this.#focus(index)}
                    >${content}</a
                  >`
                : content
            }</span
          >`;
        })}
      </div>
    </div>`;
  }

  #focus(index: number): void {
    if (this.#focused === index) return;
    this.#focused = index;
    this.requestUpdate();
  }

  #moved(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (!target.classList.contains("row-link")) return;
    const last = this.rows.length - 1;
    const to = { ArrowDown: this.#focused + 1, ArrowUp: this.#focused - 1, j: this.#focused + 1, k: this.#focused - 1, Home: 0, End: last }[
      event.key
    ];
    if (to === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    this.#focused = Math.max(0, Math.min(last, to));
    this.#virtual.getVirtualizer().scrollToIndex(this.#focused, { align: "auto" });
    this.requestUpdate();
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>(`[data-index="${this.#focused}"] .row-link`)?.focus({ preventScroll: true }),
    );
  }
}

/** What the columns need. */
function leastWidth<Row>(columns: readonly Column<Row>[]): number {
  const least = columns.reduce((sum, { width }) => sum + Number(/(\d+)px/.exec(width)?.[1] ?? 0), 0);
  return least + GAP * (columns.length - 1) + ENDS;
}

function classesOf<Row>({ isNumeric = false }: Column<Row>): string {
  return isNumeric ? "numeric" : "";
}
