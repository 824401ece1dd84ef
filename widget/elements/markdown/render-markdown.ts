import type { MarkdownSettings } from "./markdown-words.ts";
import { createMarkdownWriter } from "./markdown-writer.ts";

/** Draws a finished text under `root` at once, as a {@link MarkdownView} leaves it after streaming. */
export function renderMarkdown(root: HTMLElement, text: string, settings: MarkdownSettings): void {
  const writer = createMarkdownWriter(root, settings);
  root.classList.add("fd-markdown");
  writer.write(text);
  writer.end();
}
