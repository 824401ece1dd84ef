type JsonObject = Readonly<Record<string, unknown>>;

/** Says which rule of a schema is not checked, and why; in words for staff. */
export type RuleSkipped = (rule: string) => void;

const TYPES = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);
/** What programs write that take their own language's words for JSON Schema's. */
const MEANT: Readonly<Record<string, string>> = {
  int: "integer",
  float: "number",
  double: "number",
  bool: "boolean",
  str: "string",
  dict: "object",
  list: "array",
};
/** Members that map names to schemas, so that their own names are no keywords. */
const MAPS = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
/** Members that are values, not schemas. */
const VALUES = new Set(["const", "default", "enum", "examples"]);

/**
 * A schema that can be checked against: rules that no validator of today takes are put right where their meaning is
 * plain, and skipped where it is not. A skipped rule costs little, because the server checks its arguments itself; a
 * tool that cannot be called costs all of it.
 */
export function usableSchema(schema: JsonObject, skipped: RuleSkipped): JsonObject {
  return new Usable(skipped).object(schema);
}

class Usable {
  readonly #skipped: RuleSkipped;
  readonly #ids = new Set<unknown>();

  constructor(skipped: RuleSkipped) {
    this.#skipped = skipped;
  }

  object(schema: JsonObject): JsonObject {
    const usable: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(schema)) define(usable, key, this.#member(key, value));
    for (const side of ["Minimum", "Maximum"] as const) this.#exclusive(usable, side);
    this.#type(usable);
    this.#pattern(usable);
    this.#patternProperties(usable);
    if (typeof usable["$id"] === "string") {
      if (this.#ids.has(usable["$id"])) delete usable["$id"];
      else this.#ids.add(usable["$id"]);
    }
    return usable;
  }

  #member(key: string, value: unknown): unknown {
    if (VALUES.has(key)) return value;
    if (!MAPS.has(key) || !isObject(value)) return this.#any(value);
    const map: Record<string, unknown> = {};
    for (const [name, inner] of Object.entries(value)) define(map, name, this.#any(inner));
    return map;
  }

  #any(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#any(item));
    return isObject(value) ? this.object(value) : value;
  }

  /** In draft 4 a limit was exclusive by a flag beside it. */
  #exclusive(schema: Record<string, unknown>, side: "Minimum" | "Maximum"): void {
    const flag = schema[`exclusive${side}`];
    if (typeof flag !== "boolean") return;
    delete schema[`exclusive${side}`];
    const limit = side.toLowerCase();
    if (!flag || typeof schema[limit] !== "number") return;
    schema[`exclusive${side}`] = schema[limit];
    delete schema[limit];
  }

  #type(schema: Record<string, unknown>): void {
    const said = schema["type"];
    if (typeof said !== "string" && !Array.isArray(said)) return;
    const types = (Array.isArray(said) ? said : [said]).map(typeOf);
    if (types.every((type) => type !== undefined)) {
      schema["type"] = Array.isArray(said) ? types : types[0];
      return;
    }
    delete schema["type"];
    this.#skipped(`"type": ${JSON.stringify(said).slice(0, 100)}`);
  }

  #pattern(schema: Record<string, unknown>): void {
    const said = schema["pattern"];
    if (typeof said !== "string") return;
    const pattern = usablePattern(said);
    if (pattern !== undefined) schema["pattern"] = pattern;
    else {
      delete schema["pattern"];
      this.#skipped(`"pattern": ${JSON.stringify(said).slice(0, 100)}`);
    }
  }

  #patternProperties(schema: Record<string, unknown>): void {
    const said = schema["patternProperties"];
    if (!isObject(said)) return;
    const usable: Record<string, unknown> = {};
    for (const [name, inner] of Object.entries(said)) {
      const pattern = usablePattern(name);
      if (pattern !== undefined) define(usable, pattern, inner);
      else {
        this.#skipped(`"patternProperties": ${JSON.stringify(name).slice(0, 100)}`);
        // What the pattern allowed must not be refused for want of it.
        if (schema["additionalProperties"] === false) delete schema["additionalProperties"];
      }
    }
    schema["patternProperties"] = usable;
  }
}

/** An own member, even where it is called `__proto__`. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function typeOf(said: unknown): string | undefined {
  if (typeof said !== "string") return undefined;
  const lower = said.toLowerCase();
  return TYPES.has(lower) ? lower : MEANT[lower];
}

/** What a validator compiles (with the flag u), or undefined. Other languages and older flags need fewer escapes. */
function usablePattern(pattern: string): string | undefined {
  return [pattern, withoutIdleEscapes(pattern)].find(isPattern);
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

/** Without the backslashes before characters that mean only themselves: `\_` and, outside of a class, `\-`. */
function withoutIdleEscapes(pattern: string): string {
  let inClass = false;
  return pattern.replaceAll(/\\?[\s\S]/gu, (piece) => {
    if (piece === "[") inClass = true;
    else if (piece === "]") inClass = false;
    if (piece.length === 1 || !piece.startsWith("\\")) return piece;
    const character = piece.slice(1);
    if (/[\w^$\\.*+?()[\]{}|/]/u.test(character) && character !== "_") return piece;
    return inClass && character === "-" ? piece : character;
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
