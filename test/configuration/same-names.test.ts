import { expect, it } from "vitest";
import * as z from "zod";
import { configurationJsonSchema } from "../../server/configuration/json-schema.ts";
import { serverInputSchema, serverPatchSchema } from "../../server/setup/mcp-servers/server-input.ts";
import { serverViewSchema } from "../../server/setup/mcp-servers/server-view.ts";

type Json = { readonly [key: string]: Json };

/** Differences by nature: the file has the key outside, may name programs, and shares with nobody. */
const API_ALONE = ["key", "access"];
/** Called alike, with other words and more to choose from. */
const OF_A_PROGRAM = ["connectTimeoutMs", "isolation"];
const FILE_ALONE = ["command", "args", "env"];
/** What is read alone. */
const VIEW_ALONE = ["source", "fault", "status", "tools", "createdAt", "updatedAt"];
/** What is masked where it is read. */
const MASKED = ["url", "headers", "hasClientSecret", "clientSecret"];

const server = (configurationJsonSchema() as Json)["properties"]?.["mcpServers"]?.["additionalProperties"]?.[
  "anyOf"
] as unknown as readonly Json[];
const [remote = {}, local = {}] = server.map((form) => form["properties"] ?? {});
const jsonOf = (schema: z.ZodType, io: "input" | "output"): Json =>
  (z.toJSONSchema(schema, { io, target: "draft-2020-12", reused: "inline", unrepresentable: "any" }) as unknown as Json)["properties"] ??
  {};
const input = jsonOf(serverInputSchema, "input");
const patch = jsonOf(serverPatchSchema, "input");
const view = jsonOf(serverViewSchema, "output");

const without = (fields: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** Every name, with those inside it: `auth.oauth.scope`. Headers have names of people's own. */
function namesOf(fields: Json): readonly string[] {
  return Object.entries(fields)
    .flatMap(([name, field]) => [name, ...namesOf(field["properties"] ?? {}).map((inner) => `${name}.${inner}`)])
    .toSorted();
}

it("a server's fields are called, limited, defaulted and explained alike in the file and over the API", () => {
  expect(without(input, [...API_ALONE, ...FILE_ALONE])).toEqual(remote);
  const alike = without(local, [...FILE_ALONE, ...OF_A_PROGRAM]);
  expect(alike).toEqual(without(remote, ["url", "transport", "protocol", "headers", "customerHeaders", "auth", ...OF_A_PROGRAM]));
});

it("a program has more time to start than a server has to answer, and may be shared", () => {
  expect(local["connectTimeoutMs"]).toMatchObject({ minimum: 100, maximum: 600_000, default: 60_000 });
  expect(remote["connectTimeoutMs"]).toMatchObject({ minimum: 100, maximum: 600_000, default: 5_000 });
  expect(local["isolation"]).toMatchObject({ enum: ["conversation", "call", "shared"], default: "conversation" });
});

it("a change names every field of a new server", () => {
  expect(namesOf(patch)).toEqual(namesOf(input));
});

it("what staff read has every field of a new server", () => {
  const masked = (names: readonly string[]): readonly string[] => names.filter((name) => !MASKED.includes(name.split(".").at(-1) ?? ""));
  expect(masked(namesOf(without(view, VIEW_ALONE)))).toEqual(masked(namesOf(without(input, FILE_ALONE))));
  expect(Object.keys(view)).toEqual(expect.arrayContaining(["url", "headers"]));
});
