import * as z from "zod";
import { canonicalJson } from "../../foundation/canonical-json.ts";

type Direction = "input" | "output";

/**
 * The `components/schemas` of an OpenAPI document. A zod schema with an id (`.meta({ id: "Person" })`) becomes a
 * component that all who use it point to; where what is sent and what is answered differ, the sent one is named
 * `…Input`.
 */
export class Schemas {
  readonly #components = new Map<string, unknown>();
  /** Definitions as zod wrote them, to see whether two of one name are the same. */
  readonly #raw = new Map<string, string>();

  /** JSON Schema for a body or an answer. `name` is what parts without an id are named after. */
  of(schema: z.ZodType, direction: Direction, name: string): Record<string, unknown> {
    const {
      $schema: _dialect,
      $defs,
      ...root
    } = z.toJSONSchema(schema, {
      target: "draft-2020-12",
      io: direction,
      unrepresentable: "any",
      override: ({ jsonSchema }) => {
        // Every integer that JSON can carry: says nothing.
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        // A program that reads an answer must accept members that come later.
        if (direction === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    }) as Record<string, unknown>;
    const names = new Map<string, string>();
    for (const [own, definition] of Object.entries(($defs ?? {}) as Record<string, unknown>)) {
      names.set(
        `#/$defs/${own}`,
        this.#name(own.startsWith("__") ? `${name}${own.replace(/^__schema/, "Part")}` : own, definition, direction),
      );
    }
    const selfName = `${name}Whole`;
    names.set("#", selfName);
    for (const [own, definition] of Object.entries(($defs ?? {}) as Record<string, unknown>)) {
      this.#components.set(names.get(`#/$defs/${own}`) ?? own, pointed(definition, names));
    }
    const whole = pointed(root, names) as Record<string, unknown>;
    if (!JSON.stringify(whole).includes(`"#/components/schemas/${selfName}"`)) return whole;
    this.#components.set(selfName, whole);
    return { $ref: `#/components/schemas/${selfName}` };
  }

  components(): Record<string, unknown> {
    return Object.fromEntries([...this.#components].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** The name that this definition has or gets: its own, unless something else has it. */
  #name(own: string, definition: unknown, direction: Direction): string {
    const candidates = [own, `${own}${direction === "input" ? "Input" : "Output"}`];
    const fits = (name: string): boolean => {
      const there = this.#raw.get(name);
      return there === undefined || there === canonicalJson(definition);
    };
    const name = candidates.find(fits);
    if (name === undefined) throw new Error(`Two schemas have the id ${own}. Give one of them another.`);
    this.#raw.set(name, canonicalJson(definition));
    return name;
  }
}

/** The same with each `$ref` pointing into the document. */
function pointed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((entry) => pointed(entry, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const target = key === "$ref" && typeof entry === "string" ? names.get(entry) : undefined;
      return [key, target === undefined ? pointed(entry, names) : `#/components/schemas/${target}`];
    }),
  );
}
