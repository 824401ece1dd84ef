import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { PageElement } from "../foundation/page-element.ts";
import { formatNumber } from "../foundation/format.ts";
import { copyText } from "./toasts.ts";
import { icon } from "./icon.ts";
import { partWords } from "./part-words.ts";

interface Line {
  readonly depth: number;
  readonly key: string | undefined;
  readonly value: unknown;
  readonly path: string;
  /** How many entries it has, if it can be opened. */
  readonly entries: number | undefined;
}

const DRAWN_AT_ONCE = 200;
const LONGEST_TEXT = 2_000;
/** Deeper levels begin closed. */
const OPEN_DEPTH = 2;

/** A JSON value as a tree of lines, of which only the open ones are drawn, at most 200 more at a time. */
@customElement("desk-json")
export class DeskJson extends PageElement {
  @property({ attribute: false }) value: unknown;
  @property() label = "JSON";
  #turned = new Set<string>();
  #whole = new Set<string>();
  #drawn = DRAWN_AT_ONCE;

  override render() {
    const lines = this.#lines();
    return html`<div class="json" role="group" aria-label=${this.label}>
      <button
        type="button"
        class="quiet icon-only json-copy"
        aria-label=${partWords.copy}
        @click=${() => void copyText(JSON.stringify(this.value, undefined, 2))}
      >
        ${icon("copy")}
      </button>
      ${lines.slice(0, this.#drawn).map((line) => this.#line(line))}
      ${lines.length > this.#drawn ? html`<button type="button" @click=${() => this.#more()}>${partWords.showAll} (${formatNumber(lines.length)})</button>` : nothing}
    </div>`;
  }

  #more(): void {
    this.#drawn += 10 * DRAWN_AT_ONCE;
    this.requestUpdate();
  }

  #lines(): readonly Line[] {
    const lines: Line[] = [];
    const add = (key: string | undefined, value: unknown, depth: number, path: string): void => {
      const entries = typeof value === "object" && value !== null ? Object.keys(value).length : undefined;
      lines.push({ depth, key, value, path, entries });
      if (entries === undefined || !this.#isOpen(path, depth)) return;
      for (const [name, inner] of Object.entries(value as object)) add(name, inner, depth + 1, `${path}/${name}`);
    };
    add(undefined, this.value, 0, "");
    return lines;
  }

  #isOpen(path: string, depth: number): boolean {
    return depth < OPEN_DEPTH !== this.#turned.has(path);
  }

  #line({ depth, key, value, path, entries }: Line): TemplateResult {
    const name = key === undefined ? nothing : html`<span class="json-key">${key}</span>: `;
    const place = `margin-inline-start: ${depth * 16}px`;
    if (entries === undefined) return html`<div class="json-line" .style=${place}>${name}${this.#leaf(value, path)}</div>`;
    const isOpen = this.#isOpen(path, depth);
    const kind = Array.isArray(value) ? `[${formatNumber(entries)}]` : `{${formatNumber(entries)}}`;
    return html`<div class="json-line" .style=${place}>
      <button
        type="button"
        class="json-fold"
        aria-expanded=${isOpen ? "true" : "false"}
        ?disabled=${entries === 0}
        @click=${() => this.#turn(path)}
      >
        ${icon(isOpen ? "down" : "right", 12)}${name}<span class="muted">${kind}</span>
      </button>
    </div>`;
  }

  #leaf(value: unknown, path: string): TemplateResult {
    if (typeof value !== "string") return html`<span class="json-plain">${JSON.stringify(value)}</span>`;
    const isCut = value.length > LONGEST_TEXT && !this.#whole.has(path);
    return html`<span class="json-text">${isCut ? value.slice(0, LONGEST_TEXT) : value}</span>${
        isCut
          ? html` <button type="button" @click=${() => this.#showWhole(path)}>${partWords.showAll} (${formatNumber(value.length)})</button>`
          : nothing
      }`;
  }

  #showWhole(path: string): void {
    this.#whole.add(path);
    this.requestUpdate();
  }

  #turn(path: string): void {
    if (!this.#turned.delete(path)) this.#turned.add(path);
    this.requestUpdate();
  }
}
