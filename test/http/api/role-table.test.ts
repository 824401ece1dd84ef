import * as z from "zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACTIONS, ROLES } from "../../../server/identity/staff/actions.ts";
import type { Route } from "../../../server/http/api/route.ts";
import { type Answer, ask } from "./api-harness.ts";
import { startStaff, type StaffServer } from "../../identity/staff-harness.ts";
import { collectRoutes } from "../../../scripts/collect-routes.ts";
import { TABLE } from "./role-table.ts";

const SCOPES = ["self.read", "groups.read", "activity.read"] as const;

describe("who may try what", () => {
  let routes: readonly Route[];
  let desk: StaffServer;
  const cookies: Record<string, string> = {};
  let scopedKey: string;
  let reached: string[];

  beforeAll(async () => {
    routes = await collectRoutes();
    desk = await startStaff({ atEnd: afterAll, adminKey: "k".repeat(32), attemptsPerMinute: 10_000, routes: () => routes.map(bare) });
    for (const role of ROLES) cookies[role] = (await desk.person(role, [role])).cookie;
    const gone = await desk.person("gone", ["admin"]);
    cookies["disabled"] = gone.cookie;
    // Only the person is marked, so that a session that was somehow left over does not help either.
    const document = await desk.documents.get("person", gone.id, desk.clock.now());
    await desk.documents.write([{ do: "replace", kind: "person", id: gone.id, body: { ...(document?.body as object), disabled: true } }], {
      at: desk.clock.now(),
    });
    const admin = { kind: "person", id: "ada", name: "Ada", roles: ["admin"], groups: [] } as const;
    scopedKey = (await desk.apiKeys.create(admin, { name: "reader", roles: ["admin"], scopes: SCOPES })).key;
  });

  /** The route with nothing to parse and nothing behind it: what is left is who may. */
  function bare(route: Route): Route {
    const { params: _params, query: _query, body: _body, versioned: _versioned, streams: _streams, ...rest } = route;
    return {
      ...rest,
      response: z.unknown(),
      handle: async () => {
        reached.push(route.operationId);
        return { body: {} };
      },
    };
  }

  const send = (route: Route, headers: Readonly<Record<string, string>>): Promise<Answer> =>
    ask(`${desk.url}/api/v1${route.path.replaceAll(/\{[^}]+\}/g, "x")}`, route.method, { headers: { Origin: desk.publicUrl, ...headers } });

  async function verdicts(headers: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    reached = [];
    const found: Record<string, string> = {};
    for (const route of routes) {
      const { status } = await send(route, headers);
      const verdict = status === 401 ? "signed out" : status === 403 ? "refused" : status < 300 ? "let in" : `answered ${status}`;
      found[route.operationId] = `${verdict}${status < 300 === reached.includes(route.operationId) ? "" : ", which is not true"}`;
    }
    return found;
  }

  const expected = (verdict: (name: string, entry: (typeof TABLE)[string]) => string): Record<string, string> =>
    Object.fromEntries(Object.entries(TABLE).map(([name, entry]) => [name, entry === "public" ? "let in" : verdict(name, entry)]));

  test("every route is in the table, and everything in the table is a route", () => {
    expect(routes.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(TABLE).sort());
  });

  test.each(ROLES)("%s, signed in", async (role) => {
    expect(await verdicts({ Cookie: cookies[role] ?? "" })).toEqual(
      expected((_name, roles) => (roles.includes(role) ? "let in" : "refused")),
    );
  });

  test("nobody", async () => {
    expect(await verdicts({})).toEqual(expected(() => "signed out"));
  });

  test("somebody who was disabled, with their old session", async () => {
    expect(await verdicts({ Cookie: cookies["disabled"] ?? "" })).toEqual(expected(() => "signed out"));
  });

  test("a key that was never made, and one that is no key at all", async () => {
    for (const key of [`fd_${"A".repeat(43)}`, "Basic", ""])
      expect(await verdicts({ Authorization: `Bearer ${key}`, Cookie: cookies["admin"] ?? "" })).toEqual(expected(() => "signed out"));
  });

  test("FRONTDESK_ADMIN_KEY", async () => {
    expect(await verdicts({ Authorization: `Bearer ${"k".repeat(32)}` })).toEqual(expected(() => "let in"));
  });

  test("a key limited to some actions, though its role may all", async () => {
    const actions = new Map(routes.map((route) => [route.operationId, route.action]));
    expect(await verdicts({ Authorization: `Bearer ${scopedKey}` })).toEqual(
      expected((name) => (SCOPES.some((scope) => scope === actions.get(name)) ? "let in" : "refused")),
    );
  });

  test("every action is some route's", () => {
    const used = new Set(routes.map(({ action }) => action));
    expect(Object.keys(ACTIONS).filter((action) => !used.has(action as keyof typeof ACTIONS))).toEqual([]);
  });

  test("whatever changes something by a session is refused from another website's page", async () => {
    const found: Record<string, number> = {};
    for (const route of routes.filter(({ method }) => method !== "GET"))
      found[route.operationId] = (await send(route, { Cookie: cookies["admin"] ?? "", Origin: "https://evil.example" })).status;
    expect(new Set(Object.values(found))).toEqual(new Set([403]));
  });
});
