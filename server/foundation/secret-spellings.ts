/** The forms in which a secret appears in a text: as it is, inside a URL and inside JSON. */
function spellings(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)];
}

/**
 * Every spelling of every secret once, the longest first. Secrets shorter than `shortest` characters are left out,
 * because masking them would hide ordinary words.
 */
export function secretSpellings(secrets: readonly string[], shortest: number): readonly string[] {
  return [...new Set(secrets.flatMap(spellings))].filter((one) => one.length >= shortest).toSorted((a, b) => b.length - a.length);
}

/** `Bearer …` as a header has it: the word is no secret, and a server that echoes the header may leave it out. */
export function withoutScheme(header: string): readonly string[] {
  return [header, header.replace(/^\w+\s+/, "")];
}

/** Replaces each of `values` in the text with `mark`. */
export function blotted(text: string, values: readonly string[], mark: string): string {
  let clean = text;
  for (const value of values) clean = clean.replaceAll(value, mark);
  return clean;
}
