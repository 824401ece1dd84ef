import { type BusinessHours, WEEKDAYS } from "../ports/assistant.ts";

/**
 * Whether somebody is there at a moment (milliseconds since 1970), by the clock on the wall of the team's time zone:
 * "09:00" is nine o'clock before and after a change of clocks. `to` is over already; "24:00" is midnight. Without hours
 * somebody always is.
 */
export function isOpen(hours: BusinessHours | undefined, now: number): boolean {
  if (hours === undefined) return true;
  const { day, time } = wallClock(hours.timeZone, now);
  return (hours.week[day] ?? []).some(({ from, to }) => from <= time && time < to);
}

function wallClock(timeZone: string, now: number): { day: (typeof WEEKDAYS)[number]; time: string } {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const weekday = parts.get("weekday")?.toLowerCase();
  const day = WEEKDAYS.find((one) => one === weekday) ?? "monday";
  return { day, time: `${parts.get("hour")}:${parts.get("minute")}` };
}
