/** Every tool reaches its provider in a form that the provider documents, whatever its server wrote. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { geminiName } from "../../server/model/wires/gemini-request.ts";
import { SCHEMA_RULES, type SchemaRules } from "../../server/model/wires/schema-rules.ts";
import { ToolForms } from "../../server/model/wires/tool-forms.ts";
import { listTools } from "../support/list-tools.ts";
import { peerScript } from "../support/mcp-everything.ts";
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

const SENT: readonly (readonly [SchemaProvider, SchemaRules])[] = [
  ["openai", SCHEMA_RULES.openai],
  ["anthropic", SCHEMA_RULES.anthropic],
  ["google", SCHEMA_RULES.gemini],
  ["compatible", SCHEMA_RULES.compatible],
];

type Schema = Record<string, unknown>;
/** The schema as each provider gets it, and what it would refuse of it. */
function sent(inputSchema: Schema, name = "one"): { readonly schemas: Record<string, Schema>; readonly faults: readonly string[] } {
  const tool = { name, description: "One.", inputSchema };
  const schemas: Record<string, Schema> = {};
  const faults = SENT.flatMap(([provider, rules]) => {
    const schema = new ToolForms([tool], rules).schemaOf(tool);
    schemas[provider] = schema;
    const called = provider === "google" ? geminiName(name) : name;
    return schemaFaults(provider, { name: called, description: "One.", schema }).map((fault) => `${provider}: ${fault}`);
  });
  return { schemas, faults };
}

describe("schemas of real kinds are taken by every provider", () => {
  const object = (properties: Schema, more: Schema = {}): Schema => ({ type: "object", properties, ...more });
  test.each<[string, Schema]>([
    ["HubSpot: an array without items, deep inside", object({ filters: { type: "array", items: object({ values: { type: "array" } }) } })],
    ["OData: names with a dollar", object({ $top: { type: "integer" }, "filter[id]": {} }, { required: ["$top"] })],
    ["PayPal: a pattern that is no regular expression", object({ url: { type: "string", pattern: "^https\\:\\/\\/" } })],
    ["Kubernetes: a pattern without anchors", object({ name: { type: "string", pattern: "[a-z]+" } })],
    [
      "kintone: items told one by one, and a reference among them",
      object({ query: { type: "array", items: [object({ a: {} })], additionalItems: { $ref: "#/properties/query/items/0" } } }),
    ],
    [
      "LINE: references into properties, with words beside them",
      object({ a: object({ b: { type: "string" } }), c: { $ref: "#/properties/a/properties/b", description: "As b." } }),
    ],
    ["Postman: an enum of booleans", object({ on: { type: "boolean", enum: [true] } })],
    [
      "Notion: the same definitions, const",
      object({ kind: { const: "a" }, parent: { $ref: "#/$defs/p" } }, { $defs: { p: object({ kind: { const: 1 } }) } }),
    ],
    ["pydantic: a reference at the top", { $ref: "#/$defs/Body", $defs: { Body: object({ a: { type: "string" } }, { required: ["a"] }) } }],
    [
      "pydantic: a reference in allOf",
      object({ a: { allOf: [{ $ref: "#/$defs/A" }], description: "A." } }, { $defs: { A: { enum: ["x"] } } }),
    ],
    [
      "draft 4: flags beside limits",
      object({ a: { type: "number", minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false } }),
    ],
    ["draft 3: required at the property", object({ a: { type: "string", required: true } })],
    [
      "draft 7: definitions and dependencies",
      object({ a: { $ref: "#/definitions/a" } }, { definitions: { a: { type: "string" } }, dependencies: { a: ["b"] } }),
    ],
    ["words of other languages", object({ a: { type: "any" }, b: { type: "STRING" }, c: { type: "int" }, d: { type: ["dict", "None"] } })],
    [
      "nulls of careless serialisers",
      object({ a: { type: null, enum: null, items: null, required: null, anyOf: null, description: null } }, { required: null }),
    ],
    ["Go: true for anything", object({ a: true, b: false, c: { type: "array", items: true } })],
    [
      "a list of types with objects",
      object({ rows: { type: "array", items: { type: ["object", "null"], properties: { a: {} }, required: ["a"] } } }),
    ],
    ["empty texts and null in an enum", object({ a: { type: ["string", "null"], enum: ["x", "", null] } })],
    [
      "a tree",
      object(
        { root: { $ref: "#/$defs/node" } },
        {
          required: ["root"],
          $defs: { node: object({ children: { type: "array", items: { $ref: "#/$defs/node" } } }, { required: ["children"] }) },
        },
      ),
    ],
    ["a tree that is the whole schema", object({ child: { $ref: "#" } }, { required: ["child"] })],
    ["required of what is not there", object({ a: {} }, { required: ["a", "b", "b"] })],
    ["one of these is needed", object({ a: object({ b: {}, c: {} }, { anyOf: [{ required: ["b"] }, { required: ["c"] }] }) })],
    [
      "names of every object",
      object({ constructor: { type: "string" }, toString: { type: "string" }, hasOwnProperty: {} }, { required: ["constructor"] }),
    ],
    [
      "identifiers and anchors",
      object(
        { a: { $id: "a", $anchor: "x", type: "string" }, b: { $ref: "#x" } },
        { $id: "https://x.example/s", $schema: "http://json-schema.org/draft-07/schema#" },
      ),
    ],
    ["nothing", {}],
  ])("%s", (_what, schema) => {
    expect(sent(schema).faults).toEqual([]);
  });

  test("and keep their meaning in the words that there are", () => {
    const { schemas } = sent(
      object({
        name: { type: "string", description: "A name.", pattern: "^[a-z]+$", minLength: 2 },
        tags: { type: ["array", "null"], items: { type: "string" } },
      }),
    );
    expect(schemas["openai"]).toMatchObject({ properties: { name: { pattern: "^[a-z]+$", minLength: 2 } } });
    expect(schemas["google"]).toMatchObject({
      properties: {
        name: { type: "string", description: 'A name. (pattern: "^[a-z]+$"; minLength: 2)' },
        tags: { anyOf: [{ type: "array", items: { type: "string" } }, { type: "null" }] },
      },
    });
    expect(schemas["compatible"]).toMatchObject({ properties: { name: { minLength: 2, description: 'A name. (pattern: "^[a-z]+$")' } } });
    const tree = sent({
      $ref: "#/$defs/Body",
      $defs: { Body: object({ constructor: { type: "string" } }, { required: ["constructor"] }) },
    });
    for (const schema of Object.values(tree.schemas)) {
      expect(Object.entries(schema["properties"] as Schema)).toEqual([["constructor", { type: "string" }]]);
      expect(schema["required"]).toEqual(["constructor"]);
    }
  });
});

test("whatever a schema has in it, every provider takes what is sent", () => {
  const name = fc.constantFrom("a", "b", "$top", "x[y]", "constructor", "__proto__", "Länge", "");
  const reference = fc.constantFrom(
    "#",
    "#/$defs/a",
    "#/$defs/b",
    "#/properties/a",
    "#/anyOf/0",
    "#/nowhere",
    "other.json",
    "#anchor",
    "#/%zz",
  );
  const { any } = fc.letrec<{ any: unknown }>((tie) => {
    const many = fc.array(tie("any"), { maxLength: 3 });
    const byName = fc.dictionary(name, tie("any"), { maxKeys: 3 });
    const wild = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string({ maxLength: 3 }), fc.constant([]), fc.constant({}));
    const type = fc.constantFrom("object", "array", "string", "null", "any", "INT", null);
    const words = {
      type: fc.oneof(type, fc.array(type, { maxLength: 3 })),
      properties: fc.oneof({ weight: 3, arbitrary: byName }, wild),
      required: fc.oneof(fc.array(name, { maxLength: 3 }), wild),
      items: fc.oneof(tie("any"), many),
      anyOf: many,
      oneOf: fc.oneof(many, wild),
      allOf: many,
      not: tie("any"),
      if: tie("any"),
      enum: fc.oneof(fc.array(wild, { maxLength: 3 }), wild),
      const: wild,
      $ref: reference,
      $defs: fc.dictionary(fc.constantFrom("a", "b"), tie("any"), { maxKeys: 2 }),
      definitions: byName,
      additionalProperties: tie("any"),
      prefixItems: many,
      pattern: wild,
      minimum: wild,
      exclusiveMinimum: wild,
      minItems: wild,
      description: wild,
      $id: wild,
      patternProperties: byName,
      nullable: wild,
    };
    return { any: fc.oneof({ maxDepth: 4 }, fc.boolean(), fc.constant(null), fc.record(words, { requiredKeys: [] })) };
  });
  fc.assert(
    fc.property(any, (schema) => {
      const top = typeof schema === "object" && schema !== null ? (schema as Schema) : {};
      expect(sent(top).faults).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("the tools of the reference servers are taken by every provider", async () => {
  const scripts = await Promise.all([
    peerScript("@modelcontextprotocol/server-everything", "dist/index.js"),
    peerScript("@modelcontextprotocol/server-memory", "dist/index.js"),
    peerScript("@modelcontextprotocol/server-filesystem", "dist/index.js"),
  ]);
  const tools = (await Promise.all(scripts.map((script, index) => listTools([script, ...(index === 2 ? ["/"] : [])])))).flat();
  expect(tools.length).toBeGreaterThan(25);
  for (const { name, inputSchema } of tools) expect([name, sent(inputSchema, name).faults]).toEqual([name, []]);
});

test("references that double at every step are no work", () => {
  const steps = Array.from({ length: 40 }, (_, step): [string, Schema] => {
    const next = { $ref: `#/$defs/d${step + 1}` };
    return [`d${step}`, { anyOf: [next, next], allOf: [next, next], properties: { a: next, b: next }, required: ["a", "b"] }];
  });
  const $defs = Object.fromEntries([...steps, ["d40", { type: "string" }]]);
  const next = { $ref: "#/$defs/d0" };
  const tool = { name: "one", description: "", inputSchema: { type: "object", anyOf: [next, next], properties: { a: next }, $defs } };
  for (const [, rules] of SENT) expect(JSON.stringify(new ToolForms([tool], rules).schemaOf(tool)).length).toBeLessThan(500_000);
});
