import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { configurationJsonSchema } from "../../server/configuration/json-schema.ts";

function fieldsOf(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(fieldsOf);
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === "properties" ? [...Object.keys(value as object), ...fieldsOf(Object.values(value as object))] : fieldsOf(value),
  );
}

it("docs/configuration.md tells every field that the file may have", async () => {
  const text = await readFile(new URL("../../docs/configuration.md", import.meta.url), "utf8");
  const named = new Set([...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => code?.match(/[$\w]+/g) ?? []));
  expect([...new Set(fieldsOf(configurationJsonSchema()))].filter((field) => !named.has(field))).toEqual([]);
});
