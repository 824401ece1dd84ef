import type { SpeechCut } from "../../thread/state.ts";

/** How many of the last words that were heard a mark names. */
const LAST_WORDS = 5;

/**
 * Of a text that was said, how much of it as it was written was heard: in UTF-16 code units from its beginning. Written
 * again after it was cut, by another attempt, it may be another text.
 */
export function heardLength(written: string, { text, unheard }: SpeechCut): number {
  if (text !== "" && written.startsWith(text)) return text.length;
  const rest = unheard.trim();
  if (rest !== "" && written.trimEnd().endsWith(rest)) return written.trimEnd().length - rest.length;
  const heard = text.trim();
  const from = heard === "" ? -1 : written.lastIndexOf(heard);
  return from < 0 ? 0 : from + heard.length;
}

/** The last words of what was heard, as they are read; undefined if nothing was. */
export function lastWords(heard: string): string | undefined {
  const words = shown(heard).split(/\s+/).filter(Boolean);
  return words.length === 0
    ? undefined
    : words
        .slice(-LAST_WORDS)
        .join(" ")
        .replace(/[\s.,;:]+$/u, "");
}

/** How many letters and digits of a Markdown text are drawn. */
export function drawnLetters(source: string): number {
  return letters(shown(source));
}

/** What is behind so many letters and digits of an element's text. Empty if there are no more. */
export function behindLetters(element: Element, count: number): Range | undefined {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, isRead);
  let left = count;
  while (texts.nextNode()) {
    const node = texts.currentNode as Text;
    const here = letters(node.data);
    if (here <= left) {
      left -= here;
      continue;
    }
    const range = document.createRange();
    range.setStart(node, afterLetters(node.data, left));
    range.setEndAfter(element.lastChild!);
    return range;
  }
  return undefined;
}

const LETTER = /[\p{L}\p{N}]/gu;

function letters(text: string): number {
  return text.match(LETTER)?.length ?? 0;
}

function afterLetters(text: string, count: number): number {
  if (count === 0) return 0;
  let end = 0;
  let seen = 0;
  for (const { 0: letter, index } of text.matchAll(LETTER)) {
    end = index + letter.length;
    if (++seen === count) break;
  }
  // The full stop belongs to the word before it.
  return end + (/^[^\s\p{L}\p{N}]*/u.exec(text.slice(end))?.[0].length ?? 0);
}

/** A Markdown text without what is not drawn of it: where links lead, numbers of lists, names of languages. */
function shown(source: string): string {
  return source
    .replace(/\]\([^)]*(?:\)|$)/g, "]")
    .replace(/^[ \t]*(?:`{3,}|~{3,}).*$/gm, "")
    .replace(/^[ \t]*(?:\d+[.)]|[-*+])[ \t]+(?:\[[ xX]\][ \t])?/gm, "")
    .replace(/[*_`~#>|[\]\\]/g, "");
}

/** Buttons and their like are no part of the text. */
function isRead(node: Node): number {
  return node.parentElement?.closest("button, .fd-code-bar, .unseen") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
}
