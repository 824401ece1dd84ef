/** The console's way in: the first admin, an invitation, signing in and out. */
import { describe, expect, test } from "vitest";
import { PASSWORD, startDesk, startNewDesk } from "./stage/desk.ts";
import { openConsole, openTab, signIn } from "./stage/tab.ts";

const ASSISTANT = {
  key: "shop",
  name: "Shop",
  prompt: "Help.",
  model: { provider: "openai-compatible", model: "scripted", baseUrl: "http://127.0.0.1:9/v1" },
  allowedOrigins: ["https://shop.example"],
};

describe("with a one-time link", () => {
  test("a person makes the first admin, and is in", async () => {
    const { url, setupUrl } = await startNewDesk();
    const token = new URL(setupUrl).hash.slice(1);
    const page = await openTab(`${url}/setup#${token}`);
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.url(), request.headers()["referer"] ?? ""));
    await page.getByRole("heading", { name: "Make the first admin" }).waitFor();
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("Email").fill("ada@desk.example");
    await page.getByLabel("Password").fill("short");
    await page.getByRole("button", { name: "Make the first admin" }).click();
    await page.locator("#password-fault", { hasText: "At least 10 characters." }).waitFor();
    expect(await page.getByText("At least 10 characters.").filter({ visible: true }).count()).toBe(1);
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("password");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Make the first admin" }).click();
    await page.getByRole("heading", { name: "First steps" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/console/first-run");
    expect(new URL(page.url()).hash).toBe("");
    expect(sent.join(" ")).not.toContain(token);

    const again = await openTab(`${url}/setup#${token}`, { colorScheme: "dark", width: 340 });
    await again.getByLabel("Name").fill("Eve");
    await again.getByLabel("Email").fill("eve@evil.example");
    await again.getByLabel("Password").fill(PASSWORD);
    await again.getByRole("button").click();
    await again.getByText("This link has already been used, or has expired.").waitFor();
    expect(await again.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(340);
  });

  test("somebody who was invited sets a password, and signs in with it", async () => {
    const desk = await startDesk();
    const bob = { name: "Bob", email: "bob@desk.example", roles: ["support"] };
    const { invitation } = await desk.admin.api<{ invitation: { url: string } }>("POST", "/people", bob);
    const page = await openTab(`${desk.url}/invitation${new URL(invitation.url).hash}`);
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.url(), request.headers()["referer"] ?? ""));
    await page.getByText("Bob, you were invited to Frontdesk. Choose a password; you will sign in with it and bob@desk.example.").waitFor();
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByText("Your password is set").waitFor();
    expect(page.url()).toBe(`${desk.url}/console/`);
    expect(await page.getByLabel("Email").inputValue()).toBe("bob@desk.example");
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Home" }).waitFor();
  });

  test("a link that is over says so before anybody thinks of a password", async () => {
    const desk = await startDesk();
    const page = await openTab(`${desk.url}/invitation#${"x".repeat(43)}`);
    await page.getByText("This link has already been used, or has expired.").waitFor();
  });

  test("a link without its end leads to the sign-in, which says where the link is", async () => {
    const { url } = await startNewDesk();
    const page = await openTab(`${url}/setup`);
    await page.getByText("Open the link that the server printed").waitFor();
  });
});

describe("signing in", () => {
  test("a wrong password is said in words, and changes nothing", async () => {
    const desk = await startDesk();
    const page = await openTab(`${desk.url}/console`);
    await signIn(page, "ada@desk.example", "not-the-password");
    await page.getByText("This email and password do not belong together.").waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });

  test("shows what the role may, and nothing else; another address says so", async () => {
    const desk = await startDesk();
    const olive = await desk.person("Olive", ["owner"]);
    const page = await openTab(`${desk.url}/console`);
    await signIn(page, olive.email);
    const navigation = page.getByRole("navigation", { name: "Navigation" }).getByRole("link");
    await expect
      .poll(() => navigation.allTextContents().then((all) => all.map((text) => text.trim())))
      .toEqual(["Home", "Assistants", "Tools", "Published servers", "Usage"]);
    await page.goto(`${desk.url}/console/audit-log`);
    await page.getByRole("heading", { name: "You may not see this" }).waitFor();
  });

  test("a session that ends asks again, over the page as it is", async () => {
    const desk = await startDesk();
    const page = await openTab(`${desk.url}/console/account`);
    await signIn(page, "ada@desk.example");
    await page.getByLabel("Current password").fill("half-typed");
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Change password" }).dispatchEvent("click");
    const dialog = page.getByRole("dialog", { name: "Your session has ended" });
    await dialog.getByLabel("Email").fill("ada@desk.example");
    await dialog.getByLabel("Password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(await page.getByLabel("Current password").inputValue()).toBe("half-typed");
  });

  test("what was refused for want of a session loads anew after the sign-in, and the form says nothing of it", async () => {
    const desk = await startDesk();
    await desk.admin.api("POST", "/assistants", ASSISTANT);
    const page = await openConsole(desk, "/assistants/shop");
    await page.getByLabel("Instructions").fill("Help quickly.");
    await page.context().clearCookies();
    // Pressed in any case, also where the line was first to find out.
    await page.getByRole("button", { name: "Save" }).dispatchEvent("click");
    const dialog = page.getByRole("dialog", { name: "Your session has ended" });
    await dialog.waitFor();
    await expect.poll(() => page.getByText("Sign in, or send an API key.").count()).toBeGreaterThan(0);
    await dialog.getByLabel("Email").fill("ada@desk.example");
    await dialog.getByLabel("Password").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => page.getByText("Sign in, or send an API key.").count()).toBe(0);
    expect(await page.getByLabel("Instructions").inputValue()).toBe("Help quickly.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("desk-toasts").getByText("Saved in the draft.").waitFor();
  });

  test("nothing asks by itself while nobody is signed in", async () => {
    const desk = await startDesk();
    await desk.admin.api("POST", "/assistants", ASSISTANT);
    const page = await openConsole(desk, "/assistants/shop/tools");
    await page.clock.install();
    await page.reload();
    await page.getByRole("heading", { name: "Shop" }).waitFor();
    await page.context().clearCookies();
    await page.clock.runFor(40_000);
    await page.getByRole("dialog", { name: "Your session has ended" }).waitFor();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.clock.runFor(120_000);
    expect(asked.filter((url) => url.includes("/api/v1/") && !url.endsWith("/entry"))).toEqual([]);
  });

  test("a sign-in page asks for nobody's session", async () => {
    const desk = await startDesk();
    const page = await openTab("about:blank");
    const refused: number[] = [];
    page.on("response", (response) => response.status() >= 400 && refused.push(response.status()));
    await page.goto(`${desk.url}/console`);
    await page.getByLabel("Email").waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("email");
    expect(refused).toEqual([]);
  });

  test("a session that ends under an open dialog asks above it, and Escape does not close that question", async () => {
    const desk = await startDesk();
    const page = await openTab(`${desk.url}/console/people`);
    await signIn(page, "ada@desk.example");
    await page.getByRole("button", { name: "Invite" }).click();
    const invite = page.getByRole("dialog", { name: "Invite somebody" });
    await invite.getByLabel("Name").fill("Bob");
    await invite.getByLabel("Email").fill("bob@desk.example");
    await page.context().clearCookies();
    await invite.getByRole("button", { name: "Invite" }).click();
    const ended = page.getByRole("dialog", { name: "Your session has ended" });
    await ended.getByLabel("Email").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await ended.getByLabel("Email").fill("ada@desk.example");
    await ended.getByLabel("Password").fill(PASSWORD);
    await ended.getByRole("button", { name: "Sign in" }).click();
    await ended.waitFor({ state: "detached" });
    expect(await invite.getByLabel("Name").inputValue()).toBe("Bob");
    await expect.poll(() => invite.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await invite.getByRole("button", { name: "Invite" }).click();
    await invite.getByText("With it they choose their password").or(invite.getByText("invitation#")).first().waitFor();
  });

  test("signing out ends the session on the server, too", async () => {
    const desk = await startDesk();
    const page = await openTab(`${desk.url}/console`);
    await signIn(page, "ada@desk.example");
    await page.getByRole("heading", { name: "Home" }).waitFor();
    const [cookie] = await page.context().cookies();
    await page.getByRole("button", { name: "Account of" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.context().addCookies([cookie!]);
    expect(await page.evaluate(async () => (await fetch("/api/v1/me")).status)).toBe(401);
  });
});

test("no other page can frame it, and nothing that is not ours can run in it", async () => {
  const { url } = await startNewDesk();
  const { headers } = await fetch(`${url}/console/assistants`);
  const policy = headers.get("content-security-policy") ?? "";
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "base-uri 'none'",
  ])
    expect(policy).toContain(part);
  expect(policy).not.toMatch(/unsafe|https:|\*/);
  expect([headers.get("referrer-policy"), headers.get("x-frame-options"), headers.get("cache-control")]).toEqual([
    "no-referrer",
    "DENY",
    "no-store",
  ]);
});
