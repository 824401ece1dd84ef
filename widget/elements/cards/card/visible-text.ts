/**
 * Controls other than tab and line feed, marks that change the writing direction, and characters without width: they
 * make a text look different from what it is.
 */
const UNSEEN =
  /(?![\t\n])(?:\u034F|[\u17B4\u17B5]|[\p{Cc}\u00AD\u061C\u115F\u1160\u180B-\u180F\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u2800\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}])/gu;

/** A text that somebody is asked to agree to, with its invisible characters spelled out. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}⟩`);
}
