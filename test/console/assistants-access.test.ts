/** The console's pages of assistants, for everybody: axe, narrow pages, the keyboard alone, a role that may not change. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { expectNarrow, faultsOf, makePots, openDesk, openPeers, soon } from "./assistants-stage.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("every tab", () => {
  const TABS = ["", "/look", "/tools", "/tools/orders", "/versions?version=1", "/health", "/install"];

  const prepared = async () => {
    const desk = await openDesk(browser);
    const { orders } = await openPeers();
    await makePots(desk, { greeting: `Hello ${"x".repeat(200)}` });
    await desk.call("POST", "/mcp-servers", { key: "orders", name: "Orders", url: orders });
    await desk.call("POST", "/mcp-servers/orders/test", {});
    await desk.call("POST", "/assistants/pots/connectors", { server: "orders" });
    const { tag } = await desk.call("GET", "/assistants/pots/draft");
    await desk.call("PATCH", "/assistants/pots/draft", { prompt: "Other", look: { accent: "#ffee00" } }, tag);
    return desk;
  };

  test.each([
    ["light", 1440],
    ["dark", 390],
  ] as const)("has nothing that axe finds and nothing too wide, %s, at %d pixels", async (scheme, width) => {
    const desk = await prepared();
    for (const path of ["/assistants", "/assistants/-new", ...TABS.map((tab) => `/assistants/pots${tab}`)]) {
      const { page } = await desk.open(path, { scheme, width });
      await page.locator("main h1").waitFor();
      await page.locator("main .skeleton").first().waitFor({ state: "detached" });
      expect(await faultsOf(page), path).toEqual([]);
      await expectNarrow(page, width);
      await page.context().close();
    }
  });

  test("is worked with the keyboard alone", async () => {
    const desk = await prepared();
    const { page } = await desk.open("/assistants");
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim());
    const tabTo = async (name: string): Promise<void> => {
      for (let step = 0; step < 60 && (await focused())?.startsWith(name) !== true; step += 1) await page.keyboard.press("Tab");
      expect(await focused()).toMatch(new RegExp(`^${name}`));
    };
    await page.getByRole("link", { name: "Pots" }).waitFor();
    await tabTo("Pots");
    await page.keyboard.press("Enter");
    await page.getByLabel("Instructions").waitFor();
    await tabTo("Setup");
    await page.keyboard.press("ArrowRight");
    await page.getByLabel("Accent (optional)").waitFor();
    expect(await focused()).toBe("Look");
    await page.keyboard.press("ArrowRight");
    await tabTo("Orders");
    await page.keyboard.press("Enter");
    await page.getByLabel("Permission of Refund order").waitFor();
    await tabTo("Permission of Refund order");
    await page.keyboard.press("d");
    await soon(async () => (await desk.call("GET", "/assistants/pots/connectors/orders")).body).toMatchObject({
      permissions: { refund_order: { permission: "disabled" } },
    });
    await tabTo("Publish");
    await page.keyboard.press("Enter");
    await page.locator("dialog").getByLabel("Note").waitFor();
    await soon(focused).not.toBe("Publish");
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Tab");
    await tabTo("Publish");
    await page.keyboard.press("Enter");
    await page.getByText("Version 2 is published.").waitFor();
    await soon(focused).toBe("Connectors");
  });
});

test("somebody of support sees an assistant, and nothing to change it with", async () => {
  const desk = await openDesk(browser);
  await makePots(desk);
  await desk.asPerson("Sam", ["support"]);
  const { page, faults } = await desk.open("/assistants/pots");
  await page.getByText("You can look at it.").waitFor();
  await soon(() => page.getByRole("tab").allTextContents()).toEqual(["Setup", "Look", "Connectors", "Versions"]);
  for (const name of ["Save", "Publish", "More", "Preview"]) expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
  await page.getByRole("tab", { name: "Connectors" }).click();
  await page.getByText("No connectors yet").waitFor();
  expect(await page.getByRole("button", { name: "Add connector" }).count()).toBe(0);
  expect(faults).toEqual([]);
});
