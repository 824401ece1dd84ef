/** Where the formats of models write what was thought in words; beside it are signatures, and what is encrypted. */
const WORDS: ReadonlySet<string> = new Set(["reasoning_content", "reasoning", "thinking", "text", "summary"]);

/** What a model thought, as far as it is words; undefined: it is not. The same words are there once, however often said. */
export function thoughtWords(value: unknown): string | undefined {
  const found = new Set<string>();
  const look = (inner: unknown): void => {
    if (typeof inner !== "object" || inner === null) return;
    for (const [key, said] of Object.entries(inner)) {
      if (typeof said !== "string") look(said);
      else if (WORDS.has(key) && said.trim() !== "") found.add(said.trim());
    }
  };
  look(value);
  return found.size === 0 ? undefined : [...found].join("\n\n");
}
