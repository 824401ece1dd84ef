import { referenceTarget } from "./reference-target.ts";
import { isSchema, type Schema } from "./schema-words.ts";

/**
 * What OpenAI and Anthropic refuse at the top of a tool's schema; a tool with it would fail every request of its
 * assistant.
 */
const COMBINERS = ["allOf", "anyOf", "oneOf"] as const;
const REFUSED_AT_THE_TOP = new Set<string>([...COMBINERS, "not", "enum", "const", "if", "then", "else", "$ref"]);

/**
 * A tool's schema with an object of `properties` at its top, references and alternatives there folded into it. Only the
 * model reads it; the arguments are checked against the tool's own schema.
 */
export function objectSchema(schema: Schema): Record<string, unknown> {
  const folded: Folded = { properties: new Map(), required: new Set() };
  fold(schema, folded, { root: schema, inside: new Set(), left: { count: MOST_FOLDED } });
  const kept = Object.fromEntries(Object.entries(schema).filter(([key]) => !REFUSED_AT_THE_TOP.has(key)));
  const required = folded.required.size === 0 ? {} : { required: [...folded.required] };
  return { ...kept, type: "object", properties: Object.fromEntries(folded.properties), ...required };
}

/** Alternatives that are looked into, at most: references among them may lead to the same ones again and again. */
const MOST_FOLDED = 1_000;

interface Folded {
  readonly properties: Map<string, unknown>;
  readonly required: Set<string>;
}

interface Place {
  readonly root: Schema;
  /** A reference may lead back to where it stands. */
  readonly inside: ReadonlySet<Schema>;
  readonly left: { count: number };
}

function fold(schema: Schema, { properties, required }: Folded, { root, inside, left }: Place): void {
  if (inside.has(schema) || (left.count -= 1) < 0) return;
  const within = { root, inside: new Set([...inside, schema]), left };
  if (isSchema(schema["properties"]))
    for (const [name, property] of Object.entries(schema["properties"])) if (!properties.has(name)) properties.set(name, property);
  for (const name of names(schema)) required.add(name);
  const target = typeof schema["$ref"] === "string" ? referenceTarget(schema["$ref"], root) : undefined;
  if (isSchema(target)) fold(target, { properties, required }, within);
  for (const part of branches(schema, "allOf")) fold(part, { properties, required }, within);
  for (const key of ["anyOf", "oneOf"] as const) {
    const alternatives = branches(schema, key).map((branch) => {
      const needed = new Set<string>();
      fold(branch, { properties, required: needed }, within);
      return needed;
    });
    const [first, ...others] = alternatives;
    for (const name of first ?? []) if (others.every((needed) => needed.has(name))) required.add(name);
  }
}

function branches(schema: Schema, key: (typeof COMBINERS)[number]): Schema[] {
  const value = schema[key];
  return Array.isArray(value) ? value.filter(isSchema) : [];
}

function names(schema: Schema): string[] {
  const value = schema["required"];
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : [];
}
