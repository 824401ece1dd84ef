/** So much of what was heard has to be the assistant's own words. */
const ECHO_SHARE = 0.6;

/**
 * Whether what was heard is the assistant's own voice, come back through the microphone: most of its words are among
 * those that were being said.
 */
export function isOwnEcho(heard: string, said: string): boolean {
  const saidWords = new Set(wordsOf(said));
  const heardWords = wordsOf(heard);
  if (heardWords.length === 0) return true;
  return heardWords.filter((word) => saidWords.has(word)).length / heardWords.length >= ECHO_SHARE;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}
