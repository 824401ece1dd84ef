import { hasInvisible, plainText } from "./plain-text.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** The longest text that explains one argument. */
export const EXPLANATION_CHARACTERS = 2_048;
/** Keywords of JSON Schema whose texts only explain. */
export const EXPLAINING: ReadonlySet<string> = new Set(["title", "description", "$comment"]);
/** Their values are compared with arguments, so they stay exactly as they are. */
const COMPARED: ReadonlySet<string> = new Set(["const", "enum", "required", "pattern"]);
/** Below these are names that the server chose, not keywords. */
export const NAMING: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);

/**
 * The schema as a model may read it: texts are without what cannot be seen, explanations no longer than a page. What
 * arguments are compared with stays as it was; the same object comes back where there was nothing to do. The caller has
 * limited the depth.
 */
export function visibleSchema(schema: JsonObject): JsonObject {
  return visible(schema, false) as JsonObject;
}

function visible(value: unknown, names: boolean): unknown {
  if (typeof value === "string") return hasInvisible(value) ? plainText(value, value.length) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => visible(item, false));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let changed = false;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    const clean = names ? visible(inner, false) : visibleAt(key, inner);
    changed ||= clean !== inner;
    return [key, clean];
  });
  return changed ? Object.fromEntries(entries) : value;
}

function visibleAt(keyword: string, value: unknown): unknown {
  if (COMPARED.has(keyword)) return value;
  if (typeof value === "string" && EXPLAINING.has(keyword)) return plainText(value, EXPLANATION_CHARACTERS);
  return visible(value, NAMING.has(keyword));
}

/** The name of an argument, at any depth, with a character that cannot be seen; undefined: none. */
export function invisibleKey(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (hasInvisible(key)) return key;
    const found = invisibleKey(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}
