/** A server is set up, its tools chosen, given to an assistant and shared; a chat uses what was allowed. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { button, openStaffedDesk, picture, said, type Member } from "./staffed-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const PERMISSIONS = ["Always allow", "Ask the customer", "Ask staff", "Ask customer or staff", "Disabled"];

test("from a new server to a chat that uses its tools", async () => {
  const desk = await openStaffedDesk(browser);
  const { admin } = desk;
  const { page } = admin;
  await desk.makeAssistant("Shop help");
  await setUp(admin, desk.ordersUrl);
  await manageTools(page);
  await giveToAssistant(page);
  await chat(desk);
  await share(desk);
  expect(admin.faults).toEqual([]);
});

async function setUp({ page, go }: Member, url: string): Promise<void> {
  await go("/");
  await page.getByRole("navigation", { name: "Navigation" }).getByRole("link", { name: "Tools" }).click();
  await page.getByRole("tab", { name: "MCP servers" }).waitFor();
  await page.getByRole("tab", { name: "HTTP tools" }).waitFor();
  await picture(page, "connector-1-no-servers");
  await button(page, "New MCP server").first().click();
  await page.getByLabel("Display name").fill("Order desk");
  expect(await page.getByLabel("Identifier").inputValue()).toBe("order_desk");
  await page.getByLabel("Description").fill("Looks orders up, and refunds them.");
  await page.getByLabel("Server URL").fill(url);
  expect(await page.getByLabel("Transport").locator("option").allTextContents()).toEqual(["Auto-detect", "Streamable HTTP", "SSE"]);
  expect(await page.getByLabel("Authentication").locator("option").allTextContents()).toEqual(["None", "Headers or API key", "OAuth 2.0"]);
  expect(await page.getByLabel("Timeout").inputValue()).toBe("30");
  await page.getByLabel("Icon").waitFor();
  await button(page, "Test connection").click();
  await page.getByText("Connected over Streamable HTTP").waitFor();
  const found = page.getByRole("list", { name: /^\d+ tools$/ });
  await found.getByText("Look up order").waitFor();
  await found.getByText("Refund order").waitFor();
  await picture(page, "connector-2-tested");
  await button(page, "Save").click();
  await page.getByRole("heading", { name: /Order desk is saved\./ }).waitFor();
  await page.getByRole("heading", { name: "Order desk", exact: true }).waitFor();
  await picture(page, "connector-3-saved");
}

async function manageTools(page: Page): Promise<void> {
  await button(page, "Manage tools").click();
  const tools = page.getByRole("grid", { name: "Tools" });
  await tools.getByRole("switch", { name: "On: Cancel order" }).uncheck();
  await said(page, "Cancel order is off.").waitFor();
  await picture(page, "connector-4-tools");
  await tools.getByRole("link", { name: "Look up order" }).click();
  await page.getByRole("heading", { name: "Look up order", level: 1 }).waitFor();
  const parameters = page.getByRole("table").first();
  await parameters.getByText("orderId").or(parameters.getByText("order")).first().waitFor();
  await parameters.getByText("The order number, for example 1042.").waitFor();
  await picture(page, "connector-5-parameters");
  await page.goBack();
  expect(await tools.getByRole("switch", { name: "On: Cancel order" }).isChecked()).toBe(false);
}

async function giveToAssistant(page: Page): Promise<void> {
  await page.getByRole("navigation", { name: "Navigation" }).getByRole("link", { name: "Assistants" }).click();
  await page.getByRole("link", { name: "Shop help" }).click();
  await page.getByRole("tab", { name: "Connectors" }).click();
  await button(page, "Add connector").click();
  await picture(page, "connector-6-add");
  await button(page, "Add Order desk").click();
  await page.getByRole("heading", { name: "Order desk", level: 2 }).waitFor();
  const permission = (tool: string) => page.getByRole("combobox", { name: `Permission of ${tool}` });
  const chosen = (tool: string) => permission(tool).evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text);
  expect(await permission("Look up order").locator("option").allTextContents()).toEqual(PERMISSIONS);
  await button(page, "All read-only: always allow").click();
  await expect.poll(() => chosen("Look up order")).toBe("Always allow");
  expect(await chosen("Refund order")).toBe("Ask the customer");
  // What was done by one press is taken back by one press.
  await button(page, "Undo").last().click();
  await expect.poll(() => chosen("Look up order")).toBe("Ask the customer");
  await button(page, "All read-only: always allow").click();
  await expect.poll(() => chosen("Look up order")).toBe("Always allow");
  for (const [choice, meaning] of [
    ["Ask staff", /waits until somebody here approves it/],
    ["Ask customer or staff", /whoever decides first/],
    ["Disabled", /does not know that “Refund order” exists/],
    ["Ask the customer", /with Approve and Reject/],
  ] as const) {
    await permission("Refund order").selectOption(choice);
    await said(page, `Refund order: ${choice}.`).waitFor();
    await page.getByRole("status").getByText(meaning).waitFor();
  }
  await permission("Track parcel").selectOption("Disabled");
  await said(page, "Track parcel: Disabled.").waitFor();
  await picture(page, "connector-7-permissions");
  await page.reload();
  await expect.poll(() => chosen("Track parcel")).toBe("Disabled");
}

async function chat(desk: Awaited<ReturnType<typeof openStaffedDesk>>): Promise<void> {
  const customer = await desk.customer("shop_help");
  await customer.ask('use lookup_order {"orderId":"1042"}');
  await customer.answered(/It says: .*1042/);
  // What is off for everybody, and what is off for this assistant.
  expect(desk.offered()).toContain("lookup_order");
  expect(desk.offered()).toContain("refund_order");
  expect(desk.offered()).not.toContain("cancel_order");
  expect(desk.offered()).not.toContain("track_parcel");
  await customer.ask('use refund_order {"orderId":"1042","amount":500}');
  await customer.page.getByRole("log").getByRole("button", { name: "Approve" }).waitFor();
  await picture(customer.page, "connector-8-chat");
}

async function share(desk: Awaited<ReturnType<typeof openStaffedDesk>>): Promise<void> {
  const { admin } = desk;
  const [grace, linus] = [await desk.member("Grace Hopper", ["owner"]), await desk.member("Linus Pauling", ["owner"])];
  const group = (await admin.api<{ id: string }>("POST", "/groups", { name: "Order people" })).body;
  await admin.api("PUT", `/groups/${group.id}/members/${grace.id}`, {});
  await admin.go("/tools");
  const { page } = admin;
  await page.getByRole("article", { name: "Order desk" }).getByRole("button", { name: "Share" }).click();
  await page.getByLabel("Add people or groups").fill("order");
  await button(page, "Add Order people").click();
  await said(page, "Shared with Order people.").waitFor();
  await picture(page, "connector-9-shared");

  for (const [member, sees] of [
    [grace, true],
    [linus, false],
  ] as const) {
    await member.go("/tools");
    await member.page.getByRole("heading", { name: "Tools", level: 1 }).waitFor();
    const card = member.page.getByRole("article", { name: "Order desk" });
    if (sees) await card.waitFor();
    else await member.page.getByText("No MCP server is shared with you yet.").waitFor();
    expect(await card.count()).toBe(sees ? 1 : 0);
    const key = await desk.makeAssistant(sees ? "Grace help" : "Linus help", member);
    await member.go(`/assistants/${key}/tools`);
    await button(member.page, "Add connector").click();
    const add = button(member.page, "Add Order desk");
    if (!sees) {
      // Only what every assistant may have.
      await button(member.page, "Add Devices").waitFor();
      expect(await add.count()).toBe(0);
      expect((await member.api("POST", `/assistants/${key}/connectors`, { server: "order_desk" })).status).toBeGreaterThanOrEqual(400);
      continue;
    }
    await add.click();
    await member.page.getByRole("combobox", { name: "Permission of Look up order" }).waitFor();
  }
  await picture(linus.page, "connector-10-not-shared");
  expect([...grace.faults, ...linus.faults]).toEqual([]);
}
