import { expect, test } from "vitest";
import * as z from "zod";
import { route } from "../../server/http/api/route.ts";
import { PASSWORD, startStaff } from "./staff-harness.ts";

const routes = () => [
  route({
    method: "GET",
    path: "/me",
    operationId: "readSelf",
    tag: "Self",
    summary: "Who I am",
    action: "self.read",
    response: z.object({ id: z.string(), name: z.string() }),
    handle: async ({ staff }) => ({ body: staff }),
  }),
];

test("signing in sets a cookie that scripts and other sites do not get, and that the API takes", async () => {
  const desk = await startStaff({ routes });
  await desk.admin();
  const answer = await desk.page("POST", "/api/auth/sign-in/email", { body: { email: "Ada@desk.example", password: PASSWORD } });
  const [cookie = ""] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^__Secure-frontdesk\.session_token=/);
  for (const flag of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) expect(cookie).toContain(flag);
  expect(cookie).not.toContain("Domain");
  const token = decodeURIComponent(/=([^;.]+)/.exec(cookie)?.[1] ?? "");
  expect(token.length).toBeGreaterThan(20);
  expect(answer.text).not.toContain(token);
  const me = await desk.page("GET", "/api/v1/me", { cookie: cookie.split(";")[0] ?? "" });
  expect(me.json["name"]).toBe("Ada");
  const renewed = await desk.page("GET", "/api/auth/get-session", { cookie: cookie.split(";")[0] ?? "" });
  expect(renewed.json).toMatchObject({ user: { email: "ada@desk.example" } });
  expect(renewed.text).not.toContain(token);
});

test("without https the cookie is not marked secure, as browsers would drop it", async () => {
  const desk = await startStaff({ routes, publicUrl: "http://localhost:4400" });
  const { cookie } = await desk.admin();
  expect(cookie).toMatch(/^frontdesk\.session_token=/);
  expect((await desk.page("GET", "/api/v1/me", { cookie })).status).toBe(200);
});
