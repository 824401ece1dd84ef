import { expect, test } from "vitest";
import { entryRoutes } from "../../server/http/api/routes/entry-routes.ts";
import { groupsRoutes } from "../../server/http/api/routes/groups-routes.ts";
import { peopleRoutes } from "../../server/http/api/routes/people-routes.ts";
import { selfRoutes } from "../../server/http/api/routes/self-routes.ts";
import { type Answer, standingClock } from "../http/api/api-harness.ts";
import { PASSWORD, startStaff, type StaffParts, type StaffServer } from "./staff-harness.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const routes = (parts: StaffParts) => [
  ...selfRoutes(),
  ...entryRoutes(parts),
  ...groupsRoutes(parts),
  ...peopleRoutes({ ...parts, publicUrl: () => parts.publicUrl }),
];
const bob = { name: "Bob", email: "bob@desk.example", roles: ["support"] };
const ADMIN_KEY = "k".repeat(40);

const start = (more: { clock?: ReturnType<typeof standingClock> } = {}) => startStaff({ routes, adminKey: ADMIN_KEY, ...more });
const tokenIn = (answer: Answer): string =>
  String((answer.json["invitation"] as { url: string } | undefined)?.url ?? answer.json["url"]).split("#")[1] ?? "";
const update = (desk: StaffServer, id: string, version: string, body: unknown) =>
  desk.page("PATCH", `/api/v1/people/${id}`, { body, headers: { Authorization: `Bearer ${ADMIN_KEY}`, "If-Match": version } });

test("somebody is invited, chooses a password and signs in", async () => {
  const desk = await start();
  const invited = await desk.program("POST", "/api/v1/people", ADMIN_KEY, { ...bob, email: " Bob@Desk.Example " });
  expect([invited.status, invited.headers.get("etag")]).toEqual([201, '"1"']);
  expect(invited.json["person"]).toMatchObject({ email: "bob@desk.example", status: "invited" });
  const link = (invited.json["invitation"] as { url: string }).url;
  expect(link).toMatch(/^https:\/\/desk\.example\/invitation#[\w-]{43}$/);
  await expect(desk.signIn("bob@desk.example")).rejects.toThrow("401");

  const token = tokenIn(invited);
  const read = await desk.page("POST", "/api/v1/invitations/read", { body: { token } });
  expect([read.status, read.json]).toEqual([200, { name: "Bob", email: "bob@desk.example" }]);
  const accept = (body: unknown) => desk.page("POST", "/api/v1/invitations/accept", { body });
  expect((await accept({ token, password: "short" })).status).toBe(422);
  const passwords = [PASSWORD, "another long password"];
  const answers = await Promise.all(passwords.map((password) => accept({ token, password })));
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 410]);
  expect((await accept({ token, password: PASSWORD })).status).toBe(410);
  expect((await desk.page("POST", "/api/v1/invitations/read", { body: { token } })).status).toBe(410);
  await desk.signIn("bob@desk.example", passwords[answers.findIndex(({ status }) => status === 204)]);
  expect(JSON.stringify(await desk.documents.listAudit({ limit: 10, filter: {} }))).not.toContain(token);
});

test("an invitation ends after a week, when there is a newer one, and when the person is disabled", async () => {
  const clock = standingClock();
  const desk = await start({ clock });
  const invited = await desk.program("POST", "/api/v1/people", ADMIN_KEY, bob);
  const { id } = invited.json["person"] as { id: string };
  const accept = async (token: string) =>
    (await desk.page("POST", "/api/v1/invitations/accept", { body: { token, password: PASSWORD } })).status;
  const renew = () => desk.program("POST", `/api/v1/people/${id}/invitation`, ADMIN_KEY);
  const second = await renew();
  expect(await accept(tokenIn(invited))).toBe(410);
  clock.move(8 * DAY_MS);
  expect(await accept(tokenIn(second))).toBe(410);
  const third = await renew();
  expect((await update(desk, id, '"1"', { disabled: true })).status).toBe(200);
  expect(await accept(tokenIn(third))).toBe(410);
  const fourth = await renew();
  expect((await desk.page("POST", "/api/v1/invitations/read", { body: { token: tokenIn(fourth) } })).status).toBe(410);
  expect(await accept(tokenIn(fourth))).toBe(410);
});

test("a new link to somebody who has a password replaces it, and ends their sessions", async () => {
  const desk = await start();
  const { id, cookie } = await desk.person("Bob", ["support"]);
  const renewed = await desk.program("POST", `/api/v1/people/${id}/invitation`, ADMIN_KEY);
  expect((await desk.page("GET", "/api/v1/me", { cookie })).status).toBe(200);
  await desk.page("POST", "/api/v1/invitations/accept", { body: { token: tokenIn(renewed), password: "another long password" } });
  expect((await desk.page("GET", "/api/v1/me", { cookie })).status).toBe(401);
  await expect(desk.signIn("bob@desk.example")).rejects.toThrow("401");
  await desk.signIn("bob@desk.example", "another long password");
});

test("who is disabled is out at once and does not come in again; enabled, they sign in anew", async () => {
  const desk = await start();
  const { id, cookie } = await desk.person("Bob", ["support"]);
  const off = await update(desk, id, '"2"', { disabled: true });
  expect([off.status, off.json["status"]]).toEqual([200, "disabled"]);
  expect((await desk.page("GET", "/api/v1/me", { cookie })).status).toBe(401);
  await expect(desk.signIn("bob@desk.example")).rejects.toThrow("401");
  expect(await desk.documents.list("staff-session", { limit: 10, now: desk.clock.now() })).toEqual([]);
  expect((await update(desk, id, '"3"', { disabled: false })).status).toBe(200);
  expect((await desk.page("GET", "/api/v1/me", { cookie })).status).toBe(401);
  expect((await desk.page("GET", "/api/v1/me", { cookie: await desk.signIn("bob@desk.example") })).status).toBe(200);
});

test("a role that is taken away is gone with the next request", async () => {
  const desk = await start();
  await desk.admin();
  const { id, cookie } = await desk.person("Bob", ["admin", "support"]);
  expect((await desk.page("GET", "/api/v1/people", { cookie })).status).toBe(200);
  await update(desk, id, '"2"', { roles: ["support"] });
  expect((await desk.page("GET", "/api/v1/people", { cookie })).status).toBe(403);
  expect((await desk.page("GET", "/api/v1/me", { cookie })).json["roles"]).toEqual(["support"]);
});

test("the last admin who can sign in stays one, also when two go at the same time", async () => {
  const desk = await start();
  const { id } = await desk.admin();
  await desk.program("POST", "/api/v1/people", ADMIN_KEY, { ...bob, roles: ["admin"] });
  for (const change of [{ roles: ["owner"] }, { disabled: true }]) {
    const refused = await update(desk, id, '"1"', change);
    expect([refused.status, refused.json["code"]]).toEqual([409, "last-admin"]);
  }
  const removal = { headers: { Authorization: `Bearer ${ADMIN_KEY}`, "If-Match": '"1"' } };
  expect((await desk.page("DELETE", `/api/v1/people/${id}`, removal)).json["code"]).toBe("last-admin");
  expect((await update(desk, id, '"1"', { name: "Ada L." })).status).toBe(200);

  const second = await desk.person("Cleo", ["admin"]);
  const both = await Promise.all([update(desk, id, '"2"', { roles: ["owner"] }), update(desk, second.id, '"2"', { disabled: true })]);
  expect(both.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
});

test("changes need the version that was read, an address is one person's, and all of it is in the audit log", async () => {
  const desk = await start();
  const ada = await desk.admin();
  const { id } = await desk.person("Bob", ["support"]);
  expect((await update(desk, id, '"1"', { name: "Robert" })).status).toBe(412);
  const taken = await update(desk, id, '"2"', { email: "ADA@desk.example" });
  expect([taken.status, taken.json["errors"]]).toEqual([
    422,
    [{ in: "body", path: "/email", code: "email-taken", message: "Another person already has this address." }],
  ]);
  expect((await desk.program("POST", "/api/v1/people", ADMIN_KEY, bob)).status).toBe(422);
  const changed = await desk.page("PATCH", `/api/v1/people/${id}`, {
    cookie: ada.cookie,
    body: { name: "Robert", roles: ["support", "owner"] },
    headers: { "If-Match": '"2"' },
  });
  expect(changed.headers.get("etag")).toBe('"3"');
  const [entry] = await desk.documents.listAudit({ limit: 1, filter: {} });
  expect(entry).toMatchObject({
    by: { kind: "person", id: ada.id, name: "Ada" },
    action: "person.update",
    target: { kind: "person", id },
    before: { name: "Bob", roles: ["support"] },
    after: { name: "Robert", roles: ["support", "owner"] },
  });
  const removed = await desk.page("DELETE", `/api/v1/people/${id}`, { cookie: ada.cookie, headers: { "If-Match": '"3"' } });
  expect(removed.status).toBe(204);
  for (const kind of ["staff-account", "staff-session", "invitation"] as const)
    expect((await desk.documents.list(kind, { parent: id, limit: 10, now: desk.clock.now() })).length).toBe(0);
});

test("groups hold people, who carry them along, and let go of them when they go", async () => {
  const desk = await start();
  const { cookie, id } = await desk.person("Bob", ["owner"]);
  const ask = (method: string, path: string, body?: unknown, version?: string) =>
    desk.page(method, `/api/v1${path}`, {
      ...(body === undefined ? {} : { body }),
      headers: { Authorization: `Bearer ${ADMIN_KEY}`, ...(version === undefined ? {} : { "If-Match": version }) },
    });
  const shop = await ask("POST", "/groups", { name: "Shop" });
  expect((await ask("POST", "/groups", { name: "shop" })).status).toBe(422);
  const group = String(shop.json["id"]);
  for (let twice = 0; twice < 2; twice += 1) expect((await ask("PUT", `/groups/${group}/members/${id}`)).status).toBe(204);
  expect((await ask("PUT", `/groups/${group}/members/nobody`)).status).toBe(404);
  expect((await desk.page("GET", "/api/v1/me", { cookie })).json["groups"]).toEqual([group]);
  expect((await ask("GET", `/groups/${group}/members`)).json).toMatchObject({ items: [{ id, name: "Bob" }] });
  expect((await ask("PATCH", `/groups/${group}`, { description: "The shop's people" }, '"1"')).json["description"]).toBe(
    "The shop's people",
  );

  expect((await ask("DELETE", `/groups/${group}/members/${id}`)).status).toBe(204);
  expect((await ask("DELETE", `/groups/${group}/members/${id}`)).status).toBe(404);
  await ask("PUT", `/groups/${group}/members/${id}`);
  expect((await ask("DELETE", `/groups/${group}`, undefined, '"2"')).status).toBe(204);
  expect((await desk.page("GET", "/api/v1/me", { cookie })).json["groups"]).toEqual([]);
  const actions = (await desk.documents.listAudit({ limit: 50, filter: { targetKind: "group" } })).map(({ action }) => action).toReversed();
  expect(actions).toEqual(["group.create", "group.add-member", "group.update", "group.remove-member", "group.add-member", "group.remove"]);
});

test("who is removed leaves their groups", async () => {
  const desk = await start();
  await desk.admin();
  const { id } = await desk.person("Bob", ["owner"]);
  const group = await desk.groups.create(
    { kind: "person", id: "ada", name: "Ada", roles: ["admin"], groups: [] },
    { name: "Shop", description: "" },
  );
  await desk.program("PUT", `/api/v1/groups/${group.id}/members/${id}`, ADMIN_KEY);
  await desk.page("DELETE", `/api/v1/people/${id}`, { headers: { Authorization: `Bearer ${ADMIN_KEY}`, "If-Match": '"3"' } });
  expect((await desk.program("GET", `/api/v1/groups/${group.id}/members`, ADMIN_KEY)).json).toEqual({ items: [] });
});

test("lists come page by page", async () => {
  const desk = await start();
  for (const name of ["Bob", "Cleo", "Dan"])
    await desk.program("POST", "/api/v1/people", ADMIN_KEY, { name, email: `${name}@desk.example`, roles: ["owner"] });
  const names: string[] = [];
  for (let next: string | undefined = ""; next !== undefined;) {
    const answer: Answer = await desk.program("GET", `/api/v1/people?limit=2${next === "" ? "" : `&cursor=${next}`}`, ADMIN_KEY);
    names.push(...(answer.json["items"] as { name: string }[]).map(({ name }) => name));
    next = answer.json["next"] as string | undefined;
  }
  expect(names.sort()).toEqual(["Bob", "Cleo", "Dan"]);
});

test("a key that is limited to people.write brings in nobody who may do more than it", async () => {
  const desk = await start();
  const { key } = await desk.apiKeys.create(
    { kind: "key", id: "test", name: "test", roles: ["admin"], groups: [] },
    { name: "hr", roles: ["admin"], scopes: ["people.read", "people.write"] },
  );
  const invited = await desk.program("POST", "/api/v1/people", ADMIN_KEY, { ...bob, roles: ["admin"] });
  const { id } = invited.json["person"] as { id: string };
  const change = (body: unknown) =>
    desk.page("PATCH", `/api/v1/people/${id}`, { body, headers: { Authorization: `Bearer ${key}`, "If-Match": '"1"' } });

  const made = await desk.program("POST", "/api/v1/people", key, { ...bob, email: "eve@desk.example", roles: ["support", "admin"] });
  expect([made.status, made.json["errors"]]).toMatchObject([422, [{ path: "/roles/0" }, { path: "/roles/1" }]]);
  expect((await desk.program("POST", `/api/v1/people/${id}/invitation`, key)).status).toBe(403);
  expect((await change({ email: "eve@desk.example" })).status).toBe(403);
  expect((await change({ roles: ["owner"] })).status).toBe(422);
  expect((await change({ disabled: true })).status).toBe(200);
});
