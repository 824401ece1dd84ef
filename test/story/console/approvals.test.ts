/** Staff and customers on one call: who decides, with which values, and what each of them sees of it. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { launchBrowser } from "../../support/browser.ts";
import { result, type ScriptedServer, scriptedServer, tool } from "../../support/mcp-scripted-server.ts";
import { type Customer, openStaffedDesk, picture, type StaffedDesk } from "./staffed-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const REFUND = tool("refund", {
  title: "Refund order",
  inputSchema: {
    type: "object",
    properties: { order: { type: "string", title: "Order" }, amount: { type: "integer", title: "Amount", minimum: 1 } },
    required: ["order", "amount"],
  },
});
const staff = { permission: "needs_approval", approver: "staff" };

interface Stage {
  readonly desk: StaffedDesk;
  readonly server: ScriptedServer;
  readonly customer: Customer;
  /** What the server was called with. */
  readonly sent: () => readonly unknown[];
}

/** An assistant whose refunds are permitted so, and a customer of it. */
async function openRefunds(
  permission: unknown,
  call: ScriptedServer["script"][string] = result({ content: [{ type: "text", text: "refunded" }] }),
): Promise<Stage> {
  const desk = await openStaffedDesk(browser);
  const server = await scriptedServer({ "tools/list": result({ tools: [REFUND] }), "tools/call": call });
  onTestFinished(() => server.close());
  await desk.admin.api("POST", "/mcp-servers", { key: "shop", name: "Shop", url: server.url });
  await desk.admin.api("POST", "/mcp-servers/shop/test", {});
  const key = await desk.makeAssistant("Help");
  await desk.admin.api("POST", `/assistants/${key}/connectors`, { server: "shop", permissions: { refund: permission } });
  const customer = await desk.customer(key);
  const calls = () => server.requests.filter(({ message }) => message?.method === "tools/call");
  return { desk, server, customer, sent: () => calls().map(({ message }) => message?.params?.["arguments"]) };
}

const ask = ({ customer }: Stage, order: string, amount: number) => customer.ask(`use refund ${JSON.stringify({ order, amount })}`);
const callOf = (page: Page) => page.getByRole("article", { name: "Refund order" });
const waitsForTeam = ({ customer }: Stage) => customer.page.getByText("A team member is checking this.", { exact: true });

test("staff approve with other values: these are sent, and customer and model know", async () => {
  const stage = await openRefunds(staff);
  const { desk, customer, sent } = stage;
  const olive = await desk.member("Olive Stone", ["support"]);
  await ask(stage, "1042", 50);
  await waitsForTeam(stage).waitFor();
  await olive.go("/approvals");
  const call = callOf(olive.page);
  await call.getByLabel(/^amount/i).fill("0");
  await call.getByRole("button", { name: "Approve with your changes" }).click();
  // What does not fit the tool is said at its field.
  await call.locator(".field-fault").filter({ hasText: /.+/ }).first().waitFor();
  await call.getByLabel(/^amount/i).fill("30");
  await picture(olive.page, "approvals-1-edited");
  await call.getByRole("button", { name: "Approve with your changes" }).click();
  await olive.page.getByText("Nothing waits for your team").waitFor();
  await customer.answered(/It ran with \{"order":"1042","amount":30\}, not with yours/);
  await customer.page.getByText("Changed by the team before: Amount: 30", { exact: true }).waitFor();
  await picture(customer.page, "approvals-2-customer");
  expect(sent()).toEqual([{ order: "1042", amount: 30 }]);
  expect(olive.faults).toEqual([]);
});

test("of two members who decide at once one is taken, and the other is told who", async () => {
  const stage = await openRefunds(staff);
  const [olive, kim] = [await stage.desk.member("Olive Stone", ["support"]), await stage.desk.member("Kim Lee", ["support"])];
  await ask(stage, "1042", 50);
  await waitsForTeam(stage).waitFor();
  for (const { go, page } of [olive, kim]) {
    await go("/approvals");
    await callOf(page).getByRole("button", { name: "Approve" }).waitFor();
  }
  const approve = (page: Page) => callOf(page).getByRole("button", { name: "Approve" });
  // Whoever is about to press keeps it, and reads who was first.
  for (const { page } of [olive, kim]) await approve(page).hover();
  await Promise.all([olive, kim].map(({ page }) => page.mouse.down().then(() => page.mouse.up())));
  await stage.customer.answered("It says: refunded");
  const told = (page: Page) => page.getByText(/(Approved: Refund order|has approved this already\.)/).first();
  await Promise.all([olive, kim].map(({ page }) => told(page).waitFor()));
  expect(stage.sent()).toHaveLength(1);
  const [conversation] = (await stage.desk.admin.api<{ items: { id: string }[] }>("GET", "/conversations")).body.items;
  const events = (await stage.desk.admin.api<{ items: { type: string }[] }>("GET", `/conversations/${conversation?.id}/events`)).body.items;
  expect(events.filter(({ type }) => type === "approval-decided")).toHaveLength(1);
});

test("an amount over the limit asks the staff, under it the customer", async () => {
  const stage = await openRefunds({
    permission: "needs_approval",
    approver: "customer",
    when: [{ argument: "amount", is: ">", value: 100, approver: "staff" }],
  });
  const olive = await stage.desk.member("Olive Stone", ["support"]);
  await ask(stage, "1042", 100);
  await stage.customer.page.getByRole("button", { name: "Approve", exact: true }).click();
  await stage.customer.answered("It says: refunded");
  await ask(stage, "1043", 101);
  await waitsForTeam(stage).waitFor();
  expect(await stage.customer.page.getByRole("button", { name: "Approve", exact: true }).count()).toBe(0);
  await olive.go("/approvals");
  await callOf(olive.page).getByText("Asked because amount > 100").waitFor();
  await callOf(olive.page).getByRole("button", { name: "Approve" }).click();
  await stage.customer.page
    .getByText(/Approved by Olive Stone/)
    .first()
    .waitFor();
  await expect
    .poll(() => stage.sent())
    .toEqual([
      { order: "1042", amount: 100 },
      { order: "1043", amount: 101 },
    ]);
});

test("an unknown outcome is settled, and the customer is told", async () => {
  const stage = await openRefunds("always_allow", (response) => response.destroy());
  const olive = await stage.desk.member("Olive Stone", ["support"]);
  await ask(stage, "1042", 50);
  await stage.customer.page.getByText("we do not know whether this went through").waitFor();
  await olive.go("/approvals/unknown");
  const form = olive.page.getByRole("article", { name: "How did Refund order end?" });
  await form.getByRole("radio", { name: /It happened/ }).check();
  await form.getByRole("textbox", { name: "Note" }).fill("The bank has it.");
  await picture(olive.page, "approvals-3-unknown");
  await form.getByRole("button", { name: "Save" }).click();
  await olive.page.getByText("No outcome is unknown").waitFor();
  await stage.customer.page.getByText("the team checked. It went through. The bank has it.").waitFor();
});
