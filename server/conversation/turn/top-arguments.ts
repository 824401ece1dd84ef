type Schema = Readonly<Record<string, unknown>>;

/** Where a schema says more of the same value, not of a part of it. */
const LISTS = ["allOf", "anyOf", "oneOf"] as const;
const ALTERNATIVES = ["if", "then", "else"] as const;

/**
 * The names of all arguments that a tool may be called with, as far as its schema names them: also in alternatives and
 * behind references, for what is declared there reaches the tool as well.
 */
export function topArguments(schema: Schema): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<unknown>();
  const look = (part: unknown): void => {
    if (!isObject(part) || seen.has(part)) return;
    seen.add(part);
    for (const name of Object.keys(asObject(part["properties"]))) names.add(name);
    if (Array.isArray(part["required"])) for (const name of part["required"]) names.add(String(name));
    if (typeof part["$ref"] === "string") look(referred(schema, part["$ref"]));
    for (const next of beside(part)) look(next);
  };
  look(schema);
  return names;
}

/** The schema without these arguments, in its alternatives too. What stands behind a reference stays: others may use it. */
export function hiding(schema: Schema, hidden: ReadonlySet<string>): Schema {
  const shown: Record<string, unknown> = { ...schema };
  const { properties, required } = schema;
  if (isObject(properties)) shown["properties"] = Object.fromEntries(Object.entries(properties).filter(([name]) => !hidden.has(name)));
  if (Array.isArray(required)) shown["required"] = required.filter((name) => !hidden.has(String(name)));
  const inner = (part: unknown): unknown => (isObject(part) ? hiding(part, hidden) : part);
  for (const key of LISTS) if (Array.isArray(schema[key])) shown[key] = schema[key].map(inner);
  for (const key of ALTERNATIVES) if (Object.hasOwn(schema, key)) shown[key] = inner(schema[key]);
  const { dependentSchemas } = schema;
  if (isObject(dependentSchemas))
    shown["dependentSchemas"] = Object.fromEntries(Object.entries(dependentSchemas).map(([name, part]) => [name, inner(part)]));
  return shown;
}

function beside(part: Schema): readonly unknown[] {
  return [
    ...LISTS.flatMap((key) => (Array.isArray(part[key]) ? (part[key] as readonly unknown[]) : [])),
    ...ALTERNATIVES.map((key) => part[key]),
    ...Object.values(asObject(part["dependentSchemas"])),
  ];
}

/** Of a reference within the same schema; others are not followed by anybody. */
function referred(schema: Schema, reference: string): unknown {
  if (!reference.startsWith("#")) return undefined;
  let found: unknown = schema;
  for (const part of reference.slice(1).split("/").slice(1)) {
    const name = decoded(part).replaceAll("~1", "/").replaceAll("~0", "~");
    found = (isObject(found) || Array.isArray(found)) && Object.hasOwn(found, name) ? (found as unknown as Schema)[name] : undefined;
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function asObject(value: unknown): Schema {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
