import {
  argumentIn,
  argumentsOf,
  type Arguments,
  fillTemplate,
  parseTemplate,
  soleArgument,
  type Template,
  TemplateError,
} from "./template.ts";

/**
 * A JSON value whose texts are templates. It is filled as a value, never as text: an argument can only ever become a
 * value, or a part of one text.
 */
export type BodyTemplate =
  | { readonly kind: "constant"; readonly value: number | boolean | null }
  | { readonly kind: "text"; readonly template: Template }
  | { readonly kind: "list"; readonly items: readonly BodyTemplate[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, BodyTemplate])[] };

/** Templates are written by hand. */
const DEEPEST = 32;

/** Throws `TemplateError`. */
export function parseBodyTemplate(value: unknown, depth = 0): BodyTemplate {
  if (depth > DEEPEST) throw new TemplateError(`Expected a body that is nested ${DEEPEST} levels at most.`);
  if (typeof value === "string") return { kind: "text", template: parseTemplate(value) };
  if (value === null || typeof value === "boolean" || typeof value === "number") return { kind: "constant", value };
  if (Array.isArray(value)) return { kind: "list", items: value.map((item) => parseBodyTemplate(item, depth + 1)) };
  if (typeof value !== "object") throw new TemplateError("Expected a JSON value.");
  return { kind: "object", members: Object.entries(value).map(([name, inner]) => [name, parseBodyTemplate(inner, depth + 1)] as const) };
}

/** The arguments that a body names. */
export function bodyArguments(body: BodyTemplate): readonly string[] {
  switch (body.kind) {
    case "constant":
      return [];
    case "text":
      return argumentsOf(body.template);
    case "list":
      return body.items.flatMap(bodyArguments);
    case "object":
      return body.members.flatMap(([, inner]) => bodyArguments(inner));
  }
}

/**
 * The body with its arguments in place: a text that is one argument and nothing else becomes the argument itself,
 * whatever it is; in a longer text it is text. A member or item whose argument is missing is left out; undefined: all
 * of it is. Throws `ArgumentError`.
 */
export function fillBody(body: BodyTemplate, given: Arguments): unknown {
  switch (body.kind) {
    case "constant":
      return body.value;
    case "text": {
      const sole = soleArgument(body.template);
      return sole === undefined ? fillTemplate(body.template, given) : argumentIn(given, sole);
    }
    case "list":
      return body.items.map((item) => fillBody(item, given)).filter((item) => item !== undefined);
    case "object":
      // As own properties, whatever they are called.
      return Object.fromEntries(
        body.members.map(([name, inner]) => [name, fillBody(inner, given)] as const).filter(([, inner]) => inner !== undefined),
      );
  }
}
