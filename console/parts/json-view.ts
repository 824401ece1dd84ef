import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { VirtualizerController } from "@tanstack/lit-virtual";
import { formatNumber } from "../foundation/format.ts";
import { PageElement } from "../foundation/page-element.ts";
import { icon } from "./icon.ts";
import { bytesIn } from "./json-bytes.ts";
import { beginsOpen, type JsonLine, jsonLines, type JsonParent, sameJson } from "./json-lines.ts";
import { type JsonMatch, MOST_MATCHES, searchJson } from "./json-search.ts";
import { jsonWords } from "./json-words.ts";
import { copyText } from "./toasts.ts";

/** More lines scroll in a place of their own, and only those in view are drawn. */
const DRAWN_WHOLE = 200;
const LINE = 24;
const OVERSCAN = 15;
const CUT_TEXT = 2_000;
/** So much more of a long text comes with each press: a million characters at once take the browser a second. */
const MORE_TEXT = 50_000;
/** A value with fewer lines is searched by eye. */
const SEARCHED_FROM = 12;

/** A JSON value as a flat list of its lines: of any size, folded, searched and copied. */
@customElement("desk-json")
export class DeskJson extends PageElement {
  @property({ attribute: false }) value: unknown;
  @property() label = "JSON";
  @state() private words = "";
  @state() private found: readonly JsonMatch[] = [];
  @state() private isSearching = false;
  #at = 0;
  #root: { readonly "": unknown } = { "": undefined };
  #lines: readonly JsonLine[] = [];
  /** Opened or closed against how they begin. */
  #turned = new Set<JsonParent>();
  /** How much of a text is shown, by what it is in. */
  #shown = new Map<JsonParent, Map<string, number>>();
  #search = 0;
  readonly #virtual = new VirtualizerController<Element, Element>(this, {
    count: 0,
    getScrollElement: () => this.querySelector(".json-scroll"),
    estimateSize: () => LINE,
    overscan: OVERSCAN,
  });

  override willUpdate(changed: PropertyValues<this>): void {
    // The same again, such as with news that came beside it: what was opened stays open.
    if (changed.has("value") && !sameJson(this.#root[""], this.value)) {
      this.#root = { "": this.value };
      this.#turned = new Set();
      this.#shown = new Map();
      this.#line();
      if (this.words !== "") void this.#find();
    }
  }

  /** Once they are in the page: before that, a line has no height. */
  override updated(): void {
    const virtualizer = this.#virtual.getVirtualizer();
    for (const line of this.querySelectorAll(".json-whole > .json-line")) virtualizer.measureElement(line);
  }

  /** What is in sight has changed. */
  #line(): void {
    this.#lines = jsonLines(this.#root, (value, depth) => this.#isOpen(value, depth));
    const virtualizer = this.#virtual.getVirtualizer();
    const isLong = this.#lines.length > DRAWN_WHOLE;
    virtualizer.setOptions({ ...virtualizer.options, count: isLong ? this.#lines.length : 0 });
    this.requestUpdate();
  }

  override render() {
    const isLong = this.#lines.length > DRAWN_WHOLE;
    return html`<div class="json" role="group" aria-label=${this.label}>
      <div class="json-bar">
        ${this.#lines.length >= SEARCHED_FROM || this.words !== "" ? this.#searchField() : nothing}
        <button type="button" class="quiet icon-only" aria-label=${jsonWords.copy(this.label)} @click=${() => void this.#copy()}>
          ${icon("copy")}
        </button>
      </div>
      ${isLong ? this.#window() : this.#lines.map((line, index) => html`<div class="json-line" data-index=${index}>${this.#content(line)}</div>`)}
    </div>`;
  }

  #window(): TemplateResult {
    const virtualizer = this.#virtual.getVirtualizer();
    return html`<div
      class="json-scroll"
      tabindex="0"
      role="region"
      aria-label=${jsonWords.lines(this.label, formatNumber(this.#lines.length))}
    >
      <div class="json-whole" .style=${`height: ${virtualizer.getTotalSize()}px`}>
        ${repeat(
          virtualizer.getVirtualItems(),
          ({ key }) => key,
          ({ index, start }) =>
            html`<div class="json-line" data-index=${index} .style=${`transform: translateY(${start}px)`}>
              ${this.#lines[index] === undefined ? nothing : this.#content(this.#lines[index])}
            </div>`,
        )}
      </div>
    </div>`;
  }

  #content({ depth, key, value, parent, entries }: JsonLine): TemplateResult {
    const name = parent === this.#root ? nothing : html`<span class="json-key">${key}</span>: `;
    const isFound = this.#current?.parent === parent && this.#current.key === key;
    const place = `padding-inline-start: ${Math.min(depth, 24) * 16}px`;
    const content =
      entries === undefined ? html`${name}${this.#leaf(key, value, parent)}` : this.#fold(name, value as JsonParent, depth, entries);
    return html`<div class="json-place" data-found=${isFound ? "" : nothing} .style=${place}>${content}</div>`;
  }

  #fold(name: unknown, value: JsonParent, depth: number, entries: number): TemplateResult {
    const isOpen = this.#isOpen(value, depth);
    const kind = Array.isArray(value) ? `[${formatNumber(entries)}]` : `{${formatNumber(entries)}}`;
    return html`<button
      type="button"
      class="json-fold"
      aria-expanded=${isOpen ? "true" : "false"}
      ?disabled=${entries === 0}
      @click=${() => this.#turn(value)}
    >
      ${icon(isOpen ? "down" : "right", 12)}${name}<span class="muted">${kind}</span>
    </button>`;
  }

  #leaf(key: string, value: unknown, parent: JsonParent): TemplateResult {
    if (typeof value !== "string") return html`<span class="json-plain">${JSON.stringify(value) ?? String(value)}</span>`;
    const shown = this.#shown.get(parent)?.get(key);
    const found = shown === undefined ? bytesIn(value, parent) : undefined;
    if (found !== undefined) {
      const said = jsonWords.bytes(found.mimeType ?? "base64", formatNumber(found.bytes));
      return html`${found.picture === undefined ? nothing : html`<img class="json-picture" src=${found.picture} alt=${said} />`}
        <span class="muted">${said}</span>
        <button type="button" class="json-more" @click=${() => this.#show(parent, key, CUT_TEXT)}>${jsonWords.asText}</button>`;
    }
    const most = shown ?? CUT_TEXT;
    if (value.length <= most) return html`<span class="json-text">${value}</span>`;
    const next =
      value.length - most <= MORE_TEXT
        ? jsonWords.showAll(formatNumber(value.length))
        : jsonWords.showMore(formatNumber(MORE_TEXT), formatNumber(value.length));
    return html`<span class="json-text">${value.slice(0, most)}</span>
      <button type="button" class="json-more" @click=${() => this.#show(parent, key, most + MORE_TEXT)}>${next}</button>`;
  }

  #show(parent: JsonParent, key: string, most: number): void {
    const shown = this.#shown.get(parent) ?? new Map<string, number>();
    this.#shown.set(parent, shown.set(key, most));
    this.requestUpdate();
  }

  #isOpen(value: JsonParent, depth: number): boolean {
    return beginsOpen(value, depth) !== this.#turned.has(value);
  }

  #turn(value: JsonParent): void {
    if (!this.#turned.delete(value)) this.#turned.add(value);
    this.#line();
  }

  /** All of it, whatever is folded or cut. */
  async #copy(): Promise<void> {
    await copyText(typeof this.value === "string" ? this.value : (JSON.stringify(this.value, undefined, 2) ?? String(this.value)));
  }

  get #current(): JsonMatch | undefined {
    return this.found[this.#at];
  }

  #searchField(): TemplateResult {
    const count = this.found.length;
    const total = count >= MOST_MATCHES ? `${formatNumber(count)}+` : formatNumber(count);
    return html`<input
        type="text"
        class="json-search"
        placeholder=${jsonWords.search}
        aria-label=${jsonWords.searchIn(this.label)}
        autocomplete="off"
        spellcheck="false"
        .value=${this.words}
        @input=${(event: Event) => this.#typed((event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => this.#pressed(event)}
      />
      <span class="muted json-count" role="status"
        >${this.words === "" ? "" : count > 0 ? jsonWords.found(formatNumber(this.#at + 1), total) : this.isSearching ? jsonWords.searching : jsonWords.none}</span
      >`;
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.words !== "") {
      event.preventDefault();
      event.stopPropagation();
      this.#typed("");
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#go(this.#at + (event.shiftKey ? -1 : 1));
    }
  }

  #typed(words: string): void {
    this.words = words;
    void this.#find();
  }

  /** In slices, between which the page does what else there is to do. */
  async #find(): Promise<void> {
    const search = ++this.#search;
    this.found = [];
    this.#at = 0;
    if (this.words === "") return;
    this.isSearching = true;
    const steps = searchJson(this.#root, this.words);
    for (let step = steps.next(); ; step = steps.next()) {
      const isFirst = this.found.length === 0 && step.value.length > 0;
      this.found = [...step.value];
      if (isFirst) this.#go(0);
      if (step.done === true) break;
      await new Promise((resolve) => setTimeout(resolve));
      if (search !== this.#search) return;
    }
    this.isSearching = false;
  }

  /** Opens what the match is in, and brings it in sight. */
  #go(to: number): void {
    const count = this.found.length;
    if (count === 0) return;
    this.#at = (to + count) % count;
    const { inside, parent, key } = this.found[this.#at]!;
    for (const [depth, value] of inside.entries()) if (!this.#isOpen(value, depth)) this.#turn(value);
    this.#line();
    const index = this.#lines.findIndex((line) => line.parent === parent && line.key === key);
    void this.updateComplete.then(() => {
      if (this.#lines.length > DRAWN_WHOLE) this.#virtual.getVirtualizer().scrollToIndex(index, { align: "center" });
      else this.querySelector(`.json-line[data-index="${index}"]`)?.scrollIntoView({ block: "nearest" });
    });
  }
}
