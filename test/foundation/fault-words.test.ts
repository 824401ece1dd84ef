import { expect, test } from "vitest";
import * as z from "zod";
import { faultWords } from "../../server/foundation/fault-words.ts";

const permission = z.enum(["always_allow", "needs_approval", "disabled"]);
const schema = z.strictObject({
  name: z.string().min(1).max(5),
  email: z.string().min(3, "Expected an address."),
  count: z.int().min(2).optional(),
  roles: z.array(z.enum(["admin", "owner"])).min(1),
  headers: z.record(z.string().regex(/^[a-z]+$/, "Expected the name of a header."), z.string()).optional(),
  permissions: z.record(z.string(), z.union([permission, z.strictObject({ permission, remember: z.boolean().optional() })])).optional(),
});
const fitting = { name: "Ada", email: "a@b", roles: ["admin"] };

function words(value: unknown): string[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : faultWords(parsed.error.issues).map(({ path, message }) => `${path.join("/")}: ${message}`);
}

test("says what is missing and what is of another type", () => {
  expect(words({})).toEqual([
    "name: Expected a text, found nothing.",
    "email: Expected a text, found nothing.",
    "roles: Expected a list, found nothing.",
  ]);
  expect(words({ ...fitting, name: 5, count: "1", roles: "admin" })).toEqual([
    "name: Expected a text, found a number.",
    "count: Expected a number, found a text.",
    "roles: Expected a list, found a text.",
  ]);
});

test("says which values and lengths are possible, and leaves the schema's own words", () => {
  expect(words({ ...fitting, name: "", email: "a", count: 1, roles: ["boss"] })).toEqual([
    "name: Expected a text that is not empty.",
    "email: Expected an address.",
    "count: Expected a number of at least 2.",
    'roles/0: Expected one of "admin", "owner".',
  ]);
  expect(words({ ...fitting, name: "Adelaide", roles: [] })).toEqual([
    "name: Expected a text of at most 5 characters.",
    "roles: Expected a list that is not empty.",
  ]);
});

test("names a key that nobody knows, and tells what is wrong with a key", () => {
  expect(words({ ...fitting, nmae: 1 })).toEqual(['nmae: The field "nmae" is unknown here.']);
  expect(words({ ...fitting, headers: { "Bad Name": "x" } })).toEqual(["headers/Bad Name: Expected the name of a header."]);
});

test("of several forms, speaks of the one that was meant, or of all", () => {
  expect(words({ ...fitting, permissions: { "*": "allow" } })).toEqual([
    'permissions/*: Expected one of "always_allow", "needs_approval", "disabled", or an object.',
  ]);
  expect(words({ ...fitting, permissions: { "*": { permission: "allow" } } })).toEqual([
    'permissions/*/permission: Expected one of "always_allow", "needs_approval", "disabled".',
  ]);
  expect(words({ ...fitting, permissions: { "*": { permission: "disabled", aprover: "x" } } })).toEqual([
    'permissions/*/aprover: The field "aprover" is unknown here.',
  ]);
});
