type Schema = Readonly<Record<string, unknown>>;

/**
 * What OpenAI and Anthropic refuse at the top of a tool's schema; a tool with it would fail every request of its
 * assistant.
 */
const COMBINERS = ["allOf", "anyOf", "oneOf"] as const;
const REFUSED_AT_THE_TOP = new Set<string>([...COMBINERS, "not", "enum", "const", "if", "then", "else", "$schema"]);

/**
 * A tool's schema as the providers take it: an object with `properties`, alternatives at the top folded into one
 * object. Only the model reads it; the arguments are checked against the tool's own schema.
 */
export function objectSchema(schema: Schema): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  const required = new Set<string>();
  fold(schema, properties, required);
  const kept = Object.fromEntries(Object.entries(schema).filter(([key]) => !REFUSED_AT_THE_TOP.has(key)));
  return { ...kept, type: "object", properties, ...(required.size === 0 ? {} : { required: [...required] }) };
}

function fold(schema: Schema, properties: Record<string, unknown>, required: Set<string>): void {
  if (isSchema(schema["properties"])) for (const [name, property] of Object.entries(schema["properties"])) properties[name] ??= property;
  for (const name of names(schema)) required.add(name);
  for (const part of branches(schema, "allOf")) fold(part, properties, required);
  for (const key of ["anyOf", "oneOf"] as const) {
    const alternatives = branches(schema, key).map((branch) => {
      const needed = new Set<string>();
      fold(branch, properties, needed);
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

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
