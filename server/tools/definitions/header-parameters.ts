type JsonObject = Readonly<Record<string, unknown>>;

const KEYWORD = "x-mcp-header";
const TOKEN = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;
const TYPES = new Set(["string", "integer", "boolean"]);

/**
 * What is wrong with the arguments that a tool wants mirrored into headers (revision 2026-07-28, `x-mcp-header`); undefined: nothing. A client must leave out
 * a tool that declares them wrongly. They may stand at named properties only, however deep, and each header once. Does not recurse.
 */
export function headerParameterFault(inputSchema: JsonObject): string | undefined {
  const seen = new Set<string>();
  const open: { node: unknown; property: boolean; reachable: boolean }[] = [{ node: inputSchema, property: false, reachable: true }];
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
    for (const [key, child] of Object.entries(schema)) {
      // What is data in a schema is not one, whatever it looks like.
      if (key === "const" || key === "enum" || key === "default" || key === "examples") continue;
      if (key === "properties" && isObject(child)) {
        for (const one of Object.values(child)) open.push({ node: one, property: true, reachable });
      } else if (
        (key === "patternProperties" || key === "$defs" || key === "definitions" || key === "dependentSchemas") &&
        isObject(child)
      ) {
        for (const one of Object.values(child)) open.push({ node: one, property: false, reachable: false });
      } else open.push({ node: child, property: false, reachable: false });
    }
  }
  return undefined;
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
