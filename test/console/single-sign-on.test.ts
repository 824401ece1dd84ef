/** Signing in with the company's own provider (`oidc-provider`), from the address that was asked for. */
import { expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { startStaffProvider } from "../support/staff-provider.ts";
import { startDesk } from "./stage/desk.ts";
import { expectSound } from "./stage/sound.ts";
import { openTab } from "./stage/tab.ts";

test("whoever was invited comes in with one press, where they wanted to go; anybody else reads why not", async () => {
  const port = await freePort();
  const client = { clientId: "frontdesk", clientSecret: "a secret" };
  const provider = await startStaffProvider({ ...client, redirectUri: `http://localhost:${port}/api/auth/callback/oidc` });
  const oidc = { issuer: provider.issuer, ...client, name: "Acme" };
  const desk = await startDesk({ staff: { oidc } }, { PORT: String(port), PUBLIC_URL: `http://localhost:${port}` });
  await desk.admin.api("POST", "/people", { name: "Bob", email: "bob@desk.example", roles: ["admin"] });

  const page = await openTab(`${desk.url}/console/people/groups?q=night`);
  await expectSound(page);
  provider.letIn({ sub: "m-1", email: "mallory@elsewhere.example", email_verified: true });
  await page.getByRole("button", { name: "Continue with Acme" }).click();
  await page.getByText("nobody here has invited this address").waitFor();
  provider.letIn({ sub: "b-1", email: "bob@desk.example", email_verified: true });
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Continue with Acme" }).click();
  await page.getByRole("heading", { name: "People" }).waitFor();
  expect(page.url()).toBe(`${desk.url}/console/people/groups?q=night`);
  await page.getByRole("button", { name: "Account of Bob" }).waitFor();
});
