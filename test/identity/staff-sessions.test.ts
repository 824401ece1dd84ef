import { expect, test } from "vitest";
import { peopleRoutes } from "../../server/http/api/routes/people-routes.ts";
import { selfRoutes } from "../../server/http/api/routes/self-routes.ts";
import { sessionsRoutes } from "../../server/http/api/routes/sessions-routes.ts";
import { AccountRows } from "../../server/identity/staff/account-rows.ts";
import { Sessions } from "../../server/identity/staff/sessions.ts";
import { readUserAgent } from "../../server/identity/staff/user-agent.ts";
import { standingClock } from "../http/api/api-harness.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { cookieOf, PASSWORD, type StaffParts, startStaff } from "./staff-harness.ts";

const routes = ({ documents, clock, people, publicUrl }: StaffParts) => [
  ...selfRoutes(),
  ...peopleRoutes({ people, publicUrl: () => publicUrl }),
  ...sessionsRoutes({ sessions: new Sessions({ documents, clock }) }),
];
const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:152.0) Gecko/20100101 Firefox/152.0";

interface Shown {
  readonly id: string;
  readonly current: boolean;
  readonly createdAt: number;
  readonly lastSeenAt: number;
}

async function started() {
  const clock = standingClock(Date.now());
  const desk = await startStaff({ routes, clock });
  const admin = await desk.admin();
  const list = async (path: string, cookie: string) => (await desk.page("GET", `/api/v1${path}`, { cookie })).json["items"] as Shown[];
  const me = async (cookie: string) => (await desk.page("GET", "/api/v1/me", { cookie })).status;
  const signIn = (cookie?: string) =>
    desk.page("POST", "/api/auth/sign-in/email", {
      body: { email: "ada@desk.example", password: PASSWORD },
      headers: { "User-Agent": FIREFOX },
      ...(cookie === undefined ? {} : { cookie }),
    });
  return { desk, clock, admin, list, me, signIn };
}

test("people see where they are signed in, in words, and never a token", async () => {
  const { desk, clock, admin, signIn } = await started();
  clock.move(1000);
  const second = cookieOf(await signIn());
  const answer = await desk.page("GET", "/api/v1/me/sessions", { cookie: second });
  expect(answer.json).toEqual({
    items: [
      {
        id: expect.any(String),
        createdAt: clock.now(),
        lastSeenAt: clock.now(),
        expiresAt: expect.any(Number),
        browser: "Firefox 152",
        system: "Windows",
        current: true,
      },
      expect.objectContaining({ current: false, createdAt: clock.now() - 1000 }),
    ],
  });
  for (const cookie of [admin.cookie, second]) {
    const token = decodeURIComponent(/=([^;.]+)/.exec(cookie)?.[1] ?? "");
    expect(answer.text).not.toContain(token);
  }
  for (const { id } of await desk.documents.list("staff-session", { limit: 9, now: clock.now() })) expect(answer.text).not.toContain(id);
});

test("the list is paged, newest first", async () => {
  const { desk, clock, admin, signIn } = await started();
  for (let index = 0; index < 4; index += 1) {
    clock.move(1000);
    await signIn();
  }
  const found: Shown[] = [];
  for (let path: string | undefined = "/api/v1/me/sessions?limit=2"; path !== undefined;) {
    const { json } = await desk.page("GET", path, { cookie: admin.cookie });
    found.push(...(json["items"] as Shown[]));
    path = typeof json["next"] === "string" ? `/api/v1/me/sessions?limit=2&cursor=${json["next"]}` : undefined;
  }
  expect(found.map(({ createdAt }) => clock.now() - createdAt)).toEqual([0, 1000, 2000, 3000, 4000]);
});

test("when a session was last seen is exact to five minutes, and is not written with each request", async () => {
  const { desk, clock, admin, list, me } = await started();
  const versionOf = async () => (await desk.documents.list("staff-session", { limit: 1, now: clock.now() }))[0]?.version;
  const first = await versionOf();
  for (let index = 0; index < 20; index += 1) await me(admin.cookie);
  expect(await versionOf()).toBe(first);
  clock.move(6 * 60_000);
  await Promise.all(Array.from({ length: 20 }, () => me(admin.cookie)));
  expect(await versionOf()).toBe((first ?? 0) + 1);
  expect((await list("/me/sessions", admin.cookie))[0]?.lastSeenAt).toBe(clock.now());
  // Renewing it at the same time is not refused for that.
  clock.move(25 * 60 * 60_000);
  const renewing = desk.page("GET", "/api/auth/get-session", { cookie: admin.cookie });
  const [renewed] = await Promise.all([renewing, me(admin.cookie), me(admin.cookie)]);
  expect(renewed.json).toMatchObject({ user: { email: "ada@desk.example" } });
});

test("a session that is ended is refused at the next request; all others end at once, but not the one that asks", async () => {
  const { desk, admin, list, me, signIn } = await started();
  const [second, third, fourth] = [cookieOf(await signIn()), cookieOf(await signIn()), cookieOf(await signIn())];
  const [own] = (await list("/me/sessions", second)).filter(({ current }) => current);
  expect((await desk.page("DELETE", `/api/v1/me/sessions/${own!.id}`, { cookie: admin.cookie })).status).toBe(204);
  expect([await me(second), await me(third)]).toEqual([401, 200]);
  expect((await desk.page("DELETE", `/api/v1/me/sessions/${own!.id}`, { cookie: admin.cookie })).status).toBe(404);
  const ended = await desk.page("DELETE", "/api/v1/me/sessions", { cookie: admin.cookie });
  expect(ended.json).toEqual({ ended: 2 });
  expect([await me(third), await me(fourth), await me(admin.cookie)]).toEqual([401, 401, 200]);
  const entries = (await desk.documents.listAudit({ limit: 9, filter: { action: "session.end" } })).map(({ before, target }) => [
    target.id,
    (before as { browser: string }).browser,
  ]);
  expect(entries).toEqual(Array.from({ length: 3 }, () => [admin.id, "Firefox 152"]));
});

test("admins see and end everybody's sessions; others only their own", async () => {
  const { desk, admin, list, me } = await started();
  const grace = await desk.person("Grace", ["support"]);
  const another = await desk.signIn(grace.email);
  const [newest] = await list(`/people/${grace.id}/sessions`, admin.cookie);
  expect(newest?.current).toBe(false);
  for (const [method, path] of [
    ["GET", `/people/${admin.id}/sessions`],
    ["DELETE", `/people/${admin.id}/sessions`],
    ["DELETE", `/people/${grace.id}/sessions/${newest!.id}`],
  ] as const)
    expect([path, (await desk.page(method, `/api/v1${path}`, { cookie: grace.cookie })).status]).toEqual([path, 403]);
  const [ownOfAdmin] = await list("/me/sessions", admin.cookie);
  expect((await desk.page("DELETE", `/api/v1/me/sessions/${ownOfAdmin!.id}`, { cookie: grace.cookie })).status).toBe(404);
  expect((await desk.page("DELETE", `/api/v1/people/${grace.id}/sessions/${newest!.id}`, { cookie: admin.cookie })).status).toBe(204);
  expect((await desk.page("DELETE", `/api/v1/people/${grace.id}/sessions`, { cookie: admin.cookie })).json).toEqual({ ended: 1 });
  expect([await me(grace.cookie), await me(another), await me(admin.cookie)]).toEqual([401, 401, 200]);
  expect((await desk.page("GET", "/api/v1/people/nobody/sessions", { cookie: admin.cookie })).status).toBe(404);
  expect((await desk.page("DELETE", "/api/v1/people/nobody/sessions", { cookie: admin.cookie })).status).toBe(404);
});

test("a key has no sessions", async () => {
  const { desk } = await started();
  const owner = { kind: "person", id: "ada", name: "Ada", roles: ["admin"], groups: [] } as const;
  const { key } = await desk.apiKeys.create(owner, { name: "program", roles: ["admin"] });
  expect((await desk.program("GET", "/api/v1/me/sessions", key)).json).toEqual({ items: [] });
  expect((await desk.program("DELETE", "/api/v1/me/sessions", key)).json).toEqual({ ended: 0 });
});

test("a session that a browser had before it signs in ends with that, also another person's; a refused sign-in ends none", async () => {
  const { desk, admin, me, signIn } = await started();
  const mallory = await desk.person("Mallory", ["support"]);
  const refused = await desk.page("POST", "/api/auth/sign-in/email", {
    cookie: admin.cookie,
    body: { email: "ada@desk.example", password: "not hers at all" },
  });
  expect([refused.status, await me(admin.cookie)]).toEqual([401, 200]);
  // A valid session that an attacker put into the browser of somebody who then signs in.
  const after = cookieOf(await signIn(mallory.cookie));
  expect([await me(mallory.cookie), await me(after)]).toEqual([401, 200]);
  const again = cookieOf(await signIn(admin.cookie));
  expect([await me(admin.cookie), await me(again)]).toEqual([401, 200]);
});

test("a session under the name of an earlier release is nobody's", async () => {
  const { admin, me } = await started();
  expect(admin.cookie).toMatch(/^__Host-frontdesk\.session_token=/);
  expect(await me(admin.cookie.replace("__Host-", "__Secure-"))).toBe(401);
});

test("what a browser calls itself is shortened before it is kept", async () => {
  const { desk, clock } = await started();
  await desk.page("POST", "/api/auth/sign-in/email", {
    body: { email: "ada@desk.example", password: PASSWORD },
    headers: { "User-Agent": `curl/8.5 ${"x".repeat(5000)}` },
  });
  const kept = await desk.documents.list("staff-session", { limit: 9, now: clock.now() });
  expect(Math.max(...kept.map(({ body }) => JSON.stringify(body).length))).toBeLessThan(800);
});

test.each([
  [FIREFOX, "Firefox 152", "Windows"],
  ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36", "Chrome 156", "Linux"],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0",
    "Edge 156",
    "Windows",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
    "Safari 26",
    "macOS",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Safari 18",
    "iPhone",
  ],
  [
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36",
    "Chrome 156",
    "Android",
  ],
  ["something else", undefined, undefined],
  ["", undefined, undefined],
])("%s", (text, browser, system) => {
  expect(readUserAgent(text)).toEqual({ browser, system });
});

test("renewing a session while another request notes that it is used is tried again", async () => {
  const documents = createMemoryDocuments();
  let meanwhile = 0;
  const rows = new AccountRows({
    documents: {
      ...documents,
      write: async (changes, options) => {
        const [change] = changes;
        if (change?.do === "replace" && meanwhile-- > 0) {
          const { kind, id, body } = change;
          await documents.write([{ do: "replace", kind, id, body: { ...(body as object), lastSeenAt: 7 } }], options);
        }
        return documents.write(changes, options);
      },
    },
    now: () => 5,
  });
  const where = [{ field: "token", value: "the-token" }];
  await rows.create("session", { id: "session-1", token: "the-token", userId: "ada", expiresAt: new Date(50).toISOString() });
  meanwhile = 2;
  const expiresAt = new Date(90).toISOString();
  expect(await rows.change("session", where, { expiresAt }, 1)).toMatchObject([{ id: "session-1", expiresAt, lastSeenAt: 7 }]);
  meanwhile = 99;
  await expect(rows.change("session", where, { expiresAt }, 1)).rejects.toThrow("changed in the meantime");
});
