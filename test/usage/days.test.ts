import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayAfter, ZoneDays } from "../../server/usage/days.ts";
import { QUARTER_MS } from "../../server/usage/quarter.ts";

const hours = ({ from, to }: { from: number; to: number }) => (to - from) / 4;

describe("the days of a zone", () => {
  test.each([
    // Europe/Berlin goes forward on the last Sunday of March, and back on that of October.
    ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", 23],
    ["Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", 25],
    ["Europe/Berlin", "2026-06-01", "2026-05-31T22:00:00Z", 24],
    // Half an hour beside the full ones.
    ["America/St_Johns", "2026-03-08", "2026-03-08T03:30:00Z", 23],
    ["America/St_Johns", "2026-11-01", "2026-11-01T02:30:00Z", 25],
    // Three quarters.
    ["Asia/Kathmandu", "2026-03-29", "2026-03-28T18:15:00Z", 24],
    // The change itself is half an hour.
    ["Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00Z", 23.5],
    ["Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", 24.5],
    // The clock goes from 23:59 to 1:00: there is no midnight.
    ["Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z", 23],
    // Samoa left a day out.
    ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", 0],
  ])("%s: %s begins at %s and has %d hours", (zone, day, start, length) => {
    const [found] = new ZoneDays(zone).between(day, day);
    expect(new Date(found!.from * QUARTER_MS).toISOString()).toBe(start.replace("Z", ".000Z"));
    expect(hours(found!)).toBe(length);
  });

  test("follow each other without a gap, and every moment of one has its date", () => {
    const zones = fc.constantFrom("Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "UTC");
    const first = fc.integer({ min: 0, max: 4_000 }).map((days) => dayAfter("2020-01-01", days));
    fc.assert(
      fc.property(zones, first, fc.nat(95), (zone, day, quarter) => {
        const days = new ZoneDays(zone);
        const found = days.between(day, dayAfter(day, 3));
        expect(found.slice(1).map(({ from }) => from)).toEqual(found.slice(0, -1).map(({ to }) => to));
        for (const one of found) {
          const inside = Math.min(one.from + quarter, one.to - 1);
          expect(days.dateAt(inside * QUARTER_MS)).toBe(one.day);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a month is that of the zone", () => {
    const at = Date.parse("2026-10-31T23:30:00Z");
    expect(new ZoneDays("Europe/Berlin").periodAt(at, "month")).toMatchObject({ day: "2026-11-01" });
    const { from, to } = new ZoneDays("America/St_Johns").periodAt(at, "month");
    expect(new Date(from * QUARTER_MS).toISOString()).toBe("2026-10-01T02:30:00.000Z");
    expect(new Date(to * QUARTER_MS).toISOString()).toBe("2026-11-01T02:30:00.000Z");
  });
});
