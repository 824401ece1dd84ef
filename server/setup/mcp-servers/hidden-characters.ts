import { hasInvisible } from "../../tools/definitions/plain-text.ts";

/** A text of a tool's definition that contains invisible characters. */
export interface HiddenText {
  /** JSON pointer into the definition. */
  readonly path: string;
  /** Which ones, each once, such as `U+200B`. */
  readonly characters: readonly string[];
  /** The text with `⟨U+200B⟩` in place of each. */
  readonly revealed: string;
}

const MOST_TEXTS = 50;

/** The text with everything in it visible. */
export function revealed(text: string): string {
  if (!hasInvisible(text)) return text;
  return Array.from(text, (character) => (isHidden(character) ? `⟨${codeOf(character)}⟩` : character)).join("");
}

/** All texts of a definition that hide something, including the names of its arguments. */
export function hiddenTexts(definition: unknown): readonly HiddenText[] {
  const found: HiddenText[] = [];
  const look = (text: string, path: string): void => {
    if (!hasInvisible(text) || found.length >= MOST_TEXTS) return;
    const characters = [...new Set(Array.from(text).filter(isHidden).map(codeOf))];
    found.push({ path, characters, revealed: revealed(text) });
  };
  const walk = (value: unknown, path: string): void => {
    if (typeof value === "string") return look(value, path);
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const below = `${path}/${revealed(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
      look(key, below);
      walk(inner, below);
    }
  };
  walk(definition, "");
  return found;
}

function isHidden(character: string): boolean {
  // On some systems it ends a line.
  return character !== "\r" && hasInvisible(character);
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
