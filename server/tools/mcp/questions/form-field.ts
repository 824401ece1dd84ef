import * as z from "zod";
import type { InputField } from "../../../../protocol/input-fields.ts";
import { hasInvisible, plainLine, plainText } from "../../definitions/plain-text.ts";
import { asksForSecret, namesSecret } from "./sensitive-field.ts";

const OPTIONS = 200;
const NAME_CHARACTERS = 100;
const TITLE_CHARACTERS = 120;
const DESCRIPTION_CHARACTERS = 500;
const TEXT_CHARACTERS = 10_000;
const PATTERN_CHARACTERS = 200;

/** A form cannot be shown as the server wants it. The message says why, for staff. */
export class UnusableFormError extends Error {
  override readonly name = "UnusableFormError";
}

const count = z.int().min(0).optional();
const words = { title: z.string().optional(), description: z.string().optional() };
const titledOption = z.object({ const: z.string(), title: z.string() });

const textSchema = z.object({
  type: z.literal("string"),
  ...words,
  format: z.string().optional(),
  minLength: count,
  maxLength: count,
  pattern: z.string().max(PATTERN_CHARACTERS).optional(),
  default: z.string().max(TEXT_CHARACTERS).optional(),
});
const choiceSchema = z.object({
  type: z.literal("string"),
  ...words,
  enum: z.array(z.string()).min(1).max(OPTIONS).optional(),
  enumNames: z.array(z.string()).max(OPTIONS).optional(),
  oneOf: z.array(titledOption).min(1).max(OPTIONS).optional(),
  default: z.string().optional(),
});
const numberSchema = z.object({
  type: z.enum(["number", "integer"]),
  ...words,
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  default: z.number().optional(),
});
const booleanSchema = z.object({ type: z.literal("boolean"), ...words, default: z.boolean().optional() });
const choicesSchema = z.object({
  type: z.literal("array"),
  ...words,
  minItems: count,
  maxItems: count,
  items: z.union([
    z.object({ type: z.literal("string"), enum: z.array(z.string()).min(1).max(OPTIONS) }),
    z.object({ anyOf: z.array(titledOption).min(1).max(OPTIONS) }),
  ]),
  default: z.array(z.string()).optional(),
});

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One field, from its schema. Throws `UnusableFormError`. */
export function readField(name: string, property: unknown, required: boolean): InputField {
  if (name === "" || name.length > NAME_CHARACTERS || hasInvisible(name) || ["__proto__", "constructor", "prototype"].includes(name))
    throw new UnusableFormError(`it has a field that cannot be called ${quoted(name)}`);
  if (!isObject(property)) throw new UnusableFormError(`its field ${quoted(name)} has no schema`);
  const field = fieldOf(name, property, required);
  if (field.kind === "text" || field.kind === "number") refuseSecret(field, property);
  return field;
}

function fieldOf(name: string, property: Record<string, unknown>, required: boolean): InputField {
  switch (property["type"]) {
    case "string":
      return "enum" in property || "oneOf" in property ? choiceField(name, property, required) : textField(name, property, required);
    case "number":
    case "integer": {
      const read = parse(numberSchema, name, property);
      const { type, minimum, maximum } = read;
      return {
        ...shared(name, read, required),
        kind: "number",
        integer: type === "integer",
        ...defined({ minimum, maximum, default: read.default }),
      };
    }
    case "boolean": {
      const read = parse(booleanSchema, name, property);
      return { ...shared(name, read, required), kind: "boolean", ...defined({ default: read.default }) };
    }
    case "array":
      return choicesField(name, property, required);
    default:
      throw new UnusableFormError(`its field ${quoted(name)} is neither text, number, yes or no, nor a choice`);
  }
}

function textField(name: string, property: Record<string, unknown>, required: boolean): InputField {
  const read = parse(textSchema, name, property);
  const { format, minLength, maxLength, pattern } = read;
  if (pattern !== undefined && !compiles(pattern)) throw new UnusableFormError(`the pattern of its field ${quoted(name)} is not one`);
  const known = format === "email" || format === "uri" || format === "date" || format === "date-time" ? format : undefined;
  return {
    ...shared(name, read, required),
    kind: "text",
    ...defined({ format: known, minLength, maxLength, pattern, default: read.default }),
  };
}

function choiceField(name: string, property: Record<string, unknown>, required: boolean): InputField {
  const read = parse(choiceSchema, name, property);
  const options =
    read.oneOf?.map((one) => ({ value: one.const, title: title(one.title, one.const) })) ??
    read.enum?.map((value, index) => ({ value, title: title(read.enumNames?.[index], value) })) ??
    [];
  const preset = options.some(({ value }) => value === read.default) ? read.default : undefined;
  return { ...shared(name, read, required), kind: "choice", options, ...defined({ default: preset }) };
}

function choicesField(name: string, property: Record<string, unknown>, required: boolean): InputField {
  const read = parse(choicesSchema, name, property);
  const options =
    "anyOf" in read.items
      ? read.items.anyOf.map((one) => ({ value: one.const, title: title(one.title, one.const) }))
      : read.items.enum.map((value) => ({ value, title: title(undefined, value) }));
  const { minItems, maxItems } = read;
  const preset = read.default?.filter((value) => options.some((option) => option.value === value));
  return { ...shared(name, read, required), kind: "choices", options, ...defined({ minItems, maxItems, default: preset }) };
}

function shared(name: string, read: { title?: string | undefined; description?: string | undefined }, required: boolean) {
  const description = plainText(read.description ?? "", DESCRIPTION_CHARACTERS).trim();
  return { name, title: title(read.title, name), ...(description === "" ? {} : { description }), required };
}

function title(given: string | undefined, otherwise: string): string {
  return plainLine(given ?? "", TITLE_CHARACTERS) || plainLine(otherwise, TITLE_CHARACTERS) || "…";
}

function refuseSecret(field: InputField, property: Record<string, unknown>): void {
  const format = property["format"];
  const secret =
    (typeof format === "string" && namesSecret(format)) ||
    property["writeOnly"] === true ||
    namesSecret(field.name) ||
    namesSecret(field.title) ||
    asksForSecret(field.description ?? "");
  if (secret)
    throw new UnusableFormError(`its field ${quoted(field.name)} asks for a secret, which is never typed into a form of a server`);
}

function parse<T>(schema: z.ZodType<T>, name: string, property: unknown): T {
  const parsed = schema.safeParse(property);
  if (!parsed.success) throw unusable(`its field ${quoted(name)} is not one that can be shown`, parsed.error);
  return parsed.data;
}

export function unusable(what: string, error: z.ZodError): UnusableFormError {
  return new UnusableFormError(`${what} (${plainLine(z.prettifyError(error), 200)})`);
}

/** A name as staff read it in a fault. */
export function quoted(name: string): string {
  return `"${plainLine(name, 60)}"`;
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

/** Without the members that are undefined. */
function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
