import { withoutCycles } from "./open-cycles.ts";
import { referenceTarget } from "./reference-target.ts";
import type { SchemaRules } from "./schema-rules.ts";
import { isSchema, LISTS, MAPS, type Schema, SINGLES, UNREAD, validValue } from "./schema-words.ts";
import { withTold } from "./told-words.ts";

/** Schemas of alternatives that were merged into one, at most: a reference may lead back to where it stands. */
const MOST_MERGED = 200;

/**
 * A schema at every depth as a provider takes it, with its meaning kept as far as the provider's words go: only the
 * model reads it, the arguments are checked against the tool's own. References are looked up in `whole`, of which the
 * schema is the top, perhaps folded.
 */
export function fittingSchema(schema: Schema, whole: Schema, rules: SchemaRules): Schema {
  return new Fitting(schema, whole, rules).top();
}

class Fitting {
  readonly #schema: Schema;
  readonly #whole: Schema;
  readonly #rules: SchemaRules;
  /** Definitions that were made of what references led to, by the reference; undefined while it is being made. */
  readonly #names = new Map<string, string>();
  readonly #made: Record<string, Schema> = {};
  #merged = 0;

  constructor(schema: Schema, whole: Schema, rules: SchemaRules) {
    this.#schema = schema;
    this.#whole = whole;
    this.#rules = rules;
  }

  top(): Schema {
    const top = this.#fit(this.#schema);
    const defs = isSchema(top["$defs"]) ? top["$defs"] : {};
    const all = { ...defs, ...this.#made };
    const fitting = Object.keys(all).length === 0 ? top : { ...top, $defs: all };
    return this.#rules.refsToDefs === true ? withoutCycles(fitting) : fitting;
  }

  #fit(value: unknown): Schema {
    if (value === false) return { description: "Must not be given." };
    if (!isSchema(value)) return {};
    const given = draft4Limits(value);
    if (typeof given["$ref"] === "string") return this.#reference(given["$ref"], given);
    const takenOut: [string, unknown][] = [];
    const fitting: Record<string, unknown> = {};
    for (const [word, inner] of Object.entries(this.#withoutAllOf(given))) {
      if (UNREAD.has(word) || word === "$ref") continue;
      const valid = this.#member(word, inner);
      if (valid === undefined) continue;
      if (this.#takes(word)) fitting[word] = valid;
      else takenOut.push([word, inner]);
    }
    return withTold(this.#shaped(fitting, takenOut), takenOut);
  }

  #takes(word: string): boolean {
    const { words, refused, constAsEnum } = this.#rules;
    if (word === "const" && constAsEnum === true) return true;
    return (words === undefined || words.has(word)) && refused?.has(word) !== true;
  }

  #member(word: string, value: unknown): unknown {
    if (MAPS.has(word)) {
      if (!isSchema(value)) return undefined;
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, this.#fit(inner)]));
    }
    if (LISTS.has(word)) return Array.isArray(value) && value.length > 0 ? value.map((inner) => this.#fit(inner)) : undefined;
    if (word === "items" && Array.isArray(value)) return value.length === 0 ? {} : { anyOf: value.map((inner) => this.#fit(inner)) };
    if (word === "additionalProperties" && typeof value === "boolean") return value;
    if (SINGLES.has(word)) return value === null ? undefined : this.#fit(value);
    return validValue(word, value);
  }

  #shaped(fitting: Record<string, unknown>, takenOut: [string, unknown][]): Schema {
    const { constAsEnum, plainEnums, plainTypes, requiredIsThere } = this.#rules;
    if (constAsEnum === true && "const" in fitting) {
      fitting["enum"] = [fitting["const"]];
      delete fitting["const"];
    }
    if (plainEnums === true && Array.isArray(fitting["enum"])) takeOutValues(fitting, fitting["enum"], takenOut);
    if (requiredIsThere === true && Array.isArray(fitting["required"])) defineRequired(fitting, fitting["required"] as string[]);
    const listed = withItems(fitting);
    return plainTypes === true ? withPlainTypes(listed) : listed;
  }

  /** A reference that cannot stay is one to a definition of our own; one to nowhere is no rule at all. */
  #reference(reference: string, schema: Schema): Schema {
    const { $ref: _, ...others } = schema;
    const target = referenceTarget(reference, this.#whole);
    if (!isSchema(target) && typeof target !== "boolean") return this.#fit(others);
    const stays =
      this.#rules.refsToDefs === true ? /^#\/\$defs\/[^/]+$/.test(reference) : referenceTarget(reference, this.#schema) !== undefined;
    const $ref = stays ? reference : `#/$defs/${this.#definition(reference, target)}`;
    const beside = this.#fit(others);
    if (Object.keys(beside).length === 0) return { $ref };
    if (this.#rules.refsAlone !== true) return { ...beside, $ref };
    // Alternatives of one say the same, and may have a description beside them.
    return "anyOf" in beside ? { ...beside, anyOf: [{ $ref }] } : { anyOf: [{ $ref }], ...beside };
  }

  #definition(reference: string, target: unknown): string {
    const known = this.#names.get(reference);
    if (known !== undefined) return known;
    const plain = (reference.split("/").at(-1) ?? "").replaceAll(/[^A-Za-z0-9_-]/g, "_") || "whole";
    const taken = new Set([...this.#names.values(), ...Object.keys(isSchema(this.#whole["$defs"]) ? this.#whole["$defs"] : {})]);
    let name = plain;
    for (let number = 2; taken.has(name); number += 1) name = `${plain}_${number}`;
    this.#names.set(reference, name);
    this.#made[name] = this.#fit(target);
    return name;
  }

  /** Where `allOf` is not documented, what all its schemas say together. */
  #withoutAllOf(schema: Schema): Schema {
    const { allOf, ...rest } = schema;
    if (!Array.isArray(allOf) || this.#takes("allOf")) return schema;
    return allOf.reduce<Schema>((merged, one) => this.#merge(merged, one), rest);
  }

  #merge(into: Schema, one: unknown): Schema {
    if (!isSchema(one) || (this.#merged += 1) > MOST_MERGED) return into;
    const { $ref, allOf, ...own } = one;
    const target = typeof $ref === "string" ? referenceTarget($ref, this.#whole) : undefined;
    const parts = [...(isSchema(target) ? [target] : []), ...(Array.isArray(allOf) ? (allOf as unknown[]) : [])];
    const merged = { ...own, ...into };
    if (isSchema(own["properties"])) merged["properties"] = { ...own["properties"], ...(into["properties"] as Schema | undefined) };
    if (Array.isArray(own["required"]) && Array.isArray(into["required"])) merged["required"] = [...into["required"], ...own["required"]];
    return parts.reduce<Schema>((before, part) => this.#merge(before, part), merged);
  }
}

/** In draft 4 a limit was exclusive by a flag beside it. */
function draft4Limits(schema: Schema): Schema {
  let limits = schema;
  for (const side of ["Minimum", "Maximum"] as const) {
    const { [`exclusive${side}`]: flag, [side.toLowerCase()]: limit, ...rest } = limits;
    if (flag === true && typeof limit === "number") limits = { ...rest, [`exclusive${side}`]: limit };
  }
  return limits;
}

function takeOutValues(schema: Record<string, unknown>, values: readonly unknown[], takenOut: [string, unknown][]): void {
  const plain = values.filter((value) => (typeof value === "string" && value !== "") || typeof value === "number");
  if (plain.length === values.length) return;
  takenOut.push(["enum", values]);
  if (plain.length === 0) delete schema["enum"];
  else schema["enum"] = plain;
}

function defineRequired(schema: Record<string, unknown>, required: readonly string[]): void {
  const properties = isSchema(schema["properties"]) ? schema["properties"] : {};
  const missing = required.filter((name) => !Object.hasOwn(properties, name));
  if (missing.length === 0) return;
  schema["properties"] = { ...properties, ...Object.fromEntries(missing.map((name) => [name, {}])) };
  schema["type"] ??= "object";
}

/** OpenAI refuses a list that does not say of what. */
function withItems(schema: Schema): Schema {
  const { type, items, prefixItems } = schema;
  const isList = type === "array" || (Array.isArray(type) && type.includes("array"));
  if (!isList || isSchema(items)) return schema;
  return { ...schema, items: Array.isArray(prefixItems) && prefixItems.length > 0 ? { anyOf: prefixItems } : {} };
}

const OF_OBJECTS: ReadonlySet<string> = new Set(["properties", "required", "additionalProperties"]);
const OF_ARRAYS: ReadonlySet<string> = new Set(["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]);

/** Each type of a list as an alternative of its own, with the words that are about it. */
function withPlainTypes(schema: Schema): Schema {
  const { type, anyOf, ...rest } = schema;
  if (!Array.isArray(type)) return schema;
  const others = type.filter((one) => one !== "null");
  const isPlain = others.length === 1 && others[0] !== "object" && others[0] !== "array";
  if (isPlain || anyOf !== undefined) return isPlain ? schema : { ...rest, anyOf };
  const about = (words: ReadonlySet<string>): Schema => Object.fromEntries(Object.entries(rest).filter(([word]) => words.has(word)));
  const beside = Object.fromEntries(Object.entries(rest).filter(([word]) => !OF_OBJECTS.has(word) && !OF_ARRAYS.has(word)));
  const alternatives = type.map((one) => ({
    type: one as string,
    ...(one === "object" ? about(OF_OBJECTS) : one === "array" ? about(OF_ARRAYS) : {}),
  }));
  return { ...beside, anyOf: alternatives };
}
