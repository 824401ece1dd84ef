/**
 * Controls other than tab and line feed, marks that change the writing direction, and characters without width: they
 * make a text look different from what it is.
 */
const UNSEEN = /(?![\t\n])[\p{Cc}\u200B\u2028-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;

/** A text that somebody is asked to agree to, with its invisible characters spelled out. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}⟩`);
}
