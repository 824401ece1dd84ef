/** The words of a text as two engines would agree on them: no case, no marks. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Which share of the words of `said` are in `heard`, from 0 to 1. */
export function shareHeard(said: string, heard: string): number {
  const words = wordsOf(said);
  const left = wordsOf(heard);
  const found = words.filter((word) => {
    const at = left.indexOf(word);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
  return words.length === 0 ? 0 : found.length / words.length;
}
