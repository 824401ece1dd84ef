/** A text as it is compared, with the place of each of its characters in the text that people read. */
export interface FoldedText {
  readonly text: string;
  /** For each UTF-16 unit of `text`: where the character began that it was made of; one more for the end. */
  readonly places: readonly number[];
}

/** Written without spaces between words, so each character is one: Chinese, Japanese, Korean, Thai and their like. */
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const SPACE = /^[\s\p{C}\p{Z}]$/u;
/** Accents and the vowel signs of Arabic. Marks of other scripts make another letter. */
const MARK = /[\u0300-\u036f\u064b-\u065f]/gu;

/**
 * Small letters without accents, one space wherever there are any, and one round each character of scripts without
 * spaces: an index of words then finds two Chinese characters as two words beside each other. `original` is in NFC.
 */
export function folded(original: string): FoldedText {
  let text = "";
  const places: number[] = [];
  const add = (piece: string, at: number): void => {
    text += piece;
    for (let unit = 0; unit < piece.length; unit += 1) places.push(at);
  };
  const space = (at: number): void => {
    if (text !== "" && !text.endsWith(" ")) add(" ", at);
  };
  let at = 0;
  for (const character of original) {
    const alone = WITHOUT_SPACES.test(character);
    if (alone || SPACE.test(character)) space(at);
    if (!SPACE.test(character)) add(foldedCharacter(character), at);
    at += character.length;
    if (alone) space(at);
  }
  return { text, places: [...places, original.length] };
}

/** A text alone, where nobody asks for places. */
export function foldedText(original: string): string {
  return folded(original.normalize("NFC")).text.trim();
}

const SPECIAL: Readonly<Record<string, string>> = { ß: "ss", ø: "o", đ: "d", ł: "l", æ: "ae", œ: "oe", ı: "i" };
const known = new Map<string, string>();

function foldedCharacter(character: string): string {
  const before = known.get(character);
  if (before !== undefined) return before;
  const small = character.normalize("NFKD").replaceAll(MARK, "").toLowerCase().replaceAll(MARK, "");
  const made = (SPECIAL[small] ?? small).normalize("NFC");
  // What is written in one language has few characters; a hostile text has all of them.
  if (known.size < 5_000) known.set(character, made);
  return made;
}
