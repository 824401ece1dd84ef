/** With the milliseconds that each has, and those above which it is said. */
const LEFT_UNITS = [
  ["day", 86_400_000, 2 * 86_400_000],
  ["hour", 3_600_000, 2 * 3_600_000],
  ["minute", 60_000, 60_000],
] as const;

/**
 * Times and durations as people of one language write them. Makers of `Intl` are slow to construct, so one `Formats` is
 * kept per language.
 */
export class Formats {
  /** BCP 47 tag, with a region where the page names one. */
  readonly language: string;
  readonly #made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

  constructor(language: string) {
    this.language = language;
  }

  /** "14:02". `at` in milliseconds since 1970. */
  time(at: number): string {
    return this.#date({ hour: "numeric", minute: "2-digit" }).format(at);
  }

  /** "12 March", with the year where it is not this one. */
  day(at: number, now: number): string {
    const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
    return this.#date(sameYear ? { day: "numeric", month: "long" } : { dateStyle: "long" }).format(at);
  }

  /** Time that is left, rounded up; in a unit of which it is more than one or two. */
  left(ms: number): string {
    const [unit, length] = LEFT_UNITS.find(([, , from]) => ms > from) ?? (["second", 1000] as const);
    return this.amount(Math.max(1, Math.ceil(ms / length)), unit, 0);
  }

  /** "0.4 sec", "12 kB": an amount with its unit, as `Intl` names units. */
  amount(value: number, unit: "second" | "minute" | "hour" | "day" | "kilobyte", digits: number): string {
    return this.#number({ style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits }).format(value);
  }

  #number(options: Intl.NumberFormatOptions): Intl.NumberFormat {
    return this.#make(options, () => new Intl.NumberFormat(this.language, options));
  }

  #date(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return this.#make(options, () => new Intl.DateTimeFormat(this.language, options));
  }

  #make<F extends Intl.NumberFormat | Intl.DateTimeFormat>(options: object, create: () => F): F {
    const key = JSON.stringify(options);
    const format = (this.#made.get(key) as F | undefined) ?? create();
    this.#made.set(key, format);
    return format;
  }
}
