/** Controls but for tab and line feed, what turns the direction of writing, and what has no width: a text with these reads other than it is. */
const UNSEEN = /(?![\t\n])[\p{Cc}\u200B\u2028-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;

/** A text that somebody is asked to agree to: what cannot be seen in it is spelled out. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}⟩`);
}
