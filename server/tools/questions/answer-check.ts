import type { InputField, InputValue } from "../../../protocol/input-fields.ts";
import { boundedRun } from "../bounded-run.ts";

const PATTERN_MS = 50;

/** What a person put in does not fit the form that they were shown. */
export class UnfitAnswerError extends Error {
  override readonly name = "UnfitAnswerError";
}

/** The values as the server may get them: those of the form's fields and no other, each as its field demands. Throws `UnfitAnswerError`. */
export function checkedContent(
  fields: readonly InputField[],
  content: Readonly<Record<string, InputValue>>,
): Readonly<Record<string, InputValue>> {
  const names = new Set(fields.map(({ name }) => name));
  for (const name of Object.keys(content)) if (!names.has(name)) throw new UnfitAnswerError(`There is no field "${name}".`);
  const entries = fields.flatMap((field): [string, InputValue][] => {
    const value = Object.hasOwn(content, field.name) ? content[field.name] : undefined;
    // An empty text in a field that may stay empty is how a browser says nothing.
    if (value === undefined || (value === "" && !field.required)) {
      if (field.required) throw new UnfitAnswerError(`The field "${field.name}" is missing.`);
      return [];
    }
    const fault = faultOf(field, value);
    if (fault !== undefined) throw new UnfitAnswerError(`The field "${field.name}" ${fault}.`);
    return [[field.name, value]];
  });
  return Object.fromEntries(entries);
}

function faultOf(field: InputField, value: InputValue): string | undefined {
  switch (field.kind) {
    case "text":
      return typeof value === "string" ? textFault(field, value) : "is not a text";
    case "number":
      if (typeof value !== "number" || !Number.isFinite(value)) return "is not a number";
      if (field.integer && !Number.isInteger(value)) return "is not a whole number";
      return outside(value, field.minimum, field.maximum) ? "is out of its range" : undefined;
    case "boolean":
      return typeof value === "boolean" ? undefined : "is neither yes nor no";
    case "choice":
      return field.options.some((option) => option.value === value) ? undefined : "is none of its choices";
    case "choices":
      if (!Array.isArray(value) || new Set(value).size !== value.length) return "is not a list of choices";
      if (!value.every((one) => field.options.some((option) => option.value === one))) return "has something that is none of its choices";
      return outside(value.length, field.minItems, field.maxItems) ? "has too few or too many choices" : undefined;
  }
}

function textFault(field: Extract<InputField, { kind: "text" }>, value: string): string | undefined {
  if (outside(Array.from(value).length, field.minLength, field.maxLength)) return "is too short or too long";
  if (field.pattern !== undefined && !fits(field.pattern, value)) return "does not have the form that is asked for";
  switch (field.format) {
    case "email":
      return /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(value) ? undefined : "is not an email address";
    case "uri":
      return URL.canParse(value) ? undefined : "is not a web address";
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(value) && isDay(value) ? undefined : "is not a date";
    case "date-time":
      return /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2})?$/.test(value) && isDay(value.slice(0, 10))
        ? undefined
        : "is not a date with a time";
    case undefined:
      return undefined;
  }
}

/** February 31 is a date to nobody but `Date.parse`. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function fits(pattern: string, value: string): boolean {
  try {
    return boundedRun(PATTERN_MS, () => new RegExp(pattern, "u").test(value));
  } catch {
    return false;
  }
}

function outside(value: number, least: number | undefined, most: number | undefined): boolean {
  return (least !== undefined && value < least) || (most !== undefined && value > most);
}
