/**
 * Everything that is not seen but may steer a reader: control characters but for tab and line feed, marks that turn the
 * direction of writing, characters of no width, and the tag characters that spell invisible ASCII.
 */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A server's text as the model and people may read it: only what can be seen, and no longer than `characters`, with a
 * note where it was cut.
 */
export function plainText(text: string, characters: number): string {
  const visible = text.replace(/\r\n?/g, "\n").replace(INVISIBLE, "");
  if (visible.length <= characters) return visible;
  const note = ` … (cut: ${visible.length} characters)`;
  return `${visible.slice(0, Math.max(0, characters - note.length)).replace(/[\uD800-\uDBFF]$/, "")}${note}`;
}

/** The same on one line, for names and titles. */
export function plainLine(text: string, characters: number): string {
  return plainText(text.replace(/\s+/g, " ").trim(), characters);
}

/** Whether a text has something in it that cannot be seen. */
export function hasInvisible(text: string): boolean {
  return text.search(INVISIBLE) !== -1;
}
