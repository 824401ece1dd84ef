const euro = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });
const day = new Intl.DateTimeFormat("en-IE", { weekday: "long", day: "numeric", month: "long" });
const moment = new Intl.DateTimeFormat("en-IE", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** `9490` as "€94.90". */
export function formatEuros(cents: number): string {
  return euro.format(cents / 100);
}

/** Milliseconds since 1970 as "Sunday 22 November". */
export function formatDay(at: number): string {
  return day.format(at);
}

/** Milliseconds since 1970 as "20 November at 14:02". */
export function formatMoment(at: number): string {
  return moment.format(at);
}
