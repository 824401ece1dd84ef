import { BlockDrawing } from "./block-drawing.ts";
import type { MarkdownSettings } from "./markdown-settings.ts";
import { BlockParser } from "./parser/block-parser.ts";
import type { References } from "./parser/references.ts";

/** Draws Markdown under an element as it is written, at once. */
export interface MarkdownWriter {
  /** Draws what this text adds. A character must not be split over two calls. */
  write(text: string): void;
  /** Draws what was waiting for more, and closes everything. Nothing may be written afterwards. */
  end(): void;
}

/** What is drawn in the end is the same however the text was cut. `root` is empty. */
export function createMarkdownWriter(root: HTMLElement, settings: MarkdownSettings): MarkdownWriter {
  const references: References = new Map();
  const parser = new BlockParser(references);
  const drawing = new BlockDrawing(root, settings, references);
  return {
    write(text) {
      parser.write(text);
      drawing.draw(parser.root);
    },
    end() {
      parser.end();
      drawing.draw(parser.root);
    },
  };
}
