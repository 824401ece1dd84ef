/** How operations become tools: their arguments, and answers that a model can read. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { fittedAnswer } from "../../../server/http/api/operation-tools/fitted-answer.ts";
import { plainSchema } from "../../../server/http/api/operation-tools/plain-schema.ts";
import { askedParts, toolInput } from "../../../server/http/api/operation-tools/tool-input.ts";
import type { ToolEntry } from "../../../server/http/api/operation-tools/tool-entry.ts";
import { pageQuery } from "../../../server/http/api/cursor.ts";
import { route } from "../../../server/http/api/route.ts";

describe("an answer that is too long", () => {
  const size = (value: unknown): number => JSON.stringify(value).length;

  test("stays as it is while it fits", () => {
    const answer = { items: [{ id: "a", text: "x".repeat(500) }] };
    expect(fittedAnswer(answer, 1_000)).toEqual({ value: answer, isCut: false });
  });

  test("loses the ends of its longest texts first, and says how much", () => {
    const answer = { id: "conversation-1", note: "short", texts: ["y".repeat(10_000), "z".repeat(300)] };
    const { value, isCut } = fittedAnswer(answer, 2_000);
    expect(isCut).toBe(true);
    expect(size(value)).toBeLessThan(2_200);
    expect(value).toMatchObject({ id: "conversation-1", note: "short" });
    const [long, whole] = (value as { texts: string[] }).texts;
    expect(whole).toBe("z".repeat(300));
    expect(long).toMatch(/^y+ … \[cut: \d+ characters more\]$/);
  });

  test.each([
    [
      "deep values",
      {
        items: Array.from({ length: 50 }, (_, seq) => ({
          seq,
          result: { rows: Array.from({ length: 200 }, (_each, n) => ({ n, name: `row ${n}` })) },
        })),
      },
    ],
    ["endless lists", { numbers: Array.from({ length: 50_000 }, (_, n) => n) }],
    ["many short texts", { texts: Array.from({ length: 50_000 }, () => "s".repeat(99)) }],
    ["many keys", Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`key${n}`, n]))],
    ["one text", "t".repeat(200_000)],
    ["one text of characters that JSON writes longer", { text: '\u0001\uD800"'.repeat(60_000) }],
    [
      "names inside of one another",
      { items: [{ value: { ["n".repeat(90_000)]: { ["m".repeat(90_000)]: 1 } } }, { kept: "whole".repeat(300) }] },
    ],
  ])("of %s is about as large as it may be", (_what, answer) => {
    const { value, isCut } = fittedAnswer(answer, 20_000);
    expect(isCut).toBe(true);
    expect(size(value)).toBeLessThan(24_000);
    expect(size(value)).toBeGreaterThan(1_000);
  });

  test("loses the ends of long names as well", () => {
    const { value, isCut } = fittedAnswer({ id: "a", ["n".repeat(200_000)]: "short" }, 20_000);
    expect(isCut).toBe(true);
    expect(Object.keys(value as object)).toEqual(["id", expect.stringMatching(/^n{98,100} … \[cut: \d+ characters more\]$/)]);
    expect(Object.values(value as object)).toEqual(["a", "short"]);
  });

  test("is never cut in the middle of a character", () => {
    const { value } = fittedAnswer("🫖".repeat(5_000), 1_001);
    expect((value as string).isWellFormed()).toBe(true);
  });
});

test("a schema has no word that some provider refuses, and takes no less than the operation", () => {
  const named = z.object({ id: z.string() }).meta({ id: "Named" });
  const schema = z.strictObject({
    one: named,
    other: named,
    kind: z.literal("a"),
    either: z.discriminatedUnion("is", [z.object({ is: z.literal("x") }), z.object({ is: z.literal("y"), at: z.iso.date() })]),
    map: z.record(z.string().regex(/^[a-z]+$/), z.int().positive()),
    never: z.never().optional(),
    default: z.string().default("d").describe("Named as a word of JSON Schema."),
  });
  expect(plainSchema(schema)).toEqual({
    type: "object",
    properties: {
      one: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
      other: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
      kind: { type: "string", enum: ["a"] },
      either: {
        anyOf: [
          { type: "object", properties: { is: { type: "string", enum: ["x"] } }, required: ["is"] },
          { type: "object", properties: { is: { type: "string", enum: ["y"] }, at: { type: "string" } }, required: ["is", "at"] },
        ],
      },
      map: { type: "object", additionalProperties: { type: "integer", minimum: 1 } },
      default: { type: "string", default: "d", description: "Named as a word of JSON Schema." },
    },
    required: ["one", "other", "kind", "either", "map"],
    additionalProperties: false,
  });
});

describe("arguments", () => {
  const entry: ToolEntry = { name: "t", title: "T", operation: "t", description: "…", does: "changes" };
  const given = { operationId: "t", tag: "T", summary: "…", action: "self.read", response: z.null() } as const;
  const handle = async () => ({ body: null });
  const patch = route({
    ...given,
    handle,
    method: "PATCH",
    path: "/things/{id}",
    params: z.object({ id: z.string() }),
    body: z.strictObject({ id: z.string().optional() }),
    versioned: true,
  });
  const list = route({
    ...given,
    handle,
    method: "GET",
    path: "/things",
    query: z.object({ ...pageQuery.shape, open: z.stringbool().optional(), format: z.string().optional() }),
  });
  const post = route({
    ...given,
    handle,
    method: "POST",
    path: "/things/{id}",
    body: z.strictObject({ messageId: z.string(), text: z.string() }),
    creates: true,
  });

  test("of a change are apart from what names the thing", () => {
    const input = toolInput(patch, entry);
    expect(Object.keys(input.schema["properties"] as object)).toEqual(["id", "changes", "version"]);
    const parts = askedParts(input, patch, { id: "a/../b", changes: { id: "new" }, version: 3 }, {});
    expect(parts).toEqual({ params: { id: "a/../b" }, search: "", body: { id: "new" }, version: 3, key: undefined });
    expect(() => askedParts(input, patch, { changes: {}, version: 3 }, {})).toThrow();
    expect(() => askedParts(input, patch, { id: "a", changes: [], version: 3 }, {})).toThrow();
    expect(() => askedParts(input, patch, { id: "a", changes: {}, version: "3" }, {})).toThrow();
  });

  test("of a list are texts of a query, and a page is small", () => {
    const input = toolInput(list, { ...entry, without: ["format"] });
    expect(input.schema["properties"]).toMatchObject({ open: { type: "boolean" }, limit: { type: "integer", maximum: 50, default: 20 } });
    expect(askedParts(input, list, { open: true, cursor: null }, {}).search).toBe("limit=20&open=true");
    expect(askedParts(input, list, { limit: 1_000 }, {}).search).toBe("limit=50");
    expect(() => askedParts(input, list, { format: "csv" }, {})).toThrow();
    expect(() => askedParts(input, list, { open: { a: 1 } }, {})).toThrow();
  });

  test("may leave an id to us", () => {
    const input = toolInput(post, { ...entry, ownId: "messageId" });
    expect(Object.keys(input.schema["properties"] as object)).toEqual(["id", "text", "idempotencyKey"]);
    const parts = askedParts(input, post, { id: "a", text: "b", idempotencyKey: "k" }, { messageId: "made" });
    expect(parts).toMatchObject({ body: { messageId: "made", text: "b" }, key: "k" });
    expect(() => askedParts(input, post, { id: "a", messageId: "mine", text: "b" }, {})).toThrow();
  });

  test("of one name make no tool", () => {
    const clash = route({ ...given, handle, method: "POST", path: "/things/{text}", body: z.strictObject({ text: z.string() }) });
    expect(() => toolInput(clash, entry)).toThrow("two arguments named text");
  });
});
