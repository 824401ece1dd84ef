import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { expect, test } from "vitest";
import { selfRoutes } from "../../server/http/api/routes/self-routes.ts";
import { standingClock } from "../http/api/api-harness.ts";
import { cookieOf, PASSWORD, startStaff } from "./staff-harness.ts";

const routes = selfRoutes;
const NAME = "__Host-frontdesk.session_token";

test("signing in sets a cookie that scripts and other sites do not get, and that the API takes", async () => {
  const desk = await startStaff({ routes, slowPasswords: true });
  await desk.admin();
  const answer = await desk.page("POST", "/api/auth/sign-in/email", { body: { email: "Ada@desk.example", password: PASSWORD } });
  const [cookie = ""] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^__Host-frontdesk\.session_token=/);
  for (const flag of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) expect(cookie).toContain(flag);
  expect(cookie).not.toContain("Domain");
  const token = decodeURIComponent(/=([^;.]+)/.exec(cookie)?.[1] ?? "");
  expect(token.length).toBeGreaterThan(20);
  expect(answer.text).not.toContain(token);
  const me = await desk.page("GET", "/api/v1/me", { cookie: cookieOf(answer) });
  expect(me.json).toMatchObject({ kind: "person", name: "Ada", roles: ["admin"] });
  const renewed = await desk.page("GET", "/api/auth/get-session", { cookie: cookieOf(answer) });
  expect(renewed.json).toMatchObject({ user: { email: "ada@desk.example" } });
  expect(renewed.text).not.toContain(token);
  const kept = await desk.documents.list("staff-session", { limit: 10, now: desk.clock.now() });
  expect(kept.length).toBe(2);
  expect(JSON.stringify(kept)).not.toContain(token);
});

test("without https the cookie is not marked secure, as browsers would drop it", async () => {
  const desk = await startStaff({ routes, publicUrl: "http://localhost:4400" });
  const { cookie } = await desk.admin();
  expect(cookie).toMatch(/^frontdesk\.session_token=/);
  expect((await desk.page("GET", "/api/v1/me", { cookie })).status).toBe(200);
});

test("under a path the cookie is this server's alone on the host, and the audit log knows what was done", async () => {
  const desk = await startStaff({ routes, publicUrl: "https://shop.example/desk" });
  await desk.admin();
  const answer = await desk.page("POST", "/api/auth/sign-in/email", { body: { email: "ada@desk.example", password: PASSWORD } });
  const [set = ""] = answer.headers.getSetCookie();
  expect(set).toMatch(/^__Secure-frontdesk\.session_token=.*; Path=\/desk(;|$)/);
  const cookie = cookieOf(answer);
  expect((await desk.page("GET", "/api/v1/me", { cookie })).json).toMatchObject({ name: "Ada" });
  const refused = await desk.page("POST", "/api/auth/sign-in/email", { body: { email: "ada@desk.example", password: "not hers at all" } });
  expect(refused.status).toBe(401);
  const out = await desk.page("POST", "/api/auth/sign-out", { cookie, body: {} });
  expect(out.headers.getSetCookie().filter((line) => line.includes("session_token"))).toEqual([
    expect.stringMatching(/Max-Age=0; Path=\/desk(;|$)/),
  ]);
  expect((await desk.page("GET", "/api/v1/me", { cookie })).status).toBe(401);
  const actions = (await desk.documents.listAudit({ limit: 9, filter: {} })).map(({ action }) => action);
  expect(actions.slice(0, 3)).toEqual(["session.sign-out", "session.refused", "session.sign-in"]);
  // The host is the shop's too, but another host is not.
  const foreign = { body: { email: "ada@desk.example", password: PASSWORD }, headers: { Origin: "https://evil.example" } };
  expect((await desk.page("POST", "/api/auth/sign-in/email", foreign)).status).toBe(403);
});

test("a session that was there before signing in is never the one after it", async () => {
  const desk = await startStaff({ routes });
  const { cookie } = await desk.admin();
  const again = await desk.page("POST", "/api/auth/sign-in/email", { cookie, body: { email: "ada@desk.example", password: PASSWORD } });
  expect(cookieOf(again)).not.toBe(cookie);
  // What an attacker puts into the browser beforehand: a token of their own making, unsigned, or signed by somebody
  // else.
  for (const planted of ["chosen-by-attacker", "chosen-by-attacker.c2lnbmF0dXJl", encodeURIComponent(`token.${"A".repeat(43)}=`)]) {
    const planting = `${NAME}=${planted}`;
    const answer = await desk.page("POST", "/api/auth/sign-in/email", {
      cookie: planting,
      body: { email: "ada@desk.example", password: PASSWORD },
    });
    expect(cookieOf(answer)).not.toContain("chosen-by-attacker");
    expect((await desk.page("GET", "/api/v1/me", { cookie: planting })).status).toBe(401);
  }
  // Two cookies of the name: one of them may be another site's.
  expect((await desk.page("GET", "/api/v1/me", { cookie: `${cookie}; ${cookieOf(again)}` })).status).toBe(401);
});

test("a cookie that was changed anywhere is nobody's", async () => {
  const desk = await startStaff({ routes });
  const { cookie } = await desk.admin();
  const value = decodeURIComponent(cookie.slice(NAME.length + 1));
  const dot = value.lastIndexOf(".");
  for (const changed of [
    `x${value.slice(1)}`,
    value.slice(0, dot),
    `${value.slice(0, dot)}.`,
    `${value.slice(0, dot)}.${"A".repeat(43)}=`,
    "%E0%A4%A",
  ])
    expect((await desk.page("GET", "/api/v1/me", { cookie: `${NAME}=${encodeURIComponent(changed)}` })).status).toBe(401);
  expect((await desk.page("GET", "/api/v1/me", { cookie: `${NAME}=%E0%A4%A` })).status).toBe(401);
});

test("a session ends by signing out, after its time, and with the person", async () => {
  const clock = standingClock(Date.now());
  const desk = await startStaff({ routes, clock });
  const { cookie } = await desk.admin();
  const me = async (given: string) => (await desk.page("GET", "/api/v1/me", { cookie: given })).status;
  expect((await desk.page("POST", "/api/auth/sign-out", { cookie, body: {} })).status).toBe(200);
  expect(await me(cookie)).toBe(401);
  const second = await desk.signIn("ada@desk.example");
  expect(await me(second)).toBe(200);
  clock.move(8 * 24 * 60 * 60 * 1000);
  expect(await me(second)).toBe(401);
});

test("nobody can register, and nothing else of the library is open", async () => {
  const desk = await startStaff({ routes });
  const { cookie } = await desk.admin();
  const body = { name: "Eve", email: "eve@evil.example", password: PASSWORD };
  for (const [method, path] of [
    ["POST", "/sign-up/email"],
    ["POST", "/update-user"],
    ["POST", "/delete-user"],
    ["POST", "/change-email"],
    ["POST", "/request-password-reset"],
    ["POST", "/reset-password"],
    ["GET", "/list-sessions"],
    ["GET", "/ok"],
    ["POST", "/sign-in/email/"],
    ["POST", "//sign-up/email"],
    ["POST", "/sign-in/../sign-up/email"],
    ["POST", "/sign-up%2Femail"],
  ] as const)
    expect([path, (await desk.page(method, `/api/auth${path}`, { cookie, ...(method === "POST" ? { body } : {}) })).status]).toEqual([
      path,
      404,
    ]);
  expect((await desk.documents.list("person", { limit: 10, now: desk.clock.now() })).length).toBe(1);
});

test("another website's page signs nobody in or out", async () => {
  const desk = await startStaff({ routes });
  const { cookie } = await desk.admin();
  const body = { email: "ada@desk.example", password: PASSWORD };
  for (const headers of [
    { Origin: "https://evil.example" },
    { Origin: "null" },
    { Origin: desk.publicUrl, "Sec-Fetch-Site": "cross-site" },
  ])
    for (const path of ["/sign-in/email", "/sign-out"])
      expect((await desk.page("POST", `/api/auth${path}`, { cookie, body, headers })).status).toBe(403);
  const key = { Authorization: "Bearer anything", Origin: "https://evil.example" };
  expect((await desk.page("POST", "/api/auth/sign-out", { cookie, body: {}, headers: key })).status).toBe(403);
  expect((await desk.page("GET", "/api/v1/me", { cookie })).status).toBe(200);
});

test("failing too often from one network ends in a pause, for this network only; succeeding costs nothing", async () => {
  const desk = await startStaff({ routes, attemptsPerMinute: 3 });
  await desk.admin();
  const signIn = (password: string, address: string) =>
    desk.page("POST", "/api/auth/sign-in/email", {
      body: { email: "ada@desk.example", password },
      headers: { "X-Forwarded-For": address },
    });
  for (let index = 0; index < 4; index += 1) expect((await signIn(PASSWORD, "192.0.2.1")).status).toBe(200);
  const wrong = await Promise.all(Array.from({ length: 5 }, () => signIn("a wrong password", "192.0.2.1")));
  expect(wrong.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([401, 401, 401, 429, 429]);
  const refused = await signIn(PASSWORD, "192.0.2.1");
  expect([refused.status, refused.json["code"]]).toEqual([429, "too-many-attempts"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await signIn(PASSWORD, "192.0.2.2")).status).toBe(200);
});

test("keys that are nobody's are counted the same way; one that is somebody's, and a session, pass all the same", async () => {
  const desk = await startStaff({ routes, attemptsPerMinute: 3, adminKey: "k".repeat(32) });
  const me = (key: string, address: string) =>
    desk
      .page("GET", "/api/v1/me", { headers: { Authorization: `Bearer ${key}`, "X-Forwarded-For": address } })
      .then(({ status }) => status);
  for (let index = 0; index < 5; index += 1) expect(await me("k".repeat(32), "192.0.2.1")).toBe(200);
  for (let index = 0; index < 3; index += 1) expect(await me("fd_guess", "192.0.2.1")).toBe(401);
  for (let index = 0; index < 3; index += 1) expect(await me("fd_guess", "192.0.2.1")).toBe(429);
  expect(await me("k".repeat(32), "192.0.2.1")).toBe(200);
  expect(await me("fd_guess", "192.0.2.2")).toBe(401);
  const { cookie } = await desk.admin();
  expect((await desk.page("GET", "/api/v1/me", { cookie, headers: { "X-Forwarded-For": "192.0.2.1" } })).status).toBe(200);
  const warnings = desk.logged.filter((line) => JSON.stringify(line).includes("Too many attempts"));
  expect(warnings).toEqual([[expect.objectContaining({ network: "192.0.2.1" }), expect.stringContaining("refused")]]);
});

test("a key that is nobody's is told so; nothing at all is asked for one", async () => {
  const desk = await startStaff({ routes });
  const none = await desk.page("GET", "/api/v1/me");
  const unknown = await desk.page("GET", "/api/v1/me", { headers: { Authorization: "Bearer fd_guess" } });
  expect([none.status, none.json["title"], none.json["detail"]]).toEqual([401, "Sign in, or send an API key.", undefined]);
  expect([unknown.status, unknown.json["detail"]]).toEqual([401, expect.stringContaining("not known, was revoked or has ended")]);
});

test("a password is changed by who knows it, and other sessions can end with that", async () => {
  const desk = await startStaff({ routes });
  const { cookie } = await desk.admin();
  const change = (currentPassword: string, newPassword: string) =>
    desk.page("POST", "/api/auth/change-password", { cookie, body: { currentPassword, newPassword, revokeOtherSessions: true } });
  expect((await change("a wrong password", "another long password")).status).toBe(400);
  expect((await change(PASSWORD, "short")).status).toBe(400);
  const other = await desk.signIn("ada@desk.example");
  expect((await change(PASSWORD, "another long password")).status).toBe(200);
  expect((await desk.page("GET", "/api/v1/me", { cookie: other })).status).toBe(401);
  await expect(desk.signIn("ada@desk.example", PASSWORD)).rejects.toThrow("401");
  expect((await desk.page("GET", "/api/v1/me", { cookie: await desk.signIn("ada@desk.example", "another long password") })).status).toBe(
    200,
  );
});

test("the audit log knows who signed in, who signed out and who was refused, and no password or address that somebody mistyped", async () => {
  const desk = await startStaff({ routes });
  const { id, cookie } = await desk.admin();
  await desk.page("POST", "/api/auth/sign-in/email", { body: { email: "ada@desk.example", password: "hunter2 hunter2" } });
  await desk.page("POST", "/api/auth/sign-in/email", { body: { email: "my secret password", password: "x" } });
  await desk.page("POST", "/api/auth/sign-in/email", { body: { email: "nobody@desk.example", password: "x".repeat(20) } });
  await desk.page("POST", "/api/auth/sign-out", { cookie, body: {} });
  const entries = (await desk.documents.listAudit({ limit: 50, filter: {} })).toReversed();
  expect(entries.map(({ action, by, target }) => `${by.name} ${action} ${target.id === id ? "ada" : target.id}`)).toEqual([
    "Ada person.setup ada",
    "Ada session.sign-in ada",
    "nobody session.refused ada",
    "nobody session.refused unknown",
    "nobody session.refused unknown",
    "Ada session.sign-out ada",
  ]);
  for (const secret of ["hunter2", "my secret password", PASSWORD, "quick", "nobody@"])
    expect(JSON.stringify(entries)).not.toContain(secret);
  expect(JSON.stringify(desk.logged)).not.toMatch(/hunter2|my secret/);
});

test("a body that is no JSON, or too large, does not reach the library", async () => {
  const desk = await startStaff({ routes });
  const send = (body: string, type: string) =>
    desk.page("POST", "/api/auth/sign-in/email", { body, headers: { "Content-Type": type } }).then(({ status }) => status);
  expect(await send("email=a&password=b", "application/x-www-form-urlencoded")).toBe(415);
  expect(await send(`{"email":"${"x".repeat(20_000)}"}`, "application/json")).toBe(413);
  expect(await send("{", "application/json")).toBe(400);
});

test("a path that is no URL, or one of another host, is nothing here and no fault of ours", async () => {
  const desk = await startStaff({ routes });
  for (const path of ["//[", "//elsewhere/get-session", "/x/../get-session", "//"])
    expect([path, await statusOf(desk.url, `/api/auth${path}`)]).toEqual([path, 404]);
  expect(await statusOf(desk.url, "/api/auth/get-session")).toBe(200);
  expect(desk.logged).toEqual([]);
});

/** Asked as it stands there: `fetch` would tidy the path up. */
async function statusOf(url: string, path: string): Promise<number | undefined> {
  const asked = request({ port: new URL(url).port, path }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}
