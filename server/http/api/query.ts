import * as z from "zod";
import { faultsOf, type PlacedFault, ProblemError } from "../problem.ts";

/**
 * The parameters after the question mark. An unknown one is refused: a filter with a typing error in its name would
 * otherwise filter nothing and look as if it had. So is one that comes twice. Throws a problem.
 */
export function readQuery(schema: z.ZodType | undefined, search: string): unknown {
  if (schema === undefined) return {};
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  const faults: PlacedFault[] = [];
  for (const [name, value] of new URLSearchParams(search)) {
    if (Object.hasOwn(found, name)) faults.push({ in: "query", path: `/${name}`, message: "This parameter may be given only once." });
    found[name] = value;
  }
  if (faults.length > 0) throw new ProblemError("invalid", { errors: faults });
  const strict = schema instanceof z.ZodObject ? schema.strict() : schema;
  const parsed = strict.safeParse({ ...found });
  if (!parsed.success) throw new ProblemError("invalid", { errors: faultsOf(parsed.error, "query") });
  return parsed.data;
}
