import { formatDate, formatDateTime, formatMinorUnits } from "../foundation/format.ts";

/** An argument as the server names it for people. */
export interface NamedArgument {
  readonly name: string;
  readonly title: string;
  readonly value?: unknown;
  readonly format?: string;
  readonly currency?: string;
  /** The website says it, in the customer's token. */
  readonly filled?: true;
}

/** Its value as people read it: money and dates by their format, all else as it is. */
export function argumentText({ value, format, currency }: NamedArgument): string {
  if (format === "money" && typeof value === "number" && currency !== undefined) return formatMinorUnits(value, currency) ?? String(value);
  if ((format === "date" || format === "date-time") && typeof value === "string") {
    const time = Date.parse(value);
    if (!Number.isNaN(time)) return format === "date" ? formatDate(value) : formatDateTime(time);
  }
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
