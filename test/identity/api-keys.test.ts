import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { apiKeysRoutes } from "../../server/http/api/routes/api-keys-routes.ts";
import { selfRoutes } from "../../server/http/api/routes/self-routes.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { standingClock } from "../http/api/api-harness.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { startStaff, type StaffParts } from "./staff-harness.ts";

const ADMIN_KEY = "k".repeat(40);
const routes = (parts: StaffParts) => [...selfRoutes(), ...apiKeysRoutes(parts)];

test("a key is shown once, and what lies on the disk is only its hash, also after the same request came twice", async () => {
  const folder = await temporaryFolder();
  const store = await openSqliteStore({ path: join(folder.path, "frontdesk.sqlite") });
  onTestFinished(() => folder.remove());
  const desk = await startStaff({ routes, adminKey: ADMIN_KEY, documents: store.documents });
  const create = () =>
    desk.page("POST", "/api/v1/api-keys", {
      body: { name: "nightly-export", roles: ["admin"] },
      headers: { Authorization: `Bearer ${ADMIN_KEY}`, "Idempotency-Key": "create-1" },
    });
  const made = await create();
  const key = String(made.json["key"]);
  expect([made.status, (await create()).json["key"]]).toEqual([201, key]);
  expect(key).toMatch(/^fd_[\w-]{43}$/);
  expect((await desk.program("GET", "/api/v1/me", key)).json).toMatchObject({ kind: "key", name: "nightly-export" });
  const list = await desk.program("GET", "/api/v1/api-keys", key);
  expect((list.json["items"] as unknown[]).length).toBe(1);
  expect(list.text).not.toContain(key);
  expect(JSON.stringify(await store.documents.listAudit({ limit: 50, filter: {} }))).not.toContain(key);
  await store.close();

  const bytes = Buffer.concat(await Promise.all((await readdir(folder.path)).map((file) => readFile(join(folder.path, file)))));
  expect(bytes.includes("nightly-export")).toBe(true);
  expect(bytes.includes(String((list.json["items"] as { id: string }[])[0]?.id))).toBe(true);
  for (const secret of [key, key.slice(3), Buffer.from(key.slice(3), "base64url").toString("hex"), ADMIN_KEY])
    expect(bytes.includes(secret)).toBe(false);
});

test("a key may what its roles may, or less, until it is revoked or its time is over", async () => {
  const clock = standingClock();
  const desk = await startStaff({ routes, adminKey: ADMIN_KEY, clock });
  const create = async (body: object) => {
    const made = await desk.program("POST", "/api/v1/api-keys", ADMIN_KEY, { name: "script", roles: ["admin"], ...body });
    return { key: String(made.json["key"]), id: (made.json["apiKey"] as { id: string }).id };
  };
  const me = async (key: string) => (await desk.program("GET", "/api/v1/me", key)).status;
  const limited = await create({ scopes: ["self.read"] });
  expect((await desk.program("GET", "/api/v1/me", limited.key)).json["actions"]).toEqual(["self.read"]);
  expect((await desk.program("GET", "/api/v1/api-keys", limited.key)).status).toBe(403);
  const short = await create({ expiresAt: clock.now() + 1000 });
  expect(await me(short.key)).toBe(200);
  clock.move(1000);
  expect(await me(short.key)).toBe(401);
  expect((await desk.program("DELETE", `/api/v1/api-keys/${limited.id}`, ADMIN_KEY)).status).toBe(204);
  expect(await me(limited.key)).toBe(401);
  expect((await desk.program("DELETE", `/api/v1/api-keys/${limited.id}`, ADMIN_KEY)).status).toBe(404);
});

test("nobody makes a key that may more than they", async () => {
  const desk = await startStaff({ routes, adminKey: ADMIN_KEY });
  const faults = async (key: string, body: object) => {
    const answer = await desk.program("POST", "/api/v1/api-keys", key, { name: "more", ...body });
    return [answer.status, ...((answer.json["errors"] ?? []) as { path: string }[]).map(({ path }) => path)];
  };
  const { key } = (
    await desk.program("POST", "/api/v1/api-keys", ADMIN_KEY, { name: "maker", roles: ["admin"], scopes: ["keys.write", "self.read"] })
  ).json as { key: string };
  expect(await faults(key, { roles: ["admin"] })).toEqual([422, "/scopes"]);
  expect(await faults(key, { roles: ["admin"], scopes: ["self.read", "people.write"] })).toEqual([422, "/scopes/1"]);
  expect(await faults(key, { roles: ["admin"], scopes: ["self.read"] })).toEqual([201]);
  expect(await faults(ADMIN_KEY, { roles: ["support"], scopes: ["people.write"] })).toEqual([422, "/scopes/0"]);
  expect(await faults(ADMIN_KEY, { roles: ["support"], expiresAt: 1 })).toEqual([422, "/expiresAt"]);
  expect(await faults(ADMIN_KEY, { roles: [] })).toEqual([422, "/roles"]);
});

test("when it was used last is noted once a minute", async () => {
  const clock = standingClock();
  const desk = await startStaff({ routes, adminKey: ADMIN_KEY, clock });
  const { key, apiKey } = (await desk.program("POST", "/api/v1/api-keys", ADMIN_KEY, { name: "script", roles: ["admin"] })).json as {
    key: string;
    apiKey: { id: string; lastUsedAt?: number };
  };
  expect(apiKey.lastUsedAt).toBeUndefined();
  const version = async () => (await desk.documents.get("api-key", apiKey.id, clock.now()))?.version;
  const used = async () => (await desk.apiKeys.list({ limit: 1 }))[0]?.lastUsedAt;
  const first = clock.now();
  await Promise.all(Array.from({ length: 5 }, () => desk.program("GET", "/api/v1/me", key)));
  expect([await used(), await version()]).toEqual([first, 2]);
  clock.move(59_000);
  await desk.program("GET", "/api/v1/me", key);
  expect(await used()).toBe(first);
  clock.move(1_000);
  await desk.program("GET", "/api/v1/me", key);
  expect([await used(), await version()]).toEqual([first + 60_000, 3]);
});
