import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { openApiDocument } from "../../../server/http/api/openapi.ts";
import { problemsOf } from "../../../server/http/api/operation-problems.ts";
import { RouteTable } from "../../../server/http/api/route-table.ts";
import { collectRoutes } from "../../../scripts/collect-routes.ts";

test("the document of all routes is valid OpenAPI 3.1", async () => {
  const routes = await collectRoutes();
  const document = openApiDocument(routes, { version: "0.0.0", url: "https://desk.example/api/v1" });
  expect(await new Validator().validate(JSON.parse(JSON.stringify(document)))).toEqual({ valid: true });
  expect(Object.keys(document["paths"] as object).length).toBeGreaterThan(20);
});

test("no two routes are in each other's way, and each says what it is", async () => {
  const routes = await collectRoutes();
  expect(() => new RouteTable(routes)).not.toThrow();
  for (const route of routes) {
    expect(route.path, route.operationId).toMatch(/^(\/([a-z-]+|\{[a-zA-Z]+\}(\.wav)?))+$/);
    expect(route.operationId).toMatch(/^[a-z][a-zA-Z]+$/);
    expect(route.summary.length, route.operationId).toBeGreaterThan(4);
    if (route.method === "GET") expect([route.operationId, route.body, route.creates]).toEqual([route.operationId, undefined, undefined]);
  }
});

test("what makes something takes an idempotency key", async () => {
  const routes = await collectRoutes();
  const creating = routes.filter(({ method, status, action }) => method === "POST" && status === 201 && action !== "public");
  expect(creating.filter(({ creates }) => creates !== true).map(({ operationId }) => operationId)).toEqual([]);
});

test("no schema is made of itself, which programs that write clients cannot express", async () => {
  const routes = await collectRoutes();
  const { components } = openApiDocument(routes, { version: "0.0.0", url: "https://desk.example/api/v1" }) as unknown as {
    components: { schemas: Readonly<Record<string, unknown>> };
  };
  const own = Object.entries(components.schemas).filter(([name, schema]) =>
    JSON.stringify(schema).includes(`"#/components/schemas/${name}"`),
  );
  expect(own.map(([name]) => name)).toEqual([]);
});

test.each([".", "..", "%2e", "%2E%2e", ".%2e", "%2e%2E"])(
  "a parameter %s, which clients take out of the path, is answered as told",
  async (dots) => {
    const routes = await collectRoutes();
    const table = new RouteTable(routes);
    const untold: string[] = [];
    for (const route of routes)
      for (const [parameter] of route.path.matchAll(/\{[^}]+\}/g)) {
        const path = route.path.replace(parameter, dots).replaceAll(/\{[^}]+\}/g, "x");
        const asked = new URL(`http://desk.example/api/v1${path}`).pathname.replace("/api/v1", "");
        const found = table.find(route.method, asked);
        if (found !== undefined && "route" in found) continue;
        const status = found === undefined ? 404 : 405;
        if (!problemsOf(route).has(status)) untold.push(`${route.operationId} answers ${status} at ${asked}`);
      }
    expect(untold).toEqual([]);
  },
);
