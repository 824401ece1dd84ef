import { plainText } from "./entities.ts";

/** What a link or an image leads to. */
export interface Target {
  readonly address: string;
  readonly title: string;
}

/** Longer ones are no addresses. */
export const LONGEST_ADDRESS = 2048;

const IN_ANGLES = /<((?:[^<>\n\\]|\\.){0,2048})>/y;
const TITLE = /"(?:[^"\\]|\\[^]){0,2048}"|'(?:[^'\\]|\\[^]){0,2048}'|\((?:[^()\\]|\\[^]){0,2048}\)/y;
const BLANK = /[ \t]*\n?[ \t]*/y;

/** Where `pattern`, which is sticky, ends at `at`; -1 if it is not there. */
export function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** Behind blanks and at most one line end. */
export function afterBlank(text: string, at: number): number {
  return endOf(BLANK, text, at);
}

/** The end of the address that begins at `at`, which may be empty; -1 if there is none. */
export function addressEnd(text: string, at: number): number {
  if (text[at] === "<") return endOf(IN_ANGLES, text, at);
  let depth = 0;
  let end = at;
  for (; end < text.length && end - at <= LONGEST_ADDRESS; end += 1) {
    const character = text[end] as string;
    if (character <= " " || character === "\u007f") break;
    if (character === "\\" && /[!-/:-@[-`{-~]/.test(text[end + 1] ?? "")) end += 1;
    else if (character === "(") depth += 1;
    else if (character === ")" && (depth -= 1) < 0) break;
  }
  return depth > 0 || end - at > LONGEST_ADDRESS ? -1 : Math.min(end, text.length);
}

/** The end of the title that begins at `at`; -1 if there is none. */
export function titleEnd(text: string, at: number): number {
  return endOf(TITLE, text, at);
}

/** Reads what stands between these places: an address, perhaps between angle brackets, and a title in its quotes. */
export function readTarget(address: string, title: string): Target {
  return {
    address: plainText(address.startsWith("<") ? address.slice(1, -1) : address),
    title: plainText(title.slice(1, -1)),
  };
}
