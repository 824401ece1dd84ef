/** What is there on every screen: the palette, the keys, and what is said while the server is away. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { startDesk } from "./stage/desk.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

async function search(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill(text);
}

test("the palette finds pages, what can be made, tools and people, and Back closes it", async () => {
  const desk = await startDesk();
  await desk.person("Grace", ["owner"]);
  await desk.admin.api("POST", "/http-tools", {
    name: "book_courier",
    description: "Books a courier.",
    method: "GET",
    url: "https://courier.example/book",
    parameters: { type: "object", properties: {} },
  });
  const page = await openConsole(desk, "/people");
  await page.getByRole("link", { name: "Grace" }).waitFor();
  for (const [text, found] of [
    ["account", "My account Page"],
    ["http", "HTTP tools Page"],
    ["groups", "Groups Page"],
    ["invite", "Invite somebody Action"],
    ["sign out", "Sign out Action"],
    ["theme", "Theme: switch between light and dark Action"],
    ["courier", "book_courier Tool"],
    ["grac", "Grace Person"],
  ] as const) {
    await search(page, text);
    await page.getByRole("option", { name: found }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  await search(page, "invite");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Invite somebody" }).waitFor();
  expect(new URL(page.url()).search).toBe("");
  await page.keyboard.press("Escape");
  await search(page, "account");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "My account" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: "People" }).waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
});

test("the keys are shown as they are, and j begins a list", async () => {
  const desk = await startDesk();
  const page = await openConsole(desk, "/");
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  const lines = async () => (await dialog.locator("dl > div").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
  await expect
    .poll(async () => (await lines()).filter((line) => line.startsWith("g ")))
    .toEqual([
      "g then h Go to Home",
      "g then i Go to Inbox",
      "g then d Go to Approvals",
      "g then a Go to Assistants",
      "g then t Go to Tools",
      "g then b Go to Published servers",
      "g then r Go to Canned replies",
      "g then y Go to Activity",
      "g then u Go to Usage",
      "g then p Go to People",
      "g then k Go to API keys",
      "g then w Go to Webhooks",
      "g then l Go to Audit log",
    ]);
  await expectSound(page);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.getByRole("link", { name: "Ada" }).waitFor();
  await page.keyboard.press("j");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent?.trim())).toBe("Ada");
});

test("a server that is away is said, and found again by itself", async () => {
  const desk = await startDesk();
  const page = await openConsole(desk, "/people", { mayComplain: /net::ERR_CONNECTION_REFUSED/ });
  await page.getByRole("link", { name: "Ada" }).waitFor();
  await page.route("**/api/**", (route) => route.abort("connectionrefused"));
  await page.getByRole("link", { name: "API keys" }).click();
  const away = page.getByText("The server cannot be reached. Trying again");
  await away.waitFor();
  await expectSound(page);
  await page.unroute("**/api/**");
  await away.waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "No API keys yet" }).waitFor();
});

test("a part of a page that does not come, as after an update, is said", async () => {
  const desk = await startDesk();
  const page = await openConsole(desk, "/inbox", { mayComplain: /Failed to (load resource|fetch dynamically)/ });
  await page.getByRole("heading", { name: "Inbox", level: 1 }).waitFor();
  await page.route(/\/assets\/keys-help-/, (route) => route.abort());
  await page.keyboard.press("?");
  await page.getByRole("status").getByText("Part of this page could not be loaded.").waitFor();
});
