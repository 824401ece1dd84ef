import type * as z from "zod";
import type { Path } from "./substitute.ts";

/**
 * The keys that the schema knows at a place of the file, in all forms that it may have. Empty where any key is good.
 */
export function knownKeysAt(schema: z.core.$ZodType, path: Path): string[] {
  const reached = schemasAt(schema, path).flatMap(objectsIn);
  return [...new Set(reached.flatMap((current) => (current.def.type === "object" ? Object.keys(current.def.shape) : [])))];
}

/** The schemas for the value at a place of the file: one, or one for each form that a place above it may have. */
export function schemasAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType[] {
  let schemas = [schema];
  for (const step of path) schemas = schemas.flatMap(objectsIn).flatMap((current) => inside(current, step));
  return schemas;
}

type Definition = z.core.$ZodTypes["_zod"]["def"];
interface Reached {
  readonly def: Definition;
}

/** Looks through defaults and unions. */
function objectsIn(schema: z.core.$ZodType): Reached[] {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === "optional" || def.type === "nullable" || def.type === "default" || def.type === "prefault")
    return objectsIn(def.innerType);
  return def.type === "union" ? def.options.flatMap(objectsIn) : [{ def }];
}

function inside(reached: Reached, step: string | number): z.core.$ZodType[] {
  const def = reached.def;
  if (def.type === "object") {
    const child = def.shape[String(step)];
    return child === undefined ? [] : [child];
  }
  if (def.type === "record") return [def.valueType];
  if (def.type === "array") return [def.element];
  return [];
}
