/** The words of JSON Schema 2020-12 that a schema for a model may have, and what value each takes. */

export type Schema = Readonly<Record<string, unknown>>;

export function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Members that map names to schemas, so that their own names are no keywords. */
export const MAPS: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
/** Members that are lists of schemas. */
export const LISTS: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
/** Members that are one schema, or `true` or `false`. */
export const SINGLES: ReadonlySet<string> = new Set(
  `items contains additionalItems additionalProperties propertyNames unevaluatedItems unevaluatedProperties
   not if then else contentSchema`.split(/\s+/),
);
/** They name a schema or a place in it, or speak to its authors; references are pointers here. */
export const UNREAD: ReadonlySet<string> = new Set(
  "$schema $id $anchor $comment $vocabulary $dynamicAnchor $dynamicRef $recursiveRef $recursiveAnchor id".split(" "),
);

const NUMBERS = new Set(["maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf"]);
const COUNTS = new Set("maxLength minLength maxItems minItems maxContains minContains maxProperties minProperties".split(" "));
const TEXTS = new Set("title description format pattern contentEncoding contentMediaType".split(" "));
const SWITCHES = new Set(["uniqueItems", "deprecated", "readOnly", "writeOnly"]);
const TYPES = new Set<unknown>(["array", "boolean", "integer", "null", "number", "object", "string"]);
/** What programs write that take their own language's words for JSON Schema's. */
const MEANT: Readonly<Record<string, string>> = {
  int: "integer",
  float: "number",
  double: "number",
  decimal: "number",
  bool: "boolean",
  str: "string",
  text: "string",
  date: "string",
  dict: "object",
  map: "object",
  list: "array",
};

/** The value as the meta-schema has it, for words whose value is no schema; undefined: it is nothing that is known. */
export function validValue(word: string, value: unknown): unknown {
  if (value === null && word !== "const" && word !== "default") return undefined;
  if (NUMBERS.has(word)) return typeof value === "number" && (word !== "multipleOf" || value > 0) ? value : undefined;
  if (COUNTS.has(word)) return Number.isInteger(value) && (value as number) >= 0 ? value : undefined;
  if (TEXTS.has(word)) return typeof value === "string" ? value : undefined;
  if (SWITCHES.has(word)) return typeof value === "boolean" ? value : undefined;
  switch (word) {
    case "type":
      return validType(value);
    case "enum":
      return Array.isArray(value) && value.length > 0 ? value : undefined;
    case "required":
      return validNames(value);
    case "examples":
      return Array.isArray(value) ? value : undefined;
    default:
      return value;
  }
}

function validType(value: unknown): unknown {
  if (!Array.isArray(value)) return typeOf(value);
  const types = [...new Set(value.map(typeOf))];
  if (types.length === 0 || types.includes(undefined)) return undefined;
  return types.length === 1 ? types[0] : types;
}

function typeOf(said: unknown): string | undefined {
  if (typeof said !== "string") return undefined;
  const lower = said.toLowerCase();
  if (TYPES.has(lower)) return lower;
  return Object.hasOwn(MEANT, lower) ? MEANT[lower] : undefined;
}

function validNames(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return [...new Set(value.filter((name): name is string => typeof name === "string"))];
}
