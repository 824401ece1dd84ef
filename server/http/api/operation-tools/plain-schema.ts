import * as z from "zod";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What some model's provider refuses in a tool's schema, or what says nothing to a model. The operation checks it. */
const LEFT_OUT = new Set(["$schema", "id", "examples", "propertyNames", "pattern", "contentEncoding", "readOnly", "writeOnly"]);
const RENAMED: Readonly<Record<string, string>> = { oneOf: "anyOf" };
/** The only one that every provider knows. */
const FORMATS = new Set(["date-time"]);

/**
 * What is sent, as JSON Schema in the words that the providers of models have in common: no references, no patterns, one
 * kind of alternatives. It allows no less than the operation does.
 */
export function plainSchema(schema: z.ZodType): JsonSchema {
  const { $defs, ...root } = z.toJSONSchema(schema, { target: "draft-2020-12", io: "input", unrepresentable: "any" }) as JsonSchema;
  return plain(root, ($defs ?? {}) as Readonly<Record<string, JsonSchema>>) as JsonSchema;
}

function plain(value: unknown, definitions: Readonly<Record<string, JsonSchema>>): unknown {
  if (Array.isArray(value)) return value.map((entry) => plain(entry, definitions));
  if (typeof value !== "object" || value === null) return value;
  const { $ref, ...schema } = value as JsonSchema;
  if (typeof $ref === "string") return plain({ ...definitions[$ref.replace("#/$defs/", "")], ...schema }, definitions);
  const made: Record<string, unknown> = {};
  for (const [word, entry] of Object.entries(schema)) {
    if (LEFT_OUT.has(word) || isEndless(word, entry)) continue;
    if (word === "properties") made[word] = properties(entry as JsonSchema, definitions);
    else if (word === "const") made["enum"] = [entry];
    else if (word === "exclusiveMinimum" && schema["type"] === "integer") made["minimum"] = (entry as number) + 1;
    else if (word === "exclusiveMinimum" || word === "exclusiveMaximum") continue;
    else if (word === "default" || word === "enum" || word === "required") made[word] = entry;
    else if (word !== "format" || FORMATS.has(String(entry))) made[RENAMED[word] ?? word] = plain(entry, definitions);
  }
  return made;
}

/** Without what is never taken. */
function properties(all: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const taken = Object.entries(all).filter(([, schema]) => (schema as JsonSchema)["not"] === undefined);
  return Object.fromEntries(taken.map(([name, schema]) => [name, plain(schema, definitions)]));
}

/** Every integer that JSON can carry. */
function isEndless(word: string, entry: unknown): boolean {
  return (word === "minimum" && entry === Number.MIN_SAFE_INTEGER) || (word === "maximum" && entry === Number.MAX_SAFE_INTEGER);
}
