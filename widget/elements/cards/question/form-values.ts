import type { InputField, InputValue } from "../../../../protocol/input-fields.ts";
import type { QuestionWords } from "../../../words/types/question-words.ts";

/** What a field holds while it is filled in: text as it was typed, a tick, or the ticks of several. */
export type Typed = string | boolean | readonly string[];

const EMPTY: { readonly [kind: string]: Typed } = { boolean: false, choices: [] };

/** What a field holds before anybody touched it. */
export function untouched(field: InputField): Typed {
  if (field.kind === "number") return String(field.default ?? "");
  if (field.kind === "text" && field.format === "date-time") return localMoment(field.default);
  return field.default ?? EMPTY[field.kind] ?? "";
}

/**
 * What to send for the field (nothing if it was left empty), or what is wrong with it. Our server checks the patterns:
 * here a hostile one would freeze the page.
 */
export function readTyped(field: InputField, typed: Typed, words: QuestionWords): { readonly value?: InputValue; readonly fault?: string } {
  const { faults } = words;
  if (typeof typed === "boolean") return { value: typed };
  if (typeof typed !== "string") return readChoices(field, typed, words);
  if (typed.trim() === "") return field.required ? { fault: field.kind === "choice" ? words.chooseOne : faults.needed } : {};
  if (field.kind === "number") return readNumber(field, typed, words);
  return field.kind === "text" ? readText(field, typed, words) : { value: typed };
}

function readChoices(field: InputField, typed: readonly string[], { faults }: QuestionWords): ReturnType<typeof readTyped> {
  const { minItems = 0, maxItems = Infinity } = field.kind === "choices" ? field : {};
  if (typed.length === 0 && !field.required) return {};
  const least = Math.max(minItems, field.required ? 1 : 0);
  if (typed.length < least) return { fault: faults.few(least) };
  return typed.length > maxItems ? { fault: faults.many(maxItems) } : { value: [...typed] };
}

function readNumber(
  { integer, minimum = -Infinity, maximum = Infinity }: Extract<InputField, { kind: "number" }>,
  typed: string,
  { faults }: QuestionWords,
): ReturnType<typeof readTyped> {
  // "1,5" is how half of the world writes it; with a point in it, a comma may mean anything.
  const value = Number(typed.trim().replace(/^([+-]?\d*),(\d+)$/, "$1.$2"));
  if (!Number.isFinite(value)) return { fault: integer ? faults.whole : faults.number };
  if (integer && !Number.isInteger(value)) return { fault: faults.whole };
  if (value < minimum) return { fault: faults.least(String(minimum)) };
  return value > maximum ? { fault: faults.most(String(maximum)) } : { value };
}

function readText(
  { format, minLength = 0, maxLength = Infinity }: Extract<InputField, { kind: "text" }>,
  typed: string,
  { faults }: QuestionWords,
): ReturnType<typeof readTyped> {
  const text = format === undefined ? typed : typed.trim();
  const { length } = Array.from(text);
  if (format === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(text)) return { fault: faults.email };
  if (format === "uri" && !(/^[a-z][a-z\d+.-]*:/i.test(text) && URL.canParse(text))) return { fault: faults.address };
  if (length < minLength) return { fault: faults.short(minLength) };
  if (length > maxLength) return { fault: faults.long(maxLength) };
  if (format !== "date-time") return { value: text };
  const at = Date.parse(text);
  return Number.isNaN(at) ? { fault: faults.date } : { value: new Date(at).toISOString() };
}

/** A moment as the browser's own field expects it: local time, without a zone. */
function localMoment(text = ""): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) return "";
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
