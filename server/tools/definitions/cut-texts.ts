import { DESCRIPTION_CHARACTERS, type ListedTool } from "./tool-definition.ts";
import { EXPLAINING, EXPLANATION_CHARACTERS, NAMING } from "./visible-schema.ts";

/** A text of a definition that is too long for the model, which reads its beginning only. */
export interface CutText {
  /** JSON pointer into the definition. */
  readonly path: string;
  /** How long the server made it. */
  readonly characters: number;
  /** How much of it the model reads, at most. */
  readonly readCharacters: number;
}

const MOST_TEXTS = 50;

/** What of a tool's definition the model does not read to its end. The caller has limited the depth. */
export function cutTexts({ description = "", inputSchema }: Pick<ListedTool, "description" | "inputSchema">): readonly CutText[] {
  const found: CutText[] = [];
  const look = (text: string, path: string, readCharacters: number): void => {
    if (text.length > readCharacters && found.length < MOST_TEXTS) found.push({ path, characters: text.length, readCharacters });
  };
  const walk = (value: unknown, path: string, names: boolean): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const below = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (!names && typeof inner === "string" && EXPLAINING.has(key)) look(inner, below, EXPLANATION_CHARACTERS);
      else walk(inner, below, !names && NAMING.has(key));
    }
  };
  look(description, "/description", DESCRIPTION_CHARACTERS);
  walk(inputSchema, "/inputSchema", false);
  return found;
}
