/** What the tests' page has of the renderer, as the global `markdown`. */
import * as markdownElements from "../../../widget/elements/markdown/markdown-elements.ts";
import { MarkdownView } from "../../../widget/elements/markdown/markdown-view.ts";
import { markdownStyles } from "../../../widget/elements/markdown/markdown.styles.ts";
import type { MarkdownSettings } from "../../../widget/elements/markdown/markdown-settings.ts";
import { renderMarkdown } from "./render-markdown.ts";

export { canonical, canonicalHtml } from "./canonical.ts";
export { MarkdownView, renderMarkdown };

export const options: MarkdownSettings = {
  elements: markdownElements,
  words: {
    copy: "Copy",
    copied: "Copied",
    code: "Code",
    table: "Table",
    showImage: (host) => `Show image from ${host}`,
  },
};

/** Puts the styles on the page as the widget does: no style element, so that a strict policy allows it. */
export function applyStyles(): void {
  const { styleSheet } = markdownStyles;
  if (styleSheet) document.adoptedStyleSheets = [styleSheet];
}

/** An empty element in the page to draw under. */
export function newRoot(): HTMLElement {
  const root = document.createElement("div");
  document.body.append(root);
  return root;
}

/** Draws a whole text and returns its element. */
export function draw(text: string): HTMLElement {
  const root = newRoot();
  renderMarkdown(root, text, options);
  return root;
}

/** Streams pieces with one frame after each, turned by hand so that a test need not wait for it, and ends. */
export function stream(pieces: readonly string[], drawn: (root: HTMLElement) => void = () => {}): HTMLElement {
  const root = newRoot();
  const view = new MarkdownView(root, options);
  const real = globalThis.requestAnimationFrame;
  let frame: FrameRequestCallback | undefined;
  globalThis.requestAnimationFrame = (callback) => {
    frame = callback;
    return 1;
  };
  try {
    for (const piece of pieces) {
      view.write(piece);
      const due = frame;
      frame = undefined;
      due?.(performance.now());
      drawn(root);
    }
  } finally {
    globalThis.requestAnimationFrame = real;
  }
  view.end();
  return root;
}

/** What a reader sees after each of the pieces, and at the end. */
export function watch(pieces: readonly string[]): string[] {
  const seen: string[] = [];
  const root = stream(pieces, ({ textContent }) => seen.push(textContent));
  return [...seen, root.textContent];
}

/**
 * The drawn blocks as text, adjacent text joined and without the parts they stand in: how a test compares two drawings.
 */
export function outline(root: HTMLElement): string {
  const copy = root.cloneNode(true) as HTMLElement;
  for (const part of copy.querySelectorAll(".fd-part")) part.replaceWith(...part.childNodes);
  copy.normalize();
  return copy.innerHTML;
}
