import type { ArgumentField } from "../../../../protocol/content.ts";
import { toJson } from "../../../native/to-json.ts";
import { callWords } from "../../../words/call-words.ts";
import type { Speaking } from "../../foundation/thread-context.ts";

/** An argument's value in the customer's words. What has no plain form comes as JSON. */
export function fieldText({ value, format, currency }: ArgumentField, { words, formats: { language } }: Speaking): string {
  if (format === "money" && typeof value === "number" && currency !== undefined) return money(value, currency, language);
  if ((format === "date" || format === "date-time") && typeof value === "string") return dateText(value, language);
  if (typeof value === "boolean") return value ? callWords(words).yes : callWords(words).no;
  if (typeof value === "number") return new Intl.NumberFormat(language, { maximumFractionDigits: 20, useGrouping: false }).format(value);
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value) && value.every((item) => typeof item === "string" || typeof item === "number")) return value.join(", ");
  return toJson(value);
}

/** `minor` units of `currency` (ISO 4217), "€23.00". An unknown currency leaves the bare number. */
function money(minor: number, currency: string, language: string): string {
  try {
    const format = new Intl.NumberFormat(language, { style: "currency", currency });
    return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    return `${minor} ${currency}`;
  }
}

/**
 * A date or moment as tools send it (ISO 8601); anything else comes back as it was. A plain date has no time zone and
 * gets none.
 */
function dateText(text: string, language: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at) || !/^\d{4}-/.test(text)) return text;
  const isPlain = /^\d{4}-\d\d-\d\d$/.test(text);
  return new Intl.DateTimeFormat(
    language,
    isPlain ? { dateStyle: "long", timeZone: "UTC" } : { dateStyle: "medium", timeStyle: "short" },
  ).format(at);
}
