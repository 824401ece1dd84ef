import { expect, test, vi } from "vitest";
import { Formats } from "../../widget/words/formats.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

test("what is left is rounded alike for the team and for the customer", async () => {
  vi.stubGlobal("document", { documentElement: { lang: "en" } });
  vi.stubGlobal("navigator", { languages: ["en-US"] });
  const { formatLeft } = await import("../../console/foundation/format.ts");
  expect(formatLeft(7 * DAY - 1)).toBe("7 days");
  const widget = new Formats("en-US");
  for (const left of [1, 59_100, MINUTE, MINUTE + 1, 14 * MINUTE, 120 * MINUTE, 120 * MINUTE + 1, 2 * DAY, 2 * DAY + 1, 7 * DAY, 40 * DAY])
    expect([left, formatLeft(left)]).toEqual([left, widget.left(left)]);
});
