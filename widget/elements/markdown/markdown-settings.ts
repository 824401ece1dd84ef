import type * as MarkdownElements from "./markdown-elements.ts";
import type { MarkdownWords } from "./markdown-words.ts";

/** What a rendering needs to know besides its text. */
export interface MarkdownSettings {
  readonly words: MarkdownWords;
  /** What makes the elements. */
  readonly elements: typeof MarkdownElements;
}
