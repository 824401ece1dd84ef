/** Two people change the same thing, and somebody leaves before saving: nothing that was typed is lost silently. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { button, openStaffedDesk, picture, said } from "./staffed-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const field = (page: Page, name: string) => page.getByRole("main").getByRole("textbox", { name, exact: true });
/** The fields at which somebody else's value is shown, as it is shown. */
const conflicts = async (page: Page): Promise<readonly string[]> =>
  (await page.getByRole("alert").filter({ hasText: "Somebody else changed this, too." }).locator("p").allInnerTexts()).map((text) =>
    text.replace("Somebody else changed this, too. ", ""),
  );

test("two people change one assistant: each chooses field by field, and the rest of both is kept", async () => {
  const desk = await openStaffedDesk(browser);
  const [ada, bea] = [desk.admin, await desk.member("Bea Baker", ["admin"])];
  await desk.makeAssistant("Shop help");
  await Promise.all([ada.go("/assistants/shop_help"), bea.go("/assistants/shop_help")]);
  await field(ada.page, "Instructions").waitFor();
  await field(bea.page, "Name").fill("Bea's help");
  await field(bea.page, "Instructions").fill("Be brief, says Bea.");
  await button(bea.page, "Save").click();
  await said(bea.page, /saved/i).waitFor();

  await field(ada.page, "Instructions").fill("Be warm, says Ada.");
  await field(ada.page, "Name").fill("Ada's help");
  await field(ada.page, "Model").fill("large");
  await button(ada.page, "Save").click();
  await expect.poll(() => conflicts(ada.page)).toEqual(["Now saved: Bea's help", "Now saved: Be brief, says Bea."]);
  // Nothing is sent before each is answered, and nothing of what was typed is gone.
  expect(await button(ada.page, "Save").isDisabled()).toBe(true);
  expect(await field(ada.page, "Instructions").inputValue()).toBe("Be warm, says Ada.");
  expect(await field(ada.page, "Model").inputValue()).toBe("large");
  await picture(ada.page, "conflicts-1-assistant");
  await button(ada.page, "Keep mine").first().click();
  await button(ada.page, "Take what is saved").click();
  expect(await field(ada.page, "Instructions").inputValue()).toBe("Be brief, says Bea.");
  expect(await conflicts(ada.page)).toEqual([]);
  await button(ada.page, "Save").click();
  await said(ada.page, /saved/i).waitFor();
  await bea.page.reload();
  await expect.poll(() => field(bea.page, "Name").inputValue()).toBe("Ada's help");
  expect(await field(bea.page, "Instructions").inputValue()).toBe("Be brief, says Bea.");
  expect(await field(bea.page, "Model").inputValue()).toBe("large");
  expect([...ada.faults, ...bea.faults]).toEqual([]);
});

test("two people change one server, in the same way", async () => {
  const desk = await openStaffedDesk(browser);
  const [ada, bea] = [desk.admin, await desk.member("Bea Baker", ["admin"])];
  await ada.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: desk.ordersUrl });
  await Promise.all([ada.go("/tools/mcp-servers/orders"), bea.go("/tools/mcp-servers/orders")]);
  await field(ada.page, "Display name").waitFor();
  await field(bea.page, "Display name").fill("Orders of Bea");
  await bea.page.getByLabel("Timeout").fill("40");
  await button(bea.page, "Save").click();
  await bea.page.getByRole("heading", { name: /Orders of Bea is saved\./ }).waitFor();

  await field(ada.page, "Display name").fill("Orders of Ada");
  await ada.page.getByLabel("Description").fill("Everything about orders.");
  await button(ada.page, "Save").click();
  await expect.poll(() => conflicts(ada.page)).toEqual(["Now saved: Orders of Bea"]);
  await picture(ada.page, "conflicts-2-server");
  await button(ada.page, "Take what is saved").click();
  await button(ada.page, "Save").click();
  await ada.page.getByRole("heading", { name: /Orders of Bea is saved\./ }).waitFor();
  const { body } = await ada.api("GET", "/mcp-servers/orders");
  expect(body).toMatchObject({ name: "Orders of Bea", description: "Everything about orders.", callTimeoutMs: 40_000 });
});

test("what is typed stays when one leaves, goes back or loads anew, unless one says otherwise", async () => {
  const desk = await openStaffedDesk(browser);
  const { page, go, api, faults } = desk.admin;
  await desk.makeAssistant("Shop help");
  await api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: desk.ordersUrl });
  for (const [from, address, name, typed] of [
    ["/assistants", "/assistants/shop_help", "Instructions", "Typed and not saved."],
    ["/tools", "/tools/mcp-servers/orders", "Display name", "Orders, renamed"],
  ] as const) {
    await go(from);
    await page
      .getByRole("main")
      .getByRole("link", { name: from === "/tools" ? "Orders" : "Shop help", exact: true })
      .click();
    await field(page, name).click();
    await field(page, name).fill(typed);
    const isAsked = async (): Promise<void> => {
      await page.getByRole("heading", { name: "Leave without saving?" }).waitFor();
      await button(page, "Keep editing").click();
      await page.getByRole("heading", { name: "Leave without saving?" }).waitFor({ state: "detached" });
      expect(await field(page, name).inputValue()).toBe(typed);
      expect(new URL(page.url()).pathname).toBe(`/console${address}`);
    };
    await page.getByRole("navigation", { name: "Navigation" }).getByRole("link", { name: "Home" }).click();
    await isAsked();
    await page.evaluate(() => history.back());
    await isAsked();
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: /^Home/ }).click();
    await isAsked();
    // The browser asks in its own words.
    const asked = page.waitForEvent("dialog");
    await page.evaluate(() => void setTimeout(() => location.reload()));
    const dialog = await asked;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    expect(await field(page, name).inputValue()).toBe(typed);
    await picture(page, `conflicts-3-${from.slice(1)}`);

    await page.evaluate(() => history.back());
    await page.getByRole("heading", { name: "Leave without saving?" }).waitFor();
    await button(page, "Discard changes").last().click();
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/console${from}`);
  }
  expect(faults).toEqual([]);
});
