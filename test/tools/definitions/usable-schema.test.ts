import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/client/validators/cf-worker";
import { describe, expect, test } from "vitest";
import { valueCheck } from "../../../server/tools/definitions/argument-check.ts";

type Schema = Record<string, unknown>;
interface Checked {
  /** Undefined: it fits. */
  readonly said: string | undefined;
  readonly skipped: readonly string[];
}

function check(schema: Schema, value: unknown): Checked {
  const skipped: string[] = [];
  return {
    said: valueCheck({ type: "object", ...schema }, new CfWorkerJsonSchemaValidator(), (cause, effect) =>
      skipped.push(effect === "skipped" ? cause : `unusable: ${cause}`),
    )(value),
    skipped,
  };
}
const argument = (rule: Schema): Schema => ({ properties: { x: rule }, required: ["x"] });

describe("a pattern of another language or an older flag", () => {
  test.each<[string, string, string]>([
    [String.raw`^https\:\/\/`, "https://a.example", "ftp://a.example"],
    [String.raw`^a\-b$`, "a-b", "ab"],
    [String.raw`^a\_b$`, "a_b", "ab"],
    [String.raw`^\w+\@\w+$`, "a@b", "ab"],
    [String.raw`^[\w\-\.]+$`, "a-b.c", "a b"],
    [String.raw`^\#\d+$`, "#12", "12"],
    [String.raw`^[\_\-]$`, "_", "a"],
    [String.raw`^\d{2}\:\d{2}$`, "10:20", "1020"],
  ])("%s is checked as it is meant", (pattern, good, bad) => {
    expect(check(argument({ type: "string", pattern }), { x: good })).toEqual({ said: undefined, skipped: [] });
    expect(check(argument({ type: "string", pattern }), { x: bad }).said).toContain("arguments/x");
  });

  test.each(["(?i)abc", "(?P<y>a)", String.raw`\Aabc\z`, "(unclosed", "[b-a]", "a{2,1}"])(
    "%s is skipped and said, the rest holds",
    (pattern) => {
      const { said, skipped } = check(argument({ type: "string", pattern }), { x: "anything" });
      expect(said).toBeUndefined();
      expect(skipped).toEqual([expect.stringContaining(JSON.stringify(pattern)) as string]);
      expect(check(argument({ type: "string", pattern }), { x: 5 }).said).toContain("arguments/x");
    },
  );

  test("among patternProperties is skipped, and what it allowed is not refused", () => {
    const schema = {
      patternProperties: { "(?i)^x": { type: "string" }, [String.raw`^y\-`]: { type: "number" } },
      additionalProperties: false,
    };
    expect(check(schema, { X1: "a", "y-1": 5 }).said).toBeUndefined();
    expect(check(schema, { "y-1": "no number" }).said).toContain("y-1");
  });
});

describe("what is no JSON Schema of today", () => {
  test.each<[string, Schema, unknown, unknown]>([
    ["exclusiveMinimum false", { type: "number", minimum: 0, exclusiveMinimum: false }, 0, -1],
    ["exclusiveMinimum true", { type: "number", minimum: 0, exclusiveMinimum: true }, 1, 0],
    ["exclusiveMaximum true", { type: "number", maximum: 9, exclusiveMaximum: true }, 8, 9],
    ["STRING", { type: "STRING" }, "a", 5],
    ["int", { type: "int" }, 5, 5.5],
    ["float", { type: "float" }, 5.5, "a"],
    ["bool", { type: "bool" }, true, "a"],
    ["Array of types", { type: ["String", "null"] }, null, 5],
  ])("%s is checked as it is meant", (_what, rule, good, bad) => {
    expect(check(argument(rule), { x: good })).toEqual({ said: undefined, skipped: [] });
    expect(check(argument(rule), { x: bad }).said).toContain("arguments/x");
  });

  test.each(["any", "date", "file", ""])("type %j is skipped and said", (type) => {
    expect(check(argument({ type }), { x: 5 })).toEqual({
      said: undefined,
      skipped: [expect.stringContaining(JSON.stringify(type)) as string],
    });
  });
});

describe("a schema with", () => {
  test("the same $id twice is usable", () => {
    const named = { $id: "https://a.example/x", type: "string" };
    expect(check({ properties: { x: named, y: named } }, { x: "a", y: "b" }).said).toBeUndefined();
    expect(check({ properties: { x: named, y: named } }, { x: "a", y: 5 }).said).toContain("arguments/y");
  });

  test.each(["constructor", "toString", "hasOwnProperty", "__proto__", "valueOf"])("an argument called %s is usable", (name) => {
    const properties = JSON.parse(`{"${name}":{"type":"string"},"x":{"type":"string"}}`) as Schema;
    const value = (text: unknown): unknown => JSON.parse(`{"${name}":${JSON.stringify(text)}}`);
    expect(check({ properties }, value("a")).said).toBeUndefined();
    expect(check({ properties }, value(5)).said).toContain(name);
    expect(check({ properties }, { x: "a" }).said).toBeUndefined();
  });

  test("names that are keywords keeps them as names", () => {
    const properties = {
      type: { type: "string" },
      pattern: { type: "string" },
      $id: { type: "string" },
      exclusiveMinimum: { type: "number" },
    };
    expect(check({ properties }, { type: "a", pattern: "(", $id: "i", exclusiveMinimum: 1 })).toEqual({ said: undefined, skipped: [] });
  });

  test("values that look like rules keeps them as values", () => {
    expect(check(argument({ enum: [{ type: "any" }], default: { pattern: "(?i)" } }), { x: { type: "any" } })).toEqual({
      said: undefined,
      skipped: [],
    });
  });
});
