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

export class DeskAnswer extends HTMLElement {
  #text: string | undefined;

  set text(text: string) {
    if (text === this.#text) return;
    this.#text = text;
    this.replaceChildren();
    const view = new MarkdownView(this, settings);
    view.write(text);
    view.end();
  }
}

const { styleSheet } = markdownStyles;
if (styleSheet !== undefined && !document.adoptedStyleSheets.includes(styleSheet)) document.adoptedStyleSheets.push(styleSheet);
customElements.define("desk-answer", DeskAnswer);
