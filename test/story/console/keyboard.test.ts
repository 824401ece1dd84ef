/** From the sign-in to a connector with a permission changed, without a pointer: the focus is never lost. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { focused, focusFault, reach, typing } from "./by-keyboard.ts";
import { openStaffedDesk, picture, said } from "./staffed-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test("a connector is set up by keyboard alone", async () => {
  const desk = await openStaffedDesk(browser);
  await desk.makeAssistant("Shop help");
  const { page, faults } = await desk.open();
  const press = async (key: string): Promise<void> => page.keyboard.press(key);
  /** What has the focus once a page has come; from then on it has to stay somewhere. */
  const landed = async (name: string | RegExp): Promise<void> => {
    await expect.poll(() => focused(page)).toMatch(name);
    expect(await focusFault(page)).toBeUndefined();
  };
  const stays = async (): Promise<void> => {
    await expect.poll(() => focusFault(page)).toBeUndefined();
  };

  await page.goto(`${desk.url}/console`);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await typing(page, "Email", "ada@desk.example");
  await typing(page, "Password", "a long enough password");
  await press("Enter");
  await page.getByRole("heading", { name: "Home" }).waitFor();
  await stays();

  // To the tools by a shortcut, to a new server by Tab.
  await press("g");
  await press("t");
  await landed(/^Tools$/);
  await reach(page, "New MCP server");
  await stays();
  await press("Enter");
  await landed(/^Display name$/);
  await page.keyboard.type("Order desk");
  await typing(page, "Server URL", desk.ordersUrl);
  await stays();
  await reach(page, "Test connection");
  await press("Enter");
  await page.getByText("Connected over Streamable HTTP").waitFor();
  await landed(/^Test connection$/);
  await picture(page, "keyboard-1-tested");
  await press("Control+s");
  await page.getByRole("heading", { name: /^Order desk is saved\./ }).waitFor();
  await landed(/Order desk$/);

  // One tool is turned off, by Space on its switch.
  await reach(page, "Manage tools");
  await press("Enter");
  await landed(/Order desk$/);
  await reach(page, "On: Cancel order");
  await press("Space");
  await said(page, "Cancel order is off.").waitFor();
  await landed(/^On: Cancel order$/);

  // By the palette to the assistant, from tab to tab, and into the dialog.
  await press("Control+k");
  await landed(/^Search pages, assistants, tools and people$/);
  await page.keyboard.type("Shop");
  await page.getByRole("option", { name: /Shop help/ }).waitFor();
  await press("Enter");
  await page.getByRole("heading", { name: "Shop help", level: 1 }).waitFor();
  await stays();
  await reach(page, "Setup");
  for (const name of ["Look", "Connectors"]) {
    await press("ArrowRight");
    await landed(new RegExp(`^${name}$`));
  }
  await press("Enter");
  await page.getByText("No connectors yet").waitFor();
  await stays();
  await reach(page, "Add connector");
  await press("Enter");
  await page.getByRole("dialog", { name: "Add a connector" }).waitFor();
  await page.getByRole("button", { name: "Add Order desk" }).waitFor();
  await stays();
  await press("Escape");
  await landed(/^Add connector$/);
  await press("Enter");
  await page.getByRole("button", { name: "Add Order desk" }).waitFor();
  await reach(page, "Add Order desk");
  await press("Enter");
  await page.getByRole("heading", { name: "Order desk", level: 2 }).waitFor();
  await stays();
  await picture(page, "keyboard-2-added");

  await reach(page, "Permission of Look up order");
  // A word is typed as one, however fast a letter is saved.
  await page.keyboard.type("Always", { delay: 40 });
  await said(page, "Look up order: Always allow.").waitFor();
  await landed(/^Permission of Look up order$/);
  await reach(page, "Permission of Refund order");
  await press("ArrowDown");
  await said(page, "Refund order: Ask staff.").waitFor();
  await landed(/^Permission of Refund order$/);
  await undoLast(page);
  await expect.poll(() => chosen(page, "Refund order")).toBe("Ask the customer");
  await stays();
  await page.reload();
  await expect.poll(() => chosen(page, "Look up order")).toBe("Always allow");
  expect(faults).toEqual([]);
});

const chosen = (page: Page, tool: string): Promise<string | undefined> =>
  page.getByRole("combobox", { name: `Permission of ${tool}` }).evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text);

/** What is said last stands last on the page, so the way back from the beginning is the shortest. */
async function undoLast(page: Page): Promise<void> {
  const toast = page.locator(".toast", { hasText: "Refund order" });
  while ((await toast.locator(":focus").count()) === 0) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await said(page, "Undone.").waitFor();
}
