/** Commands and documents that somebody pastes without knowing what is in them. */
import { describe, expect, it } from "vitest";
import { InvalidError } from "../../server/foundation/invalid-error.ts";
import { draftHttpTool } from "../../server/setup/http-tools/http-tool-drafts.ts";
import { computedMs } from "../support/computed-ms.ts";

const refused = async (given: { curl: string } | { openapi: unknown }): Promise<string> => {
  const error: unknown = await draftHttpTool(given as Parameters<typeof draftHttpTool>[0]).catch((thrown: unknown) => thrown);
  if (!(error instanceof InvalidError)) throw new Error(`Expected a refusal, not ${String(error)}.`);
  return error.faults.map(({ path, message }) => `${path} ${message}`).join("; ");
};
/** Our own work must not grow faster than the text. */
const cheaply = async <Made>(make: () => Promise<Made>): Promise<Made> => {
  const began = computedMs();
  const made = await make();
  expect(computedMs() - began).toBeLessThan(5_000);
  return made;
};
const withOperation = (operation: object, more: object = {}) => ({ openapi: "3.1.0", ...more, paths: { "/orders": { post: operation } } });

describe("a command", () => {
  it("may name the same field very often: each becomes an argument of its own", async () => {
    const { draft } = await cheaply(() => draftHttpTool({ curl: `curl https://shop.example/ -d '${"a&".repeat(12_000)}'` }));
    expect(Object.keys(draft?.parameters["properties"] ?? {})).toHaveLength(12_000);
  });

  it("may have any number of doubled quotes", async () => {
    const { draft } = await draftHttpTool({ curl: `curl \`\n https://shop.example/ -H 'X-Note: a${"''".repeat(30_000)}b'` });
    expect(draft?.headers["X-Note"]).toBe(`a${"'".repeat(30_000)}b`);
  });

  it("may have halves of characters, which nothing can send", async () => {
    for (const curl of [
      "curl https://shop.example/ --data-urlencode 'a=\ud800'",
      "curl https://shop.example/ --data-urlencode $'a=\\ud800'",
    ]) {
      const { draft } = await draftHttpTool({ curl });
      expect(draft?.parameters).toMatchObject({ properties: { a: { examples: ["\u{FFFD}"] } } });
    }
    const { draft } = await draftHttpTool({ curl: String.raw`curl https://shop.example/ -d $'a=\ud83d\ude00'` });
    expect(draft?.parameters).toMatchObject({ properties: { a: { examples: ["\u{1F600}"] } } });
  });

  it("with a body that is nested too deep is refused", async () => {
    const body = `${"[".repeat(100)}${"]".repeat(100)}`;
    expect(await refused({ curl: `curl https://shop.example/ -d '${body}'` })).toBe("/curl Its body is nested deeper than 32 levels.");
  });
});

describe("a document", () => {
  it("that is nested too deep is refused, however it is written", async () => {
    const json = JSON.stringify(withOperation({ parameters: [] })).replace("[]", `${"[".repeat(100)}${"]".repeat(100)}`);
    expect(await refused({ openapi: json })).toBe("/openapi It is nested deeper than 64 levels.");
    // None of these is closed: the end is never read.
    for (const level of ["[", "{a: ", "- ", "? "])
      expect(await refused({ openapi: level.repeat(300) })).toBe("/openapi It is nested deeper than 64 levels.");
  });

  it("whose aliases lead back to themselves, or to ever more, is refused", async () => {
    const many = ["a0: &a0 [x]", ...Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}]`)].join(
      "\n",
    );
    for (const openapi of ["openapi: 3.1.0\npaths: &x {a: *x, b: *x}", many])
      expect(await refused({ openapi })).toBe("/openapi Its aliases lead back to themselves, or are too many.");
  });

  it("of YAML says a key twice, is several documents or is broken: the last one holds, or it is refused", async () => {
    const twice = "openapi: 3.1.0\npaths: {/a: {get: {}}}\npaths: {/orders: {get: {}}}";
    expect((await draftHttpTool({ openapi: twice })).draft?.name).toBe("get_orders");
    for (const openapi of [`${twice}\n---\n${twice}`, "a: b: c", "", "'"])
      expect(await refused({ openapi })).toMatch(/^\/openapi (?:It is neither JSON nor YAML|Expected an OpenAPI 3 document)/);
  });

  it("can refer to a long part again and again: the draft stays short, and says that it is too long", async () => {
    const schemas = { Long: { enum: Array.from({ length: 20_000 }, (_, at) => at) } };
    const wide = Array.from({ length: 12 }, (_, at) => [`S${at}`, { properties: parts(`S${at + 1}`) }]);
    for (const [name, components] of [
      ["Long", { schemas }],
      ["S0", { schemas: Object.fromEntries(wide) as object }],
    ] as const) {
      const parameters = Array.from({ length: 40 }, (_, at) => ({
        name: `a${at}`,
        in: "query",
        schema: { $ref: `#/components/schemas/${name}` },
      }));
      const answer = await cheaply(() => draftHttpTool({ openapi: withOperation({ parameters }, { components }) }));
      expect(JSON.stringify(answer).length).toBeLessThan(1_000_000);
      expect(answer.faults).toMatchObject([{ path: "/parameters", message: "Expected a schema of 64 kB at most." }]);
    }
  });

  it("may have anything where a schema or a sign-in is expected", async () => {
    const properties = { a: null, b: true, c: "text", d: { type: "string" } };
    const requestBody = { content: { "application/json": { schema: { properties } } } };
    const securitySchemes = { odd: { type: { toString: 1, valueOf: 1 }, in: [] }, other: { type: "apiKey", in: { toString: 1 }, name: 7 } };
    const document = withOperation({ requestBody, security: [{ odd: [], other: [], none: [] }] }, { components: { securitySchemes } });
    const { draft } = await draftHttpTool({ openapi: document });
    expect(draft?.parameters["properties"]).toEqual({ a: {}, b: {}, c: {}, d: { type: "string" } });
  });
});

function parts(schema: string): object {
  return Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`p${at}`, { $ref: `#/components/schemas/${schema}` }]));
}
