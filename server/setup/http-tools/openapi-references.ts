export type JsonObject = Readonly<Record<string, unknown>>;

const HOPS = 20;
const LEVELS = 12;
/** A schema that refers to itself many times over would grow without end. */
const MOST_PARTS = 2_000;
/** All schemas of a tool together: twice what a tool may have. A short document can refer to a long part many times. */
const MOST_CHARACTERS = 128 * 1024;
/** What OpenAPI adds to schemas, and what says nothing about an argument. */
const NOT_KEPT = new Set(["xml", "externalDocs", "discriminator", "example", "writeOnly"]);

/** What a `$ref` within the document leads to; other documents are never fetched. Undefined: nowhere. */
export function resolved(document: JsonObject, value: unknown): JsonObject | undefined {
  let found = value;
  for (let hop = 0; hop < HOPS; hop += 1) {
    if (!isObject(found)) return undefined;
    const reference = found["$ref"];
    if (typeof reference !== "string") return found;
    found = reference.startsWith("#/") ? at(document, reference) : undefined;
  }
  return undefined;
}

export type Inline = (schema: JsonObject) => JsonObject;

/**
 * Gives schemas with what they refer to in its place. What refers to itself, is too deep, or would make all of them
 * together too long, becomes a schema of anything.
 */
export function inlining(document: JsonObject): Inline {
  let characters = 0;
  return (schema) => {
    let parts = 0;
    const visit = (value: unknown, open: readonly unknown[], level: number): unknown => {
      parts += 1;
      characters += typeof value === "string" ? value.length : 1;
      if (Array.isArray(value)) return characters > MOST_CHARACTERS ? [] : value.map((item) => visit(item, open, level + 1));
      if (!isObject(value)) return value;
      const target = resolved(document, value);
      const isTooMuch = level > LEVELS || parts > MOST_PARTS || characters > MOST_CHARACTERS;
      if (target === undefined || open.includes(target) || isTooMuch) return {};
      const inner = target === value ? open : [...open, target];
      const entries = Object.entries(target).filter(([name]) => !NOT_KEPT.has(name) && !name.startsWith("x-"));
      characters += entries.reduce((sum, [name]) => sum + name.length, 0);
      return nullable(Object.fromEntries(entries.map(([name, one]) => [name, visit(one, inner, level + 1)])));
    };
    const found = visit(schema, [], 0);
    return isObject(found) ? found : {};
  };
}

/** `nullable` of OpenAPI 3.0, as JSON Schema says it. */
function nullable({ nullable: isNullable, ...schema }: JsonObject): JsonObject {
  return isNullable === true && typeof schema["type"] === "string" ? { ...schema, type: [schema["type"], "null"] } : schema;
}

function at(document: JsonObject, reference: string): unknown {
  const steps = reference.slice(2).split("/");
  return steps.reduce<unknown>((value, step) => {
    const name = decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
    return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }, document);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
