/** The console's pages of assistants, for everybody: axe, narrow pages, the keyboard alone, a role that may not change. */
import { describe, expect, test } from "vitest";
import { startDesk } from "./stage/desk.ts";
import { makePots, startOrders } from "./stage/peers.ts";
import { openConsole } from "./stage/tab.ts";

describe("every tab", () => {
  const prepared = async () => {
    const desk = await startDesk();
    const orders = await startOrders();
    await makePots(desk, { greeting: `Hello ${"x".repeat(200)}` });
    await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: orders });
    await desk.admin.api("POST", "/mcp-servers/orders/test", {});
    await desk.admin.api("POST", "/assistants/pots/connectors", { server: "orders" });
    const version = await desk.admin.versionOf("/assistants/pots/draft");
    await desk.admin.api("PATCH", "/assistants/pots/draft", { prompt: "Other", look: { accent: "#ffee00" } }, version);
    return desk;
  };

  test("is worked with the keyboard alone", async () => {
    const desk = await prepared();
    const page = await openConsole(desk, "/assistants");
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim());
    const tabTo = async (name: string): Promise<void> => {
      const wanted = new RegExp(String.raw`^${name}\b`);
      for (let step = 0; step < 60 && !wanted.test((await focused()) ?? ""); step += 1) await page.keyboard.press("Tab");
      expect(await focused()).toMatch(wanted);
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
    await expect
      .poll(() => desk.admin.api("GET", "/assistants/pots/connectors/orders"))
      .toMatchObject({
        permissions: { refund_order: { permission: "disabled" } },
      });
    await tabTo("Publish");
    await page.keyboard.press("Enter");
    await page.locator("dialog").getByLabel("Note").waitFor();
    await expect.poll(focused).not.toBe("Publish");
    await page.keyboard.press("Control+Enter");
    await page.keyboard.press("Tab");
    await tabTo("Publish");
    await page.keyboard.press("Enter");
    await page.getByText("Version 2 is published.").waitFor();
    await expect.poll(focused).toBe("Connectors");
  });
});

test("somebody of support sees an assistant, and nothing to change it with", async () => {
  const desk = await startDesk();
  await makePots(desk);
  const page = await openConsole(desk, "/assistants/pots", { who: await desk.person("Sam", ["support"]) });
  await page.getByText("You can look at it.").waitFor();
  await expect.poll(() => page.getByRole("tab").allTextContents()).toEqual(["Setup", "Look", "Connectors", "Versions"]);
  for (const name of ["Save", "Publish", "More", "Preview"]) expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
  await page.getByRole("tab", { name: "Connectors" }).click();
  await page.getByText("No connectors yet").waitFor();
  expect(await page.getByRole("button", { name: "Add connector" }).count()).toBe(0);
  expect(await page.getByText("Add a server").count()).toBe(0);
});

test("somebody of support reads which tools an assistant has, and no guesses about what they may not read", async () => {
  const desk = await startDesk();
  const orders = await startOrders();
  await makePots(desk);
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: orders });
  await desk.admin.api("POST", "/mcp-servers/orders/test", {});
  await desk.admin.api("POST", "/assistants/pots/connectors", { server: "orders" });
  const page = await openConsole(desk, "/assistants/pots", { who: await desk.person("Sam", ["support"]) });
  await page.getByText("7 tools at hand").click();
  await page.getByRole("link", { name: "Refund order" }).waitFor();
  expect(await page.getByText("can only talk").count()).toBe(0);
  await page.getByRole("link", { name: "Assistants" }).first().click();
  await page.getByRole("link", { name: "Pots" }).waitFor();
  expect(await page.getByRole("columnheader").allTextContents()).toEqual(["Name", "Identifier", "Model", "Owner"]);
  expect(await page.getByText("No page yet").count()).toBe(0);
});

test("somebody of support reads that an assistant has no tools, and is not told to add some", async () => {
  const desk = await startDesk();
  await makePots(desk);
  const page = await openConsole(desk, "/assistants/pots", { who: await desk.person("Sam", ["support"]) });
  await page.getByText("It has no tools yet, so it can only talk.").waitFor();
  expect(await page.getByRole("link", { name: "Add a connector" }).count()).toBe(0);
});
