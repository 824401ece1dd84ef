type JsonObject = Readonly<Record<string, unknown>>;

const KEYWORD = "x-mcp-header";
const TOKEN = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;
const TYPES = new Set(["string", "integer", "boolean"]);

/**
 * What is wrong with the arguments that a tool wants mirrored into headers (revision 2026-07-28, `x-mcp-header`);
 * undefined: nothing. A client must leave out a tool that declares them wrongly. They may stand at named properties
 * only, however deep, and each header once. Does not recurse.
 */
export function headerParameterFault(inputSchema: JsonObject): string | undefined {
  const seen = new Set<string>();
  const open: Place[] = [{ node: inputSchema, property: false, reachable: true }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { node, property, reachable } = item;
    if (Array.isArray(node)) {
      for (const child of node) open.push({ node: child, property: false, reachable: false });
      continue;
    }
    if (typeof node !== "object" || node === null) continue;
    const schema = node as JsonObject;
    if (Object.hasOwn(schema, KEYWORD)) {
      const fault = property && reachable ? declarationFault(schema, seen) : `it has ${KEYWORD} where there is no named argument`;
      if (fault !== undefined) return fault;
    }
    for (const [key, child] of Object.entries(schema)) open.push(...placesBelow(key, child, reachable));
  }
  return undefined;
}

interface Place {
  readonly node: unknown;
  /** Whether it is the schema of a named property. */
  readonly property: boolean;
  /** Whether every step to it was a named property. */
  readonly reachable: boolean;
}

/** Keywords whose value is data, whatever it looks like. */
const DATA: ReadonlySet<string> = new Set(["const", "enum", "default", "examples"]);
/** Keywords below which names that the server chose lead to schemas, none of which is that of a named property. */
const NAMING: ReadonlySet<string> = new Set(["patternProperties", "$defs", "definitions", "dependentSchemas"]);

function placesBelow(keyword: string, value: unknown, reachable: boolean): readonly Place[] {
  if (DATA.has(keyword)) return [];
  if (keyword === "properties" && isObject(value)) return Object.values(value).map((node) => ({ node, property: true, reachable }));
  const nodes = NAMING.has(keyword) && isObject(value) ? Object.values(value) : [value];
  return nodes.map((node) => ({ node, property: false, reachable: false }));
}

function declarationFault(schema: JsonObject, seen: Set<string>): string | undefined {
  const name = schema[KEYWORD];
  if (typeof name !== "string" || !TOKEN.test(name)) return `its ${KEYWORD} is not the name of a header`;
  if (typeof schema["type"] !== "string" || !TYPES.has(schema["type"]))
    return `its ${KEYWORD} "${name}" is at an argument that is neither text, whole number, nor yes or no`;
  if (seen.has(name.toLowerCase())) return `it has the ${KEYWORD} "${name}" twice`;
  seen.add(name.toLowerCase());
  return undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
