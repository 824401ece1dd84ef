/** Markdown in lists: its words, and none of its marks, wherever it was cut. */
import { expect, test } from "vitest";
import { plainText } from "../../console/foundation/plain-text.ts";

test.each([
  ["Order **1042** is **on its way**. Number `HP 4471`", "Order 1042 is on its way. Number HP 4471"],
  ["Yours: | Order | Total | | --- | --: | | 1043 | €122.90 |", "Yours: · Order · Total · 1043 · €122.90 · "],
  ["## Hours\nSee [the page](https://shop.example/hours) and #3", "Hours\nSee the page and #3"],
  ["cut **in the mid", "cut in the mid"],
  ["snake_case_name, 2 * 3 and a-b stay", "snake_case_name, 2 * 3 and a-b stay"],
])("%j", (markdown, plain) => {
  expect(plainText(markdown)).toBe(plain);
});
