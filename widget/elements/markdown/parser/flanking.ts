const BLANK = /^\s?$/;
const CJK = /[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffee\u{20000}-\u{3ffff}]/u;
const PUNCTUATION = /[\p{P}\p{S}]/u;

/** What a run of `*`, `_` or `~` may do, by the characters beside it. */
export interface Flanks {
  readonly opens: boolean;
  readonly closes: boolean;
}

/**
 * CommonMark 6.2, but that Chinese, Japanese and Korean characters beside a run stand for the blanks that their writing
 * does not have. One `~` within a word is no mark, as one `_` is none.
 */
export function flanksOf(text: string, from: number, to: number): Flanks {
  const before = characterBefore(text, from);
  const after = String.fromCodePoint(text.codePointAt(to) ?? 32);
  const blankBefore = BLANK.test(before);
  const blankAfter = BLANK.test(after);
  const edgeBefore = blankBefore || PUNCTUATION.test(before);
  const edgeAfter = blankAfter || PUNCTUATION.test(after);
  const left = !blankAfter && (!edgeAfter || edgeBefore || CJK.test(before) || CJK.test(after));
  const right = !blankBefore && (!edgeBefore || edgeAfter || CJK.test(after) || CJK.test(before));
  if (text[from] === "*" || (text[from] === "~" && to - from > 1)) return { opens: left, closes: right };
  return { opens: left && (!right || edgeBefore), closes: right && (!left || edgeAfter) };
}

function characterBefore(text: string, at: number): string {
  const unit = text.charAt(at - 1);
  return /[\udc00-\udfff]/.test(unit) ? text.slice(at - 2, at) : unit;
}
