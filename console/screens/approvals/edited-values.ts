import { builtArguments, choicesOf, kindOf, pointer, type Typed } from "../tools/try/arguments.ts";
import { isObject, propertiesOf, resolved, type Schema } from "../tools/tool/json-schema.ts";

export type Values = Readonly<Record<string, unknown>>;

/**
 * What somebody would have typed into the form of a schema to get these arguments. Undefined: the form cannot say them
 * all, so they are edited as JSON.
 */
export function typedOf(schema: Schema, values: Values): Typed | undefined {
  const typed = new Map<string, string>();
  fill(schema, values, { root: schema, typed, place: "", depth: 0 });
  return isSame(builtArguments(schema, typed).arguments, values) ? typed : undefined;
}

interface Filling {
  readonly root: Schema;
  readonly typed: Map<string, string>;
  readonly place: string;
  readonly depth: number;
}

function fill(given: unknown, value: unknown, filling: Filling): void {
  const { root, typed, place, depth } = filling;
  if (value === undefined) return;
  const schema = resolved(given, root);
  const kind = place === "" ? "object" : kindOf(schema, root, depth - 1);
  if (kind === "object") {
    if (!isObject(value)) return;
    for (const [name, inner] of propertiesOf(schema))
      fill(inner, Object.hasOwn(value, name) ? value[name] : undefined, {
        ...filling,
        place: `${place}${pointer(name)}`,
        depth: depth + 1,
      });
  } else if (kind === "list") {
    if (!Array.isArray(value)) return;
    typed.set(place, String(value.length));
    for (const [at, entry] of value.entries())
      fill(schema["items"], entry, { ...filling, place: `${place}${pointer(at)}`, depth: depth + 1 });
  } else if (kind === "choice") {
    const choice = choicesOf(schema).find((one) => isSame(one, value));
    if (choice !== undefined) typed.set(place, JSON.stringify(choice));
  } else if (kind === "json") typed.set(place, JSON.stringify(value, undefined, 2));
  else typed.set(place, typeof value === "string" ? value : JSON.stringify(value));
}

export interface Change {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The arguments that differ. */
export function changesBetween(before: Values, after: Values): readonly Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .map((name) => ({ name, before: own(before, name), after: own(after, name) }))
    .filter((change) => !isSame(change.before, change.after));
}

function own(values: Values, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Whether two JSON values are the same, whatever the order of their names. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((entry, at) => isSame(entry, other[at]));
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]));
}
