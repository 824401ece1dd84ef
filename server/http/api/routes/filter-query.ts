import * as z from "zod";

const time = z.union([
  z.coerce.number<string>().int().min(0).max(8_640_000_000_000_000),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
]);

/** From when to when a list goes: milliseconds since 1970, or ISO 8601. */
export const timeQuery = {
  from: time.optional().describe("At this time or later; milliseconds since 1970, or ISO 8601."),
  to: time.optional().describe("Before this time."),
};

/** Without what was not asked for. */
export function given<Values extends object>(values: Values): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Values]?: Exclude<Values[Name], undefined>;
  };
}

export function iso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
