/** Every tool reaches its provider in a form that the provider documents, whatever its server wrote. */
import { describe, expect, test } from "vitest";
import { schemaFaults, type SchemaProvider } from "./provider-schema-checker.ts";

const faultsOf = (provider: SchemaProvider, properties: Record<string, unknown>, more: Record<string, unknown> = {}): string[] =>
  schemaFaults(provider, { name: "one", description: "One.", schema: { type: "object", properties, ...more } });

describe("the checker", () => {
  test.each<[SchemaProvider, Record<string, unknown>, string]>([
    ["openai", { tags: { type: "array" } }, "/properties/tags: an array without items"],
    ["openai", { tags: true }, "/: /properties/tags is true"],
    ["openai-strict", { a: { type: "string" } }, '/: "a" is not required'],
    ["anthropic", { $top: {} }, 'top: the argument "$top" is not like /^[a-zA-Z0-9_.-]{1,64}$/'],
    ["anthropic", { pair: { type: "array", items: [{}] } }, "/properties/pair: items is not a schema"],
    ["anthropic", { a: { type: "any" } }, "/properties/a: type is not a type"],
    ["google", { a: { type: "string", pattern: "^a" } }, "/properties/a: pattern is not among the words that are documented"],
    ["google", { a: { $ref: "#/$defs/a" } }, "/properties/a: $ref leads nowhere: #/$defs/a"],
    ["google", { a: { enum: ["a", ""] } }, '/properties/a: enum has ""'],
    ["google", { rows: { type: "array", items: { type: ["object", "null"] } } }, "/properties/rows/items: the types object in one list"],
    ["compatible", { a: { type: "string", pattern: "a" } }, "/properties/a: a pattern, of which some servers make no grammar"],
  ])("of %s sees a fault in %j", (provider, properties, fault) => {
    expect(faultsOf(provider, properties)).toContain(fault);
  });

  test("takes a plain tool everywhere", () => {
    const plain = { a: { type: "string", description: "A." }, b: { type: "array", items: { type: "number" } } };
    const closed = { required: ["a", "b"], additionalProperties: false };
    for (const provider of ["openai", "openai-strict", "anthropic", "google", "compatible"] as const)
      expect(faultsOf(provider, plain, closed)).toEqual([]);
  });

  test("of Google knows a required property that leads back to itself", () => {
    const node = (required: string[]): object => ({ type: "object", properties: { next: { $ref: "#/$defs/node" } }, required });
    const faults = (required: string[]): string[] =>
      faultsOf("google", { first: { $ref: "#/$defs/node" } }, { required: ["first"], $defs: { node: node(required) } });
    expect(faults([])).toEqual([]);
    expect(faults(["next"])).toEqual(["/: a required property refers back to what it is in"]);
  });
});
