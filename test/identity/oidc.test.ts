import { expect, test } from "vitest";
import { selfRoutes } from "../../server/http/api/routes/self-routes.ts";
import { oidcProvider } from "../../server/identity/staff/oidc-provider.ts";
import { type Answer, standingClock } from "../http/api/api-harness.ts";
import { OAuthVisitor } from "../support/oauth-visitor.ts";
import { type StaffAccount, startStaffProvider } from "../support/staff-provider.ts";
import { cookieOf, startStaff } from "./staff-harness.ts";

const publicUrl = "https://desk.example";
const redirectUri = `${publicUrl}/api/auth/callback/oidc`;
const client = { clientId: "frontdesk", clientSecret: "a secret/with+signs:in it" };
const system = { kind: "key", id: "test", name: "test", roles: ["admin"], groups: [] } as const;

/** At an address with a path, there is a proxy in front that takes it off. */
async function startBoth(address = publicUrl) {
  const callback = `${address}/api/auth/callback/oidc`;
  const provider = await startStaffProvider({ ...client, redirectUri: callback });
  const desk = await startStaff({
    publicUrl: address,
    routes: selfRoutes,
    oidc: { ...client, issuer: provider.issuer, scope: "openid email profile" },
  });
  const signIn = async (account: StaffAccount, before?: string): Promise<Answer> => {
    provider.letIn(account);
    const begun = await desk.page("POST", "/api/auth/sign-in/social", { body: { provider: "oidc", callbackURL: `${address}/` } });
    expect(begun.status).toBe(200);
    const authorization = new URL(String(begun.json["url"]));
    expect([authorization.origin, authorization.searchParams.get("code_challenge_method")]).toEqual([provider.issuer, "S256"]);
    const back = await new OAuthVisitor().signIn(authorization.href, callback);
    return desk.page("GET", back.href.slice(address.length), { cookie: [cookieOf(begun), before ?? []].flat().join("; ") });
  };
  return { provider, desk, signIn };
}

const bob: StaffAccount = { sub: "b-1", email: "bob@desk.example", email_verified: true, name: "Robert" };

test("who was invited signs in with the company's account, and is known by it from then on", async () => {
  const { desk, signIn, provider } = await startBoth();
  const { person } = await desk.people.invite(system, { name: "Bob", email: "bob@desk.example", roles: ["support"] });
  const answer = await signIn(bob);
  expect([answer.status, answer.headers.get("location")]).toEqual([302, `${publicUrl}/`]);
  const session =
    cookieOf(answer)
      .split("; ")
      .find((cookie) => cookie.includes("session_token")) ?? "";
  expect((await desk.page("GET", "/api/v1/me", { cookie: session })).json).toMatchObject({
    id: person.id,
    name: "Bob",
    roles: ["support"],
  });
  expect((await desk.people.get(person.id)).status).toBe("active");
  expect(provider.asked).toContain("POST /token");
  // The provider's tokens are not kept: nobody asks it anything after that.
  const accounts = await desk.documents.list("staff-account", { limit: 10, now: desk.clock.now() });
  expect(accounts.map(({ body }) => Object.keys(body as object).filter((name) => /token$/i.test(name)))).toEqual([[]]);

  // Another address at the provider does not make them another person.
  const moved = await signIn({ ...bob, email: "robert@elsewhere.example" });
  expect(cookieOf(moved)).toContain("session_token");
  const actions = (await desk.documents.listAudit({ limit: 9, filter: {} })).map(({ action }) => action);
  expect(actions).toEqual(["session.sign-in", "session.sign-in", "person.invite"]);
});

test("a session that the browser had before it came back from the provider ends", async () => {
  const { desk, signIn } = await startBoth();
  await desk.people.invite(system, { name: "Bob", email: "bob@desk.example", roles: ["support"] });
  const { cookie } = await desk.person("Mallory", ["support"]);
  expect((await signIn({ ...bob, email: "nobody@desk.example" }, cookie)).headers.get("location")).toContain("error");
  expect((await desk.page("GET", "/api/v1/me", { cookie })).status).toBe(200);
  expect((await signIn(bob, cookie)).status).toBe(302);
  expect((await desk.page("GET", "/api/v1/me", { cookie })).status).toBe(401);
});

test("under a path the provider sends people back there", async () => {
  const { desk, signIn } = await startBoth("https://shop.example/desk");
  await desk.people.invite(system, { name: "Bob", email: "bob@desk.example", roles: ["support"] });
  const answer = await signIn(bob);
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "https://shop.example/desk/"]);
  const cookies = answer.headers.getSetCookie();
  expect(cookies.join()).toMatch(/session_token=[^;]/);
  for (const cookie of cookies) expect(cookie).toMatch(/; Path=\/desk(;|$)/);
});

test("nobody who was not invited, whose address is not shown to be theirs, or who is disabled comes in", async () => {
  const { desk, signIn } = await startBoth();
  const { person } = await desk.people.invite(system, { name: "Bob", email: "bob@desk.example", roles: ["support"] });
  const refused = async (account: StaffAccount) => {
    const answer = await signIn(account);
    expect([answer.status, cookieOf(answer).includes("session_token=ey") || /session_token=[^;]/.test(cookieOf(answer))]).toEqual([
      302,
      false,
    ]);
    expect(answer.headers.get("location")).toContain("error=");
  };
  await refused({ sub: "e-1", email: "eve@evil.example", email_verified: true });
  await refused({ ...bob, email_verified: false });
  expect((await desk.documents.list("person", { limit: 10, now: desk.clock.now() })).length).toBe(1);
  await desk.people.update(system, person.id, 1, { disabled: true });
  await refused(bob);
});

test("an answer for a sign-in that nobody began in this browser is refused", async () => {
  const { desk, provider } = await startBoth();
  await desk.people.invite(system, { name: "Bob", email: "bob@desk.example", roles: ["support"] });
  provider.letIn(bob);
  const begun = await desk.page("POST", "/api/auth/sign-in/social", { body: { provider: "oidc", callbackURL: `${publicUrl}/` } });
  const back = await new OAuthVisitor().signIn(String(begun.json["url"]), redirectUri);
  const other = await desk.page("GET", `${back.pathname}${back.search}`);
  expect(/session_token=[^;]/.test(cookieOf(other))).toBe(false);
  expect(await desk.documents.list("staff-verification", { limit: 10, now: desk.clock.now() })).toEqual([]);
  const evil = await desk.page("POST", "/api/auth/sign-in/social", { body: { provider: "oidc", callbackURL: "https://evil.example/" } });
  expect(evil.status).toBe(403);
});

test("a provider that is another one than was configured is refused", async () => {
  const { provider } = await startBoth();
  await expect(
    oidcProvider({ ...client, issuer: provider.issuer.replace("localhost", "127.0.0.1"), scope: "openid" }, fetch),
  ).rejects.toThrow("calls itself");
});

test("while the provider cannot be reached, passwords work; when it is back, so does it", async () => {
  const clock = standingClock(Date.now());
  const provider = await startStaffProvider({ ...client, redirectUri });
  let down = true;
  const desk = await startStaff({
    publicUrl,
    clock,
    routes: selfRoutes,
    oidc: { ...client, issuer: provider.issuer, scope: "openid email profile" },
    fetch: (...request) => (down ? Promise.reject(new Error("refused")) : fetch(...request)),
  });
  await desk.admin();
  const begin = () => desk.page("POST", "/api/auth/sign-in/social", { body: { provider: "oidc", callbackURL: `${publicUrl}/` } });
  expect((await begin()).status).toBe(404);
  down = false;
  clock.move(30_000);
  expect((await begin()).status).toBe(200);
});
