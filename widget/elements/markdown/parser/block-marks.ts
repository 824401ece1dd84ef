/** The marks that begin blocks, at the beginning of what is left of a line. */

export const HEADING = /^(#{1,6})(?:[ \t]+|$)/;
export const UNDERLINE = /^(?:=+|-+)[ \t]*$/;
export const RULE = /^([-*_])[ \t]*(?:\1[ \t]*){2,}$/;
export const FENCE = /^(?:(`{3,})([^`]*)|(~{3,}(?!~))([^]*))$/;
export const LIST_MARK = /^(?:([-+*])|(\d{1,9})([.)]))(?=[ \t]|$)/;

/**
 * What a line that is not whole yet may begin with, and still become anything. It is not drawn: so no mark is seen that
 * the next letter makes a list, a heading, a rule or a table.
 */
export const UNDECIDED = /^(?:[-*_+=|:\s]*|#{1,6}\s*|\d{1,9}[.)]?\s*|`{1,2}|`{3,}[^`]*|~{1,2}|~{3,}[^]*)$/;

/** A heading may end as it began, behind a blank. */
export function withoutClosingMarks(text: string): string {
  let end = text.length;
  while (text[end - 1] === "#") end -= 1;
  return end === 0 || /[ \t]/.test(text.charAt(end - 1)) ? text.slice(0, end).trimEnd() : text;
}

/** An item may follow a paragraph without a blank line if it has a text, and is the first. */
export function mayInterrupt([whole, bullet, number]: RegExpExecArray, rest: string): boolean {
  return /\S/.test(rest.slice(whole.length)) && (bullet !== undefined || Number(number) === 1);
}
