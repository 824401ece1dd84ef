import { expect, test } from "vitest";
import { cutTexts } from "../../../server/tools/definitions/cut-texts.ts";

test("whoever owns a tool is told which of its texts the model does not read to the end", () => {
  const long = "x".repeat(5_000);
  const properties = {
    pipeline: { type: "string", description: long },
    description: { type: "string", default: long },
    short: { title: "Short" },
  };
  expect(cutTexts({ description: long, inputSchema: { type: "object", properties } })).toEqual([
    { path: "/description", characters: 5_000, readCharacters: 4_096 },
    { path: "/inputSchema/properties/pipeline/description", characters: 5_000, readCharacters: 2_048 },
  ]);
  expect(cutTexts({ inputSchema: { type: "object" } })).toEqual([]);
});
