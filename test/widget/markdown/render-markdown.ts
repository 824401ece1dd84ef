import type { MarkdownSettings } from "../../../widget/elements/markdown/markdown-settings.ts";
import { createMarkdownWriter } from "../../../widget/elements/markdown/markdown-writer.ts";

/** Draws a finished text under `root` at once, as a `MarkdownView` leaves it after streaming. */
export function renderMarkdown(root: HTMLElement, text: string, settings: MarkdownSettings): void {
  const writer = createMarkdownWriter(root, settings);
  root.classList.add("fd-markdown");
  writer.write(text);
  writer.end();
}
