/** What the screens read of a JSON Schema that a server sent: nothing in it is taken for granted. */
export type Schema = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const DEEPEST_REFERENCE = 5;

/** The schema itself, where it names another one of the same document; what may be nothing, without the nothing. */
export function resolved(schema: unknown, root: Schema): Schema {
  let found = schema;
  for (let depth = 0; isObject(found) && depth < DEEPEST_REFERENCE; depth++) {
    const reference = found["$ref"];
    const { $ref: _reference, ...beside } = found;
    if (typeof reference === "string") found = { ...asSchema(at(root, reference)), ...beside };
    else {
      const only = withoutNull(found);
      if (only === undefined) return found;
      found = only;
    }
  }
  return asSchema(found);
}

/** `anyOf: [X, null]` is X that may be left out. */
function withoutNull(schema: Schema): Schema | undefined {
  for (const name of ["anyOf", "oneOf"]) {
    const all = schema[name];
    if (!Array.isArray(all)) continue;
    const rest = all.filter((one) => !(isObject(one) && one["type"] === "null"));
    if (rest.length !== 1 || !isObject(rest[0])) continue;
    const { [name]: _all, ...beside } = schema;
    return { ...rest[0], ...beside };
  }
  return undefined;
}

function at(root: Schema, reference: string): unknown {
  if (!reference.startsWith("#")) return undefined;
  let found: unknown = root;
  for (const name of reference.slice(1).split("/").filter(Boolean)) {
    if (!isObject(found)) return undefined;
    found = found[decoded(name).replaceAll("~1", "/").replaceAll("~0", "~")];
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

function asSchema(value: unknown): Schema {
  return isObject(value) ? value : {};
}

/** Its one type, besides nothing; undefined: several, or none. */
export function typeOf(schema: Schema): string | undefined {
  const { type } = schema;
  if (typeof type === "string") return type;
  if (Array.isArray(type)) {
    const rest = type.filter((one) => one !== "null");
    return rest.length === 1 && typeof rest[0] === "string" ? rest[0] : undefined;
  }
  return isObject(schema["properties"]) ? "object" : undefined;
}

export function propertiesOf(schema: Schema): readonly (readonly [string, unknown])[] {
  return isObject(schema["properties"]) ? Object.entries(schema["properties"]) : [];
}

export function requiredOf(schema: Schema): ReadonlySet<unknown> {
  return new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
}
