import { Validator } from "@seriousme/openapi-schema-validator";
import * as z from "zod";
import { expect, test } from "vitest";
import { openApiDocument } from "../../../server/http/api/openapi.ts";
import { route } from "../../../server/http/api/route.ts";
import { startApi } from "./api-harness.ts";

const cup = z.object({ name: z.string(), size: z.int().default(3) }).meta({ id: "Cup" });
const shelf = z.object({
  cups: z.array(cup),
  get inner() {
    return shelf.optional();
  },
});
const routes = [
  route({
    method: "POST",
    path: "/shelves/{shelf}/cups",
    operationId: "createCup",
    tag: "Cups",
    summary: "Puts a cup on a shelf",
    action: "people.write",
    params: z.object({ shelf: z.string() }),
    query: z.object({ dry: z.enum(["yes", "no"]).optional().describe("Only look."), count: z.coerce.number() }),
    body: cup,
    response: cup,
    creates: true,
    versioned: true,
    status: 201,
    handle: async ({ body }) => ({ body }),
  }),
  route({
    method: "PUT",
    path: "/shelves/{shelf}",
    operationId: "replaceShelf",
    tag: "Shelves",
    summary: "Changes a shelf",
    action: "public",
    body: shelf,
    response: z.null(),
    status: 204,
    handle: async () => ({ body: null }),
  }),
];

test("the document is valid OpenAPI 3.1 and says what the routes say", async () => {
  const document = openApiDocument(routes, { version: "1.2.3", url: "https://desk.example/api/v1" });
  const verdict = await new Validator().validate(structuredClone(document) as Record<string, unknown>);
  expect(verdict).toEqual({ valid: true });
  const { paths, components } = document as unknown as {
    paths: Record<string, Record<string, Record<string, unknown>>>;
    components: { schemas: Record<string, unknown> };
  };
  const create = paths["/shelves/{shelf}/cups"]?.["post"];
  expect(
    ((create?.["parameters"] ?? []) as { name: string; in: string; required: boolean }[]).map(
      (one) => `${one.in} ${one.name} ${String(one.required ?? false)}`,
    ),
  ).toEqual(["path shelf true", "query dry false", "query count true", "header Idempotency-Key false", "header If-Match true"]);
  expect(create?.["requestBody"]).toMatchObject({ content: { "application/json": { schema: { $ref: "#/components/schemas/Cup" } } } });
  // What may be left out when sent is always there in the answer.
  expect(components.schemas["Cup"]).toMatchObject({ required: ["name"] });
  expect(components.schemas["CupOutput"]).toMatchObject({ required: ["name", "size"] });
  expect(paths["/shelves/{shelf}"]?.["put"]).toMatchObject({ security: [], responses: { 204: {} } });
  for (const reference of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(schemas|responses)\/([^"]+)"/g))
    expect(document["components"]).toHaveProperty([reference[1]!, reference[2]!]);
  expect(JSON.stringify(document)).not.toContain("$defs");
});

test("anybody may read it", async () => {
  const api = await startApi(routes);
  const answer = await api.fetch("GET", "/openapi.json");
  expect([answer.status, answer.headers.get("content-type"), answer.json["openapi"]]).toEqual([200, "application/json", "3.1.0"]);
});

test("each operation tells the codes that it may be refused with, by status", () => {
  const [create, replace] = routes;
  const document = openApiDocument([{ ...create!, refuses: ["already-exists", "in-use"] }, replace!], {
    version: "1.2.3",
    url: "https://desk.example/api/v1",
  }) as unknown as { paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>> };
  const told = (path: string, method: string) =>
    Object.entries(document.paths[path]?.[method]?.responses ?? {}).map(([status, { description }]) => [
      status,
      [...(description ?? "").matchAll(/`([a-z-]+)`/g)].map(([, code]) => code).join(" "),
    ]);
  expect(Object.fromEntries(told("/shelves/{shelf}/cups", "post"))).toMatchObject({
    400: "bad-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "already-exists in-use request-unfinished",
    412: "version-changed",
    413: "too-large",
    415: "unsupported-media",
    422: "invalid key-reused",
    428: "version-required",
    429: "too-many-attempts",
    500: "internal",
    503: "busy",
  });
  // Nobody has to be signed in.
  expect(told("/shelves/{shelf}", "put").map(([status]) => status)).not.toContain("401");
});
