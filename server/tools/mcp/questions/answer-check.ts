import type { InputField, InputValue } from "../../../../protocol/input-fields.ts";
import { boundedRun } from "../../definitions/bounded-run.ts";

/** For all patterns of a form. */
const PATTERNS_MS = 50;

/** What a person put in does not fit the form that they were shown. */
export class UnfitAnswerError extends Error {
  override readonly name = "UnfitAnswerError";
}

/**
 * The values as the server may get them: those of the form's fields and no other, each as its field demands. Throws
 * `UnfitAnswerError`.
 */
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
  const misfit = patternMisfit(fields, new Map(entries));
  if (misfit !== undefined) throw new UnfitAnswerError(`The field "${misfit}" does not have the form that is asked for.`);
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

/**
 * The first field whose pattern its text does not have. All of them together get the time: fifty that are just quick
 * enough would be slow.
 */
function patternMisfit(fields: readonly InputField[], values: ReadonlyMap<string, InputValue>): string | undefined {
  let looking: string | undefined;
  const test = (): string | undefined => {
    for (const field of fields) {
      const value = values.get(field.name);
      if (field.kind !== "text" || field.pattern === undefined || typeof value !== "string") continue;
      looking = field.name;
      if (!new RegExp(field.pattern, "u").test(value)) return field.name;
    }
    return undefined;
  };
  try {
    return boundedRun(PATTERNS_MS, test);
  } catch {
    return looking;
  }
}

function outside(value: number, least: number | undefined, most: number | undefined): boolean {
  return (least !== undefined && value < least) || (most !== undefined && value > most);
}
