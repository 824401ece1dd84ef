import type { InputField, InputValue } from "../../../protocol/input-fields.ts";
import { mayFreeze } from "./pattern-cost.ts";

/** Nobody types more into one field of a chat's form; a server has to carry it, too. */
const MOST_CHARACTERS = 10_000;
/** A pattern is the server's own text and is run here. */
const MOST_PATTERN_CHARACTERS = 200;

type Content = Readonly<Record<string, InputValue>>;

/**
 * Whether what a person put into a form fits its fields. Undefined: it does. Otherwise what does not, naming the field
 * by its title, in words for the person. A field that is not asked for is refused, and so is one that is required and
 * missing. Pure.
 */
export function checkInput(fields: readonly InputField[], content: Content): string | undefined {
  const unknown = Object.keys(content).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined) return `"${unknown.slice(0, 100)}" is not asked for.`;
  for (const field of fields) {
    const value = Object.hasOwn(content, field.name) ? content[field.name] : undefined;
    const wrong = value === undefined ? missing(field) : checkField(field, value);
    if (wrong !== undefined) return `"${field.title}" ${wrong}`;
  }
  return undefined;
}

function missing(field: InputField): string | undefined {
  return field.required ? "is needed." : undefined;
}

function checkField(field: InputField, value: InputValue): string | undefined {
  switch (field.kind) {
    case "text":
      return typeof value === "string" ? checkText(field, value) : "has to be text.";
    case "number":
      return typeof value === "number" ? checkNumber(field, value) : "has to be a number.";
    case "boolean":
      return typeof value === "boolean" ? undefined : "has to be yes or no.";
    case "choice":
      return typeof value === "string" && offers(field.options, value) ? undefined : "has to be one of the choices.";
    case "choices":
      return Array.isArray(value) ? checkChoices(field, value) : "has to be a list of choices.";
  }
}

function checkText(field: Extract<InputField, { kind: "text" }>, value: string): string | undefined {
  // JSON Schema counts characters, not code units.
  const characters = Array.from(value).length;
  // An empty text in a field that may stay empty is how a page says nothing.
  if (value === "" && !field.required) return undefined;
  if (value === "" && field.minLength === undefined) return "is needed.";
  if (characters < (field.minLength ?? 0)) return `needs at least ${field.minLength} characters.`;
  const most = Math.min(field.maxLength ?? MOST_CHARACTERS, MOST_CHARACTERS);
  if (characters > most) return `may have ${most} characters and has ${characters}.`;
  if (value === "") return undefined;
  if (field.format !== undefined && !FORMATS[field.format].test(value)) return FORMATS[field.format].wrong;
  if (field.pattern !== undefined && !matches(field.pattern, value)) return "does not have the form that is asked for.";
  return undefined;
}

const FORMATS = {
  email: { test: (value: string) => /^[^\s@]{1,64}@[^\s@]+\.[^\s@.]+$/u.test(value), wrong: "has to be an email address." },
  uri: {
    test: (value: string) => /^[a-z][a-z\d+.-]*:/i.test(value) && URL.canParse(value),
    wrong: "has to be a whole address, such as https://example.com.",
  },
  date: { test: isDate, wrong: "has to be a date, such as 2026-11-20." },
  "date-time": { test: isMoment, wrong: "has to be a date and a time, such as 2026-11-20T12:30:00Z." },
} as const;

function isDate(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

function isMoment(value: string): boolean {
  const parts = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)([Zz]|[+-]\d\d:\d\d)?$/.exec(value);
  return parts?.[1] !== undefined && isDate(parts[1]) && !Number.isNaN(Date.parse(`${parts[1]}T${parts[2]}Z`));
}

/** A long, slow or unreadable pattern decides nothing: the server that made it looks at the answer itself. */
function matches(pattern: string, value: string): boolean {
  if (pattern.length > MOST_PATTERN_CHARACTERS || mayFreeze(pattern, value.length)) return true;
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}

function checkNumber(field: Extract<InputField, { kind: "number" }>, value: number): string | undefined {
  if (!Number.isFinite(value)) return "has to be a number.";
  if (field.integer && !Number.isInteger(value)) return "has to be a whole number.";
  if (field.minimum !== undefined && value < field.minimum) return `has to be at least ${field.minimum}.`;
  if (field.maximum !== undefined && value > field.maximum) return `has to be at most ${field.maximum}.`;
  return undefined;
}

function checkChoices(field: Extract<InputField, { kind: "choices" }>, value: readonly string[]): string | undefined {
  if (!value.every((one) => offers(field.options, one)) || new Set(value).size !== value.length)
    return "has to be chosen from the list, each once.";
  if (field.minItems !== undefined && value.length < field.minItems) return `needs at least ${field.minItems} of the choices.`;
  if (field.maxItems !== undefined && value.length > field.maxItems) return `may have at most ${field.maxItems} of the choices.`;
  return undefined;
}

function offers(options: readonly { readonly value: string }[], value: string): boolean {
  return options.some((option) => option.value === value);
}
