import { LANGUAGE } from "./words.ts";

/** The browser's own kind of the page's language, such as `en-GB`. */
export const LOCALE = navigator.languages.find((tag) => tag.toLowerCase().startsWith(LANGUAGE)) ?? LANGUAGE;

// Made when the first is needed: a browser takes tens of milliseconds for its first, before anything is drawn.
const dateTime = once(() => new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" }));
const exact = once(() => new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "long" }));
const relative = once(() => new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto", style: "short" }));
const clock = once(() => new Intl.DateTimeFormat(LOCALE, { timeStyle: "medium" }));
const minute = once(() => new Intl.DateTimeFormat(LOCALE, { timeStyle: "short" }));
const wholeDay = once(() => new Intl.DateTimeFormat(LOCALE, { dateStyle: "long" }));
const day = once(() => new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" }));
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

/** A day, `2026-03-01`, which is the same in every zone. */
export function formatDate(day: string): string {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeZone: "UTC" }).format(Date.parse(day));
}

/** An amount in minor units, such as cents. Undefined: there is no such currency. */
export function formatMinorUnits(minorUnits: number, currency: string): string | undefined {
  try {
    const format = new Intl.NumberFormat(LOCALE, { style: "currency", currency });
    return format.format(minorUnits / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    return undefined;
  }
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

/** "Ada, Ben and Cy". */
export function formatList(texts: readonly string[]): string {
  // A slow processor takes a tenth of a second for the first list.
  return texts.length < 2 ? (texts[0] ?? "") : list().format(texts);
}

const LONG_UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** "340ms", "2.4s", "3m 20s", "2h 5m": two units of a long time, the finer one left out where it is nothing. */
export function formatDuration(milliseconds: number): string {
  const said = (value: number, of: string): string =>
    new Intl.NumberFormat(LOCALE, { style: "unit", unit: of, unitDisplay: "narrow", maximumFractionDigits: 1 }).format(value);
  const at = LONG_UNITS.findIndex(([, size]) => milliseconds >= size);
  if (at === -1) return said(Math.round(milliseconds), "millisecond");
  if (at === LONG_UNITS.length - 1) return said(milliseconds / 1000, "second");
  const [unit, size] = LONG_UNITS[at]!;
  const [finer, finerSize] = LONG_UNITS[at + 1]!;
  const whole = Math.floor(milliseconds / size);
  const rest = Math.floor((milliseconds - whole * size) / finerSize);
  return rest === 0 ? said(whole, unit) : `${said(whole, unit)} ${said(rest, finer)}`;
}

/** "14:02". */
export function formatTime(time: number): string {
  return minute().format(time);
}

/** "28 November 2026". */
export function formatWholeDay(time: number): string {
  return wholeDay().format(time);
}

/** "14:02:10" today, "28 Nov, 14:02:10" before. */
export function formatMoment(time: number, now = Date.now()): string {
  const isToday = new Date(time).toDateString() === new Date(now).toDateString();
  return isToday ? clock().format(time) : `${day().format(time)}, ${clock().format(time)}`;
}

/** "12 min", "7 days": rounded up, in a unit of which it is more than one or two, as the widget says it to customers. */
export function formatLeft(milliseconds: number): string {
  const [unit, size] = LONG_UNITS.find(([name, length]) => milliseconds > (name === "minute" ? 1 : 2) * length) ?? LONG_UNITS[3];
  return new Intl.NumberFormat(LOCALE, { style: "unit", unit, unitDisplay: "short" }).format(Math.max(1, Math.ceil(milliseconds / size)));
}

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}
