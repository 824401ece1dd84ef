import { referenceTarget } from "./reference-target.ts";
import { isSchema, type Schema } from "./schema-words.ts";

/**
 * The schema with no required property that leads back to what it is in: such a property is required no more, and the
 * description says that it is needed. A cycle without properties is cut where it closes.
 */
export function withoutCycles(root: Schema): Schema {
  const copy = structuredClone(root) as Record<string, unknown>;
  while (leadsBack(copy, { root: copy, inside: new Set(), seen: new Map() })) if (!cut(copy, copy, new Set(), new Set())) break;
  return copy;
}

interface Walk {
  readonly root: Schema;
  /** What the schema is in. */
  readonly inside: Set<unknown>;
  /** What is known of each schema: many references may lead to one. */
  readonly seen: Map<unknown, boolean>;
}

/** Whether a schema needs one that it is inside of. Opens every cycle that has a required property on it. */
function leadsBack(schema: Record<string, unknown>, walk: Walk): boolean {
  const { root, inside, seen } = walk;
  if (inside.has(schema)) return true;
  const known = seen.get(schema);
  if (known !== undefined) return known;
  inside.add(schema);
  const target = typeof schema["$ref"] === "string" ? referenceTarget(schema["$ref"], root) : undefined;
  let leads = isSchema(target) && leadsBack(target as Record<string, unknown>, walk);
  const required = Array.isArray(schema["required"]) ? (schema["required"] as string[]) : [];
  if (isSchema(schema["properties"])) {
    const open = required.filter((name) => {
      const property = (schema["properties"] as Schema)[name];
      if (!isSchema(property) || !leadsBack(property as Record<string, unknown>, walk)) return true;
      tell(schema, name);
      return false;
    });
    if (open.length === 0) delete schema["required"];
    else if (open.length < required.length) schema["required"] = open;
  }
  for (const [word, value] of Object.entries(schema)) {
    if (word === "properties" || word === "$defs") continue;
    for (const inner of Array.isArray(value) ? value : [value])
      if (isSchema(inner) && leadsBack(inner as Record<string, unknown>, walk)) leads = true;
  }
  inside.delete(schema);
  seen.set(schema, leads);
  return leads;
}

/** Cuts the first reference that leads back. False: there is none. */
function cut(schema: Record<string, unknown>, root: Schema, inside: Set<unknown>, seen: Set<unknown>): boolean {
  if (seen.has(schema)) return false;
  inside.add(schema);
  const target = typeof schema["$ref"] === "string" ? referenceTarget(schema["$ref"], root) : undefined;
  if (inside.has(target)) {
    delete schema["$ref"];
    schema["description"] = "Of the same kind as what it is in.";
    return true;
  }
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const properties = isSchema(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const needed = properties.flatMap(([name, property]) => (required.has(name) ? [property] : []));
  const others = Object.entries(schema).flatMap(([word, value]) => (word === "properties" || word === "$defs" ? [] : [value].flat()));
  const isCut = [target, ...needed, ...others].some(
    (inner) => isSchema(inner) && cut(inner as Record<string, unknown>, root, inside, seen),
  );
  inside.delete(schema);
  seen.add(schema);
  return isCut;
}

function tell(schema: Record<string, unknown>, name: string): void {
  const before = typeof schema["description"] === "string" ? `${schema["description"]} ` : "";
  schema["description"] = `${before}("${name}" is needed)`;
}
