import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { entryRoutes } from "../../server/http/api/routes/entry-routes.ts";
import { PASSWORD, startStaff } from "../identity/staff-harness.ts";
import { launchBrowser } from "../support/browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function openPage(path: string, colorScheme: "light" | "dark" = "light", width = 1000) {
  const page = await browser.newPage({ viewport: { width, height: 700 }, colorScheme });
  onTestFinished(() => page.close());
  const faults: string[] = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(path);
  return { page, faults };
}

/** Pictures for whoever looks: `FRONTDESK_PICTURES=folder`. */
const picture = (name: string) =>
  process.env["FRONTDESK_PICTURES"] ? { path: `${process.env["FRONTDESK_PICTURES"]}/${name}.png` } : undefined;

test("a person makes the first admin with the printed link, in a browser", async () => {
  const desk = await startStaff({ routes: entryRoutes });
  const token = await desk.firstAdmin.renewLink();
  const { page, faults } = await openPage(`${desk.url}/setup#${token}`);
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url(), request.headers()["referer"] ?? ""));
  if (picture("setup")) await page.screenshot(picture("setup"));
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("Email address").fill("ada@desk.example");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Make the first admin" }).click();
  await page.getByText("Expected at least 10 characters.").waitFor();
  if (picture("setup-fault")) await page.screenshot(picture("setup-fault"));
  expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("password");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Make the first admin" }).click();
  await page.getByText("You are the first admin").waitFor();
  if (picture("setup-done")) await page.screenshot(picture("setup-done"));
  expect(page.url()).toBe(`${desk.url}/setup`);
  expect(sent.join(" ")).not.toContain(token);
  // The browser says itself that the first try was answered 422.
  expect(faults.filter((fault) => !fault.includes("422"))).toEqual([]);
  await desk.signIn("ada@desk.example");

  const again = await openPage(`${desk.url}/setup#${token}`, "dark", 340);
  await again.page.getByLabel("Name").fill("Eve");
  await again.page.getByLabel("Email address").fill("eve@evil.example");
  await again.page.getByLabel("Password").fill(PASSWORD);
  await again.page.getByRole("button").click();
  await again.page.getByText("This link has already been used, or has expired.").waitFor();
  if (picture("setup-over-dark")) await again.page.screenshot(picture("setup-over-dark"));
  expect(await again.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(340);
});

test("somebody who was invited sets a password", async () => {
  const desk = await startStaff({ routes: entryRoutes });
  const system = { kind: "key", id: "test", name: "test", roles: ["admin"], groups: [] } as const;
  const { invitation } = await desk.people.invite(system, { name: "Bob", email: "bob@desk.example", roles: ["support"] });
  const { page } = await openPage(`${desk.url}/invitation#${invitation.token}`);
  if (picture("invitation")) await page.screenshot(picture("invitation"));
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByText("Your password is set").waitFor();
  await desk.signIn("bob@desk.example");
});

test("a link without its end says so, and other sites cannot frame it or read it", async () => {
  const desk = await startStaff({ routes: entryRoutes });
  const { page, faults } = await openPage(`${desk.url}/setup`);
  await page.getByText("This address is incomplete").waitFor();
  expect([await page.getByRole("button").isVisible(), faults]).toEqual([false, []]);
  const { headers } = await desk.page("GET", "/setup");
  expect(headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; connect-src 'self'; script-src 'sha256-[^ ;]+'; style-src 'sha256-[^ ;]+'; .*frame-ancestors 'none'$/,
  );
  expect(headers.get("referrer-policy")).toBe("no-referrer");
});
