import { expect, test } from "vitest";
import { entryRoutes } from "../../server/http/api/routes/entry-routes.ts";
import { standingClock } from "../http/api/api-harness.ts";
import { PASSWORD, startStaff } from "./staff-harness.ts";

const HOUR_MS = 60 * 60 * 1000;
const ada = { name: "Ada", email: "ada@desk.example", password: PASSWORD };
const bob = { name: "Bob", email: "bob@desk.example", password: PASSWORD };

test("a link makes the first admin, once", async () => {
  const desk = await startStaff({ routes: entryRoutes });
  const token = await desk.firstAdmin.renewLink();
  const made = await desk.page("POST", "/api/v1/setup", { body: { token, ...ada } });
  expect(made.status).toBe(201);
  expect(desk.logged).toContainEqual([{ person: made.json["id"] }, expect.stringContaining("was used")]);
  await desk.signIn(ada.email);
  expect(await desk.documents.list("setup-link", { limit: 10, now: desk.clock.now() })).toEqual([]);
  const again = await desk.page("POST", "/api/v1/setup", { body: { token, ...bob } });
  expect([again.status, again.json["code"]]).toEqual([410, "link-over"]);
  expect(await desk.firstAdmin.renewLink()).toBeUndefined();
});

test("of two who use the link at the same time, one is the admin", async () => {
  const desk = await startStaff({ routes: entryRoutes });
  const token = await desk.firstAdmin.renewLink();
  const answers = await Promise.all([ada, bob, ada, bob].map((body) => desk.page("POST", "/api/v1/setup", { body: { token, ...body } })));
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 410, 410, 410]);
  expect((await desk.people.list({ limit: 10 })).map(({ roles, status }) => [roles, status])).toEqual([[["admin"], "active"]]);
});

test("two links that were made at the same time do not make two admins", async () => {
  const desk = await startStaff({ routes: entryRoutes });
  const now = desk.clock.now();
  const first = await desk.firstAdmin.renewLink();
  const links = await desk.documents.list("setup-link", { limit: 10, now });
  const second = await desk.firstAdmin.renewLink();
  // As if the first link had been written by another process meanwhile.
  await desk.documents.write([{ do: "create", kind: "setup-link", id: links[0]!.id, body: {} }], { at: now });
  const answers = await Promise.all([
    desk.page("POST", "/api/v1/setup", { body: { token: first, ...ada } }),
    desk.page("POST", "/api/v1/setup", { body: { token: second, ...bob } }),
  ]);
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 410]);
});

test("a link ends after a day, and when the next one is printed", async () => {
  const clock = standingClock();
  const desk = await startStaff({ routes: entryRoutes, clock });
  const first = await desk.firstAdmin.renewLink();
  const second = await desk.firstAdmin.renewLink();
  expect((await desk.page("POST", "/api/v1/setup", { body: { token: first, ...ada } })).status).toBe(410);
  clock.move(24 * HOUR_MS);
  expect((await desk.page("POST", "/api/v1/setup", { body: { token: second, ...ada } })).status).toBe(410);
  const third = await desk.firstAdmin.renewLink();
  clock.move(23 * HOUR_MS);
  expect((await desk.page("POST", "/api/v1/setup", { body: { token: third, ...ada } })).status).toBe(201);
});

test("a mistake in the form does not use the link up, and says where it is", async () => {
  const desk = await startStaff({ routes: entryRoutes });
  const token = await desk.firstAdmin.renewLink();
  const wrong = await desk.page("POST", "/api/v1/setup", { body: { token, name: " ", email: "ada", password: "short" } });
  expect((wrong.json["errors"] as { path: string }[]).map(({ path }) => path)).toEqual(["/name", "/email", "/password"]);
  expect((await desk.page("POST", "/api/v1/setup", { body: { token, ...ada } })).status).toBe(201);
});

test("the token is not in the database", async () => {
  const desk = await startStaff();
  const token = (await desk.firstAdmin.renewLink()) ?? "";
  expect(token.length).toBe(43);
  expect(JSON.stringify(await desk.documents.list("setup-link", { limit: 10, now: desk.clock.now() }))).not.toContain(token);
});
