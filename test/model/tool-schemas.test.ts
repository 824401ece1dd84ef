/** No tool may cost its assistant all others: what a provider refuses is put right, and what it refuses still is left out. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OfferedTool } from "../../server/conversation/ports/model.ts";
import { SCHEMA_RULES } from "../../server/model/wires/schema-rules.ts";
import { ToolForms } from "../../server/model/wires/tool-forms.ts";
import { ask, collect } from "./collect.ts";
import { modelAt } from "./provider-harness.ts";
import { RawServer } from "./raw-server.ts";
import { anthropic, gemini, openAiChat, WIRE_FORMATS } from "./wire-formats.ts";

type Schema = Record<string, unknown>;
const tool = (name: string, properties: Schema, more: Schema = {}): OfferedTool => ({
  name,
  description: name,
  inputSchema: { type: "object", properties, ...more },
});

/** Every schema in it, the top included. */
function schemasIn(value: unknown): Schema[] {
  if (Array.isArray(value)) return value.flatMap(schemasIn);
  if (typeof value !== "object" || value === null) return [];
  return [value as Schema, ...Object.values(value).flatMap(schemasIn)];
}
const listsWithoutItems = (schema: unknown): Schema[] =>
  schemasIn(schema).filter(
    ({ type, items }) =>
      (type === "array" || (Array.isArray(type) && type.includes("array"))) && (typeof items !== "object" || Array.isArray(items)),
  );

describe("a list that does not say of what", () => {
  test.each<[string, Schema]>([
    ["at the top", { tags: { type: "array" } }],
    ["deep inside", { filters: { type: "array", items: { type: "object", properties: { values: { type: "array" } } } } }],
    ["among types", { tags: { type: ["array", "null"] } }],
    ["in an alternative", { tags: { anyOf: [{ type: "array" }, { type: "string" }] } }],
    ["told one by one", { pair: { type: "array", items: [{ type: "string" }, { type: "number" }] } }],
    ["with prefixItems", { pair: { type: "array", prefixItems: [{ type: "string" }] } }],
    ["in a definition", { tags: { $ref: "#/$defs/tags" } }],
    ["in additionalProperties", { map: { type: "object", additionalProperties: { type: "array" } } }],
  ])("%s is given items on every wire", (_where, properties) => {
    const offered = tool("one", properties, { $defs: { tags: { type: "array" } } });
    expect(listsWithoutItems(offered.inputSchema)).not.toEqual([]);
    for (const rules of Object.values(SCHEMA_RULES))
      expect(listsWithoutItems(new ToolForms([offered], rules).schemaOf(offered))).toEqual([]);
  });

  test("keeps the items that it has", () => {
    const offered = tool("one", { tags: { type: "array", items: { type: "string" } } });
    expect(new ToolForms([offered], SCHEMA_RULES.openai).schemaOf(offered)).toEqual(offered.inputSchema);
  });
});

describe("names of arguments that a provider refuses", () => {
  const names = ["$top", "filter[id]", "@x", "Länge", "a b", "{{userName}}", "x".repeat(70), "", "fine_name-1.x"];
  const offered = tool("one", Object.fromEntries(names.map((name) => [name, { type: "string", description: "what it is" }])), {
    required: ["$top", "fine_name-1.x"],
  });
  const forms = new ToolForms([offered], SCHEMA_RULES.anthropic);

  test("are replaced, each by another, and explained", () => {
    const { properties, required } = forms.schemaOf(offered) as { properties: Record<string, Schema>; required: string[] };
    expect(Object.keys(properties)).toHaveLength(names.length);
    for (const name of Object.keys(properties)) expect(name).toMatch(/^[a-zA-Z0-9_.-]{1,64}$/);
    expect(required).toEqual(["_top", "fine_name-1.x"]);
    expect(properties["_top"]?.["description"]).toBe("$top: what it is");
    expect(properties["fine_name-1.x"]?.["description"]).toBe("what it is");
  });

  test("come back as the server's own, whatever was written", () => {
    const said = Object.fromEntries(names.map((name, index) => [name, index]));
    const told = forms.told({ modelCallId: "a", name: "one", argumentsText: JSON.stringify(said) }).argumentsText;
    expect(Object.keys(JSON.parse(told) as Schema).every((name) => /^[a-zA-Z0-9_.-]{1,64}$/.test(name))).toBe(true);
    expect(JSON.parse(forms.meant("one", told))).toEqual(said);
    for (const text of ["", "[]", "null", "{broken", '{"unknown":1}']) expect(forms.meant("one", text)).toBe(text);
    expect(forms.meant("other", '{"_top":1}')).toBe('{"_top":1}');
  });

  test("do not clash with a name that is there", () => {
    const twins = tool("one", { _top: {}, $top: {}, "@top": {} });
    const both = new ToolForms([twins], SCHEMA_RULES.anthropic);
    expect(Object.keys((both.schemaOf(twins) as { properties: Schema }).properties)).toEqual(["_top", "_top_2", "_top_3"]);
    expect(both.meant("one", '{"_top":1,"_top_2":2,"_top_3":3}')).toBe('{"_top":1,"$top":2,"@top":3}');
  });

  test("are renamed in references too", () => {
    const referring = tool("one", { "a/b": { type: "string" }, other: { $ref: "#/properties/a~1b" } });
    expect(new ToolForms([referring], SCHEMA_RULES.anthropic).schemaOf(referring)).toMatchObject({
      properties: { other: { $ref: "#/properties/a_b" } },
    });
  });

  test("stay where a provider takes them", () => {
    expect(Object.keys((new ToolForms([offered], SCHEMA_RULES.openai).schemaOf(offered) as { properties: Schema }).properties)).toEqual(
      names,
    );
  });
});

test("const becomes an enum, and a reference stands alone, where that is asked for", () => {
  const offered = tool(
    "one",
    {
      kind: { const: "a", description: "kind" },
      const: { type: "string" },
      other: { $ref: "#/$defs/x", description: "the other" },
      chosen: { enum: [{ const: 1 }] },
    },
    { $defs: { x: { type: "string" } } },
  );
  expect(new ToolForms([offered], SCHEMA_RULES.gemini).schemaOf(offered)).toMatchObject({
    properties: {
      kind: { enum: ["a"], description: "kind" },
      const: { type: "string" },
      other: { anyOf: [{ $ref: "#/$defs/x" }], description: "the other" },
      chosen: { description: '(enum: [{"const":1}])' },
    },
  });
  expect(new ToolForms([offered], SCHEMA_RULES.openai).schemaOf(offered)).toMatchObject({ properties: { kind: { const: "a" } } });
});

test("the same tools cost nothing a second time", () => {
  const offered = tool("one", { tags: { type: "array" } });
  expect(new ToolForms([offered], SCHEMA_RULES.openai).schemaOf(offered)).toBe(
    new ToolForms([offered], SCHEMA_RULES.openai).schemaOf(offered),
  );
});

describe("with a provider", () => {
  let server: RawServer;
  beforeAll(async () => {
    server = await RawServer.open();
  });
  afterAll(() => server.close());

  test.each([openAiChat, anthropic])("of $name, a renamed argument goes there and comes back", async (format) => {
    server.stream(format.events({ calls: [{ name: "one", argumentsText: '{"_top":5}' }] }));
    const harness = await modelAt(format, server.port);
    const { calls } = await collect(
      harness.model,
      ask("hello", {
        tools: [tool("one", { $top: { type: "integer" } })],
        messages: [
          { role: "user", text: "hello" },
          { role: "assistant", text: "", toolCalls: [{ modelCallId: "a", name: "one", argumentsText: '{"$top":4}' }] },
          { role: "tool", modelCallId: "a", name: "one", text: "done", failed: false },
        ],
      }),
    );
    await harness.close();
    expect(calls.map((call) => call.argumentsText)).toEqual(['{"$top":5}']);
    const sent = JSON.stringify(server.requests.at(-1)?.body);
    expect(sent).toContain("_top");
    expect(sent).not.toMatch(/"\$top":|\\"\$top\\"/);
  });

  const REFUSALS: Readonly<Record<string, (name: string, place: number) => unknown>> = {
    [openAiChat.name]: (name) => ({
      error: { message: `Invalid schema for function '${name}': In context=(), bad.`, type: "invalid_request_error" },
    }),
    [anthropic.name]: (_name, place) => ({
      type: "error",
      error: { type: "invalid_request_error", message: `tools.${place}.custom.input_schema: JSON schema is invalid` },
    }),
    [gemini.name]: (_name, place) => ({
      error: {
        code: 400,
        status: "INVALID_ARGUMENT",
        message: `* GenerateContentRequest.tools[0].function_declarations[${place}].parameters: bad`,
      },
    }),
  };

  test.each(WIRE_FORMATS.filter(({ name }) => Object.hasOwn(REFUSALS, name)))(
    "of $name, a tool that it refuses is left out, and the rest goes on",
    async (format) => {
      const refusal = REFUSALS[format.name];
      const namesSent = (body: unknown): string[] =>
        ["good", "bad", "worse", "fine"].filter((name) => JSON.stringify(body).includes(`"name":"${name}"`));
      server.answer((response, { body }) => {
        const names = namesSent(body);
        const place = names.findIndex((name) => name === "bad" || name === "worse");
        if (place >= 0) {
          response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify(refusal?.(names[place] ?? "", place)));
          return;
        }
        response.writeHead(200, { "content-type": "text/event-stream" }).end(format.events({ pieces: ["Yes."] }).join(""));
      });
      const harness = await modelAt(format, server.port);
      const tools = ["good", "bad", "worse", "fine"].map((name) => tool(name, {}));
      const { text, error } = await collect(harness.model, ask("hello", { tools }));
      expect({ text, error }).toEqual({ text: "Yes.", error: undefined });
      expect(namesSent(server.requests.at(-1)?.body)).toEqual(["good", "fine"]);
      // It is remembered, until the tool is another one.
      const before = server.requests.length;
      await collect(harness.model, ask("hello", { tools }));
      expect(server.requests.length - before).toBe(1);
      await collect(harness.model, ask("hello", { tools: tools.map(({ name }) => tool(name, { new: {} })) }));
      expect(server.requests.length - before).toBe(4);
      await harness.close();
    },
  );

  test("a refusal that is about no tool stays one", async () => {
    server.refuse(400, { error: { message: "messages.3: tool 'good' has no result", type: "invalid_request_error" } });
    const harness = await modelAt(openAiChat, server.port);
    const before = server.requests.length;
    const { error } = await collect(harness.model, ask("hello", { tools: [tool("good", {})] }));
    await harness.close();
    expect(error).toMatchObject({ kind: "misconfigured" });
    expect(server.requests.length - before).toBe(1);
  });
});
