import type { Block } from "./block.ts";
import { readDefinitions } from "./references.ts";

/** What may become a definition, which shows nothing. */
const MAY_DEFINE = /^\[(?:[^\\[\]]|\\(?:[^]|$)){0,200}(?:$|\](?:$|:\s*(?:$|\S+(?:$|\s+["'(][^\n]*$))))/;

/**
 * The part of a block's source that is shown. While the block is open (`isOpen`), what may turn out to be a definition
 * or the head of a table is not.
 */
export function shownSource({ kind, text, final }: Block, isOpen: boolean): string {
  if (kind !== "p" || final) return text;
  const shown = text.slice(readDefinitions(text));
  if (!isOpen) return shown.trimEnd();
  if (MAY_DEFINE.test(shown)) return "";
  const lastLine = shown.lastIndexOf("\n") + 1;
  return shown[lastLine] === "|" ? shown.slice(0, Math.max(lastLine - 1, 0)) : shown;
}

/** Code without the blank lines at its end, and without its last line end. */
export function withoutBlankEnd(text: string): string {
  const lineEnd = text.indexOf("\n", text.trimEnd().length);
  return lineEnd < 0 ? text : text.slice(0, lineEnd);
}
