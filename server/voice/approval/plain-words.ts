/**
 * The words of a text, as they are compared: without case, punctuation, apostrophes and diacritics. Nothing else is
 * passed over.
 */
export function plainWords(text: string): readonly string[] {
  return (
    text
      .normalize("NFKD")
      .replaceAll(/[\p{M}'’‘ʼ`´]/gu, "")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Whether `part` is said in `whole`, its words beside each other and in their order. Nothing is said in everything. */
export function isSaidIn(part: readonly string[], whole: readonly string[]): boolean {
  return whole.some((_word, at) => part.length > 0 && part.every((word, index) => whole[at + index] === word));
}
