import * as z from "zod";
import { faultWords } from "../foundation/fault-words.ts";
import { type Fault, InvalidError } from "../foundation/invalid-error.ts";

/**
 * The schema of a merge patch (RFC 7386) to what `schema` describes. An absent key stays as it is; null removes it or
 * restores its default. Lists are replaced whole.
 */
export function patchOf(schema: z.ZodObject): z.ZodObject {
  return z.strictObject(Object.fromEntries(Object.entries(schema.shape).map(([key, value]) => [key, optionalPatch(value as z.ZodType)])));
}

function optionalPatch(schema: z.ZodType): z.ZodType {
  const { inner, removable } = unwrapped(schema);
  const patch =
    inner instanceof z.ZodObject
      ? patchOf(inner)
      : inner instanceof z.ZodRecord
        ? z.record(inner.def.keyType as z.ZodString, (inner.def.valueType as z.ZodType).nullable())
        : inner;
  const described = schema.description === undefined ? patch : patch.describe(schema.description);
  return removable ? described.nullable().optional() : described.optional();
}

function unwrapped(schema: z.ZodType): { inner: z.ZodType; removable: boolean } {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return { inner: unwrapped(schema.def.innerType as z.ZodType).inner, removable: true };
  return { inner: schema, removable: false };
}

/** The value after the change (RFC 7386). Nothing is changed in place. */
export function mergePatch(current: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(current) ? { ...current } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(Object.hasOwn(merged, key) ? merged[key] : undefined, value);
  }
  return merged;
}

/** Parses the result of a change. Throws `InvalidError` with the path of each fault. */
export function parseOrInvalid<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidError(faultWords(parsed.error.issues).map(({ path, ...fault }): Fault => ({ path: pointerTo(path), ...fault })));
}

/** A JSON pointer (RFC 6901). */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
