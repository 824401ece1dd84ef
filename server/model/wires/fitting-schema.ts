import type { SchemaRules } from "./schema-rules.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Members that map names to schemas, so that their own names are no keywords. */
const MAPS = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
/** Members that are values, not schemas. */
const VALUES = new Set(["const", "default", "enum", "examples"]);

/**
 * A schema at every depth as a provider takes it, with its meaning kept as far as the provider's words go: only the
 * model reads it, the arguments are checked against the tool's own.
 */
export function fittingSchema(schema: Schema, rules: SchemaRules): Schema {
  const fitting = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, member(key, value, rules)]));
  if (rules.refsAlone === true && typeof fitting["$ref"] === "string") return onlyReference(fitting);
  if (rules.constAsEnum === true && "const" in fitting) {
    const { const: only, ...rest } = fitting;
    return withItems({ ...rest, enum: [only] });
  }
  return withItems(fitting);
}

function member(key: string, value: unknown, rules: SchemaRules): unknown {
  if (VALUES.has(key)) return value;
  if (MAPS.has(key) && isSchema(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, any(inner, rules)]));
  return any(value, rules);
}

function any(value: unknown, rules: SchemaRules): unknown {
  if (Array.isArray(value)) return value.map((item) => any(item, rules));
  return isSchema(value) ? fittingSchema(value, rules) : value;
}

/** `$defs` may stay beside it, since others may refer to them. */
function onlyReference(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key.startsWith("$") || key === "definitions"));
}

/** OpenAI refuses a list that does not say of what, and one whose items are told one by one. */
function withItems(schema: Schema): Schema {
  const { type, items } = schema;
  if (Array.isArray(items)) return { ...schema, items: items.length === 0 ? {} : { anyOf: items } };
  const isList = type === "array" || (Array.isArray(type) && type.includes("array"));
  if (!isList || isSchema(items)) return schema;
  const { prefixItems } = schema;
  return { ...schema, items: Array.isArray(prefixItems) && prefixItems.length > 0 ? { anyOf: prefixItems } : {} };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
