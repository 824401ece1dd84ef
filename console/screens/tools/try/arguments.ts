import { LANGUAGE } from "../../../foundation/words.ts";
import { propertiesOf, requiredOf, resolved, type Schema, typeOf } from "../tool/json-schema.ts";
import { tryWords } from "./try-words.ts";

/** How one argument is asked for. */
export type Kind = "text" | "number" | "boolean" | "choice" | "list" | "object" | "json";

/** Deeper objects are typed as JSON. */
const DEEPEST_OBJECT = 2;
/** With more fields than this, every object is. */
const MOST_FIELDS = 300;

export function kindOf(schema: Schema, root: Schema, depth: number, isEntry = false): Kind {
  if (Array.isArray(schema["enum"]) || "const" in schema) return "choice";
  const type = typeOf(schema);
  if (type === "string") return "text";
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "boolean";
  if (type === "object") return depth < deepestObject(root) && propertiesOf(schema).length > 0 ? "object" : "json";
  // An entry's own entries do not matter, and may be the list itself.
  if (type !== "array" || isEntry) return "json";
  const entries = resolved(schema["items"], root);
  return ["text", "number", "choice"].includes(kindOf(entries, root, depth, true)) ? "list" : "json";
}

const deepest = new WeakMap<Schema, number>();

/** A schema can refer to itself from many places: so many fields nobody fills in, and no browser draws. */
function deepestObject(root: Schema): number {
  let fields = 0;
  const count = (schema: Schema, depth: number): void => {
    for (const [, property] of propertiesOf(schema)) {
      if (++fields > MOST_FIELDS) return;
      const inner = resolved(property, root);
      if (depth < DEEPEST_OBJECT && typeOf(inner) === "object") count(inner, depth + 1);
    }
  };
  if (!deepest.has(root)) {
    count(root, 0);
    deepest.set(root, fields > MOST_FIELDS ? 0 : DEEPEST_OBJECT);
  }
  return deepest.get(root) ?? 0;
}

export function choicesOf(schema: Schema): readonly unknown[] {
  return Array.isArray(schema["enum"]) ? schema["enum"] : [schema["const"]];
}

export function pointer(...names: readonly (string | number)[]): string {
  return names.map((name) => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** What was typed, by pointer: texts of fields, and the number of entries of lists. */
export type Typed = ReadonlyMap<string, string>;

export interface Built {
  readonly arguments: Record<string, unknown>;
  readonly faults: ReadonlyMap<string, string>;
}

/** The arguments of a call. What is optional and was left alone is not in them. */
export function builtArguments(schema: Schema, typed: Typed): Built {
  const faults = new Map<string, string>();
  const given = valueOf(schema, { root: schema, typed, faults, place: "", isRequired: true, depth: 0 });
  return { arguments: (given ?? {}) as Record<string, unknown>, faults };
}

interface Building {
  readonly root: Schema;
  readonly typed: Typed;
  readonly faults: Map<string, string>;
  readonly place: string;
  readonly isRequired: boolean;
  readonly depth: number;
}

function valueOf(given: unknown, building: Building): unknown {
  const { root, typed, place, isRequired, depth, faults } = building;
  const schema = resolved(given, root);
  const kind = place === "" ? "object" : kindOf(schema, root, depth - 1);
  if (kind === "object") return objectOf(schema, building);
  if (kind === "list") return listOf(schema, building);
  const text = typed.get(place);
  // Somebody who emptied a text that has to be there means the empty text.
  if (text === undefined || (text === "" && !(kind === "text" && isRequired))) return undefined;
  if (kind === "text") return text;
  if (kind === "number") return Number(text);
  if (kind === "boolean") return text === "true";
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    faults.set(place, tryWords.notJson(error instanceof Error && LANGUAGE === "en" ? error.message : ""));
    return undefined;
  }
}

function objectOf(schema: Schema, building: Building): Record<string, unknown> | undefined {
  const required = requiredOf(schema);
  const entries = propertiesOf(schema).flatMap(([name, inner]) => {
    const value = valueOf(inner, {
      ...building,
      place: `${building.place}${pointer(name)}`,
      isRequired: building.isRequired && required.has(name),
      depth: building.depth + 1,
    });
    return value === undefined ? [] : [[name, value] as const];
  });
  return entries.length === 0 && !building.isRequired ? undefined : Object.fromEntries(entries);
}

function listOf(schema: Schema, building: Building): unknown[] | undefined {
  const count = Number(building.typed.get(building.place) ?? 0);
  const values = Array.from({ length: count }, (_, at) => {
    const value = valueOf(schema["items"], {
      ...building,
      place: `${building.place}${pointer(at)}`,
      isRequired: true,
      depth: building.depth + 1,
    });
    return value === undefined ? [] : [value];
  }).flat();
  return values.length === 0 && !building.isRequired ? undefined : values;
}
