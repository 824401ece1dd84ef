import { expect, test } from "vitest";
import { bytesIn } from "../../../console/parts/json-bytes.ts";
import { beginsOpen, jsonLines, type JsonParent, sameJson } from "../../../console/parts/json-lines.ts";
import { type JsonMatch, MOST_MATCHES, searchJson } from "../../../console/parts/json-search.ts";

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function search(value: unknown, words: string): readonly JsonMatch[] {
  const steps = searchJson({ "": value }, words, 10);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

function nested(depth: number): unknown {
  let value: unknown = "bottom";
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

test("a value is a list of its visible lines; what is long or deep begins closed", () => {
  const value = { name: "kettle", sizes: [1, 2], deep: { deeper: { deepest: true } }, long: Array.from({ length: 201 }, () => 0) };
  const lines = jsonLines({ "": value }, beginsOpen);
  expect(lines.map(({ depth, key, entries }) => [depth, key, entries])).toEqual([
    [0, "", 4],
    [1, "name", undefined],
    [1, "sizes", 2],
    [2, "0", undefined],
    [2, "1", undefined],
    [1, "deep", 1],
    [2, "deeper", 1],
    [1, "long", 201],
  ]);
  expect(jsonLines({ "": value }, () => true)).toHaveLength(210);
});

test("fifty thousand levels are lines, are searched and are compared", () => {
  const deep = nested(50_000);
  expect(jsonLines({ "": deep }, () => true)).toHaveLength(50_001);
  expect(search(deep, "bottom")[0]?.inside).toHaveLength(50_000);
  expect(sameJson(deep, nested(50_000))).toBe(true);
});

test("words are found in names and values, with what has to be opened for them", () => {
  const value = { order: { Amount: 145, items: ["Kettle lid", "pot"] }, count: 0 };
  const found = search(value, "am").map(({ key, inside }) => [key, inside.length]);
  expect(found).toEqual([["Amount", 2]]);
  expect(search(value, "LID")[0]).toMatchObject({ key: "0", parent: value.order.items });
  // A place in a list is no word of it.
  expect(search(value, "0").map(({ key }) => key)).toEqual(["count"]);
  expect(
    search(
      Array.from({ length: 5_000 }, () => "same"),
      "same",
    ),
  ).toHaveLength(MOST_MATCHES);
});

test("it looks through a part at a time", () => {
  let parts = 0;
  for (const _found of searchJson({ "": Array.from({ length: 1_000 }, () => 1) } as JsonParent, "x", 100)) parts += 1;
  expect(parts).toBe(10);
});

test("base64 is bytes with a type, or by its letters; digits and words stay text", () => {
  const long = "ab+/".repeat(200);
  expect(bytesIn(`data:image/png;base64,${PIXEL}`, {})).toMatchObject({
    mimeType: "image/png",
    bytes: 70,
    picture: `data:image/png;base64,${PIXEL}`,
  });
  expect(bytesIn(long, { mimeType: "image/svg+xml" })).toEqual({ mimeType: "image/svg+xml", bytes: 600, picture: undefined });
  expect(bytesIn(long, {})).toEqual({ mimeType: undefined, bytes: 600, picture: undefined });
  expect(bytesIn("deadbeef".repeat(100), {})).toBeUndefined();
  expect(bytesIn("Donaudampfschiff".repeat(100), {})).toBeUndefined();
  expect(bytesIn("data:image/svg+xml,<svg onload=alert(1)>", {})).toBeUndefined();
  expect(bytesIn("four", { mimeType: "image/png" })).toBeUndefined();
  expect(bytesIn(PIXEL, { mimeType: "image/png" })?.picture).toContain("data:image/png;base64,");
  expect(bytesIn(PIXEL, { mimeType: "text/plain" })).toBeUndefined();
});

test("the same value again is the same, another is not", () => {
  const value = () => ({ list: [1, { two: null }], text: "a" });
  expect(sameJson(value(), value())).toBe(true);
  expect(sameJson(value(), { ...value(), text: "b" })).toBe(false);
  expect(sameJson([], {})).toBe(false);
  expect(sameJson({ a: undefined }, { b: undefined })).toBe(false);
});
