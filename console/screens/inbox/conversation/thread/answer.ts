import { MarkdownView } from "../../../../../widget/elements/markdown/markdown-view.ts";
import * as markdownElements from "../../../../../widget/elements/markdown/markdown-elements.ts";
import type { Inline } from "../../../../../widget/elements/markdown/parser/inline.ts";
import { markdownStyles } from "../../../../../widget/elements/markdown/markdown.styles.ts";
import { threadWords } from "./thread-words.ts";

/**
 * An assistant's Markdown as the widget draws it, without what would ask anybody for anything: a picture is named, and
 * only whole addresses are links, since the others belong to the customer's page.
 */
const elements: typeof markdownElements = {
  ...markdownElements,
  drawLink: (link, written, title) => {
    if (/^(?:https?:|mailto:|tel:)/i.test(written.trim())) markdownElements.drawLink(link, written, title);
  },
  drawImage: (place: HTMLElement, { address, text }: Inline) => {
    place.append(threadWords.picture(text || address));
  },
};

const { copy, copied, code, table } = threadWords.markdown;
const settings = { words: { copy, copied, code, table, showImage: threadWords.picture }, elements };

/** A text that grows is written on at its end: what is drawn stays, and with it what somebody selected. */
export class DeskAnswer extends HTMLElement {
  #view: MarkdownView | undefined;
  #text = "";
  #isOpen = true;

  set answer({ text, isOpen }: { readonly text: string; readonly isOpen: boolean }) {
    const grows = this.#view !== undefined && this.#isOpen && text.startsWith(this.#text);
    if (!grows && this.#view !== undefined && text === this.#text) return;
    if (!grows) {
      this.replaceChildren();
      this.#view = new MarkdownView(this, settings);
    }
    this.#view?.write(grows ? text.slice(this.#text.length) : text);
    this.#text = text;
    this.#isOpen = isOpen;
    if (!isOpen) this.#view?.end();
  }
}

const { styleSheet } = markdownStyles;
if (styleSheet !== undefined && !document.adoptedStyleSheets.includes(styleSheet)) document.adoptedStyleSheets.push(styleSheet);
customElements.define("desk-answer", DeskAnswer);
