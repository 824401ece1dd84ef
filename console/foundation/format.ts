import { LANGUAGE } from "./words.ts";

const LOCALE = navigator.languages.find((tag) => tag.toLowerCase().startsWith(LANGUAGE)) ?? LANGUAGE;

// Made when the first is needed: a browser takes tens of milliseconds for its first, before anything is drawn.
const dateTime = once(() => new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" }));
const exact = once(() => new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "long" }));
const relative = once(() => new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto", style: "short" }));
const numbers = once(() => new Intl.NumberFormat(LOCALE));
const list = once(() => new Intl.ListFormat(LOCALE, { type: "conjunction" }));

/** The zone that every time on the screen is in, such as `Europe/Berlin`. */
export function zone(): string {
  return dateTime().resolvedOptions().timeZone;
}

const UNITS = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

export function formatDateTime(time: number): string {
  return dateTime().format(time);
}

/** With the zone's name, for a title. */
export function formatExactly(time: number): string {
  return exact().format(time);
}

/** "3 min. ago". */
export function formatAgo(time: number, now = Date.now()): string {
  const seconds = Math.round((time - now) / 1000);
  for (const [unit, size] of UNITS) if (Math.abs(seconds) >= size) return relative().format(Math.trunc(seconds / size), unit);
  return relative().format(0, "second");
}

/** With exactly so many decimals, if they are given. */
export function formatNumber(value: number, decimals?: number): string {
  if (decimals === undefined) return numbers().format(value);
  return new Intl.NumberFormat(LOCALE, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);
}

/** The day and month that a moment is in, in a zone. */
export function formatDay(time: number, timeZone: string): string {
  let format = days.get(timeZone);
  if (format === undefined) days.set(timeZone, (format = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", timeZone })));
  return format.format(time);
}
const days = new Map<string, Intl.DateTimeFormat>();

export function formatPercent(share: number): string {
  return new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 }).format(share);
}

/** Small amounts with as many decimals as say something. */
export function formatMoney(amount: number, currency: string): string {
  const maximumFractionDigits = amount !== 0 && Math.abs(amount) < 1 ? 4 : 2;
  return new Intl.NumberFormat(LOCALE, { style: "currency", currency, minimumFractionDigits: 2, maximumFractionDigits }).format(amount);
}

export function formatList(texts: readonly string[]): string {
  return list().format(texts);
}

/** "1.2 s", "340 ms". */
export function formatDuration(milliseconds: number): string {
  const [value, unit] = milliseconds < 1000 ? [Math.round(milliseconds), "millisecond"] : [milliseconds / 1000, "second"];
  return new Intl.NumberFormat(LOCALE, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }).format(value);
}

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}
