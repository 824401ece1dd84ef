import { QUARTER_MS, quarterOf } from "./quarter.ts";

/** A day of a zone, `2026-11-30`, and the quarters of an hour that are its: `from <= quarter < to`. */
export interface ZoneDay {
  readonly day: string;
  readonly from: number;
  readonly to: number;
}

/** No zone is further from UTC. */
const MOST_OFFSET_MS = 16 * 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/**
 * The days of one IANA zone as it keeps its clocks: of 23, 24 or 25 hours, or of another length where it changes by
 * half an hour. A day begins with the first quarter whose date it is; one that a zone left out has none.
 */
export class ZoneDays {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;

  /** Throws `RangeError` for a zone that is not known. */
  constructor(zone: string) {
    this.zone = zone;
    this.#format = new Intl.DateTimeFormat("en", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
  }

  /** The date there at a moment. */
  dateAt(at: number): string {
    const parts = this.#format.formatToParts(at);
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
    return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
  }

  /** The first quarter of a date. */
  startOf(day: string): number {
    const midnight = Date.parse(`${day}T00:00:00Z`);
    let before = quarterOf(midnight - MOST_OFFSET_MS);
    let after = quarterOf(midnight + MOST_OFFSET_MS);
    while (after - before > 1) {
      const middle = (before + after) >> 1;
      if (this.dateAt(middle * QUARTER_MS) >= day) after = middle;
      else before = middle;
    }
    return after;
  }

  /** Every day from the first to the last, in order, each beginning where the one before ends. */
  between(first: string, last: string): readonly ZoneDay[] {
    const days: ZoneDay[] = [];
    let from = this.startOf(first);
    for (let day = first; day <= last; day = dayAfter(day)) {
      const to = this.startOf(dayAfter(day));
      days.push({ day, from, to });
      from = to;
    }
    return days;
  }

  /** The day, or the month, that a moment is in. */
  periodAt(at: number, per: "day" | "month"): ZoneDay {
    const today = this.dateAt(at);
    const day = per === "day" ? today : `${today.slice(0, 7)}-01`;
    return { day, from: this.startOf(day), to: this.startOf(per === "day" ? dayAfter(day) : monthAfter(day)) };
  }
}

export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days there are from one to another, both counted. */
export function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS) + 1;
}

function monthAfter(first: string): string {
  const [year = 0, month = 0] = first.split("-").map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}
