/** Published servers in the console: made, filled with tools, given keys, and what clients see of them. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { type Desk, startDesk } from "./stage/desk.ts";
import { makePots, startOrders } from "./stage/peers.ts";
import { picture } from "./stage/picture.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

const HTTP_TOOL = {
  name: "order_status",
  title: "Status of an order",
  description: "Says where an order is.",
  method: "GET",
  url: "https://shop.example/api/orders/{order}",
  parameters: { type: "object", properties: { order: { type: "string" } }, required: ["order"] },
};

async function shop(): Promise<Desk> {
  const desk = await startDesk();
  await makePots(desk);
  const { api } = desk.admin;
  await api("POST", "/http-tools", HTTP_TOOL);
  await api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
  await api("POST", "/mcp-servers/orders/test");
  return desk;
}

async function published(desk: Desk, tools: readonly object[] = [{ source: "http", name: "order_status" }]): Promise<string> {
  return (await desk.admin.api<{ id: string }>("POST", "/published-servers", { name: "Shop tools", tools })).id;
}

const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });

test("an owner makes a server, chooses tools of every kind by keyboard, and reads what a client sees", async () => {
  const desk = await shop();
  const page = await openConsole(desk, "/");
  await page.getByRole("link", { name: "Published servers" }).click();
  await page.getByText("Nothing is published yet").waitFor();
  await expectSound(page);
  await picture(page, "published-empty-1440");
  await page.getByRole("button", { name: "New published server" }).first().click();
  await page.keyboard.type("Shop tools");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Shop tools" }).waitFor();
  await page.getByRole("heading", { name: "No tools yet" }).waitFor();

  await page.getByRole("button", { name: "Add tools" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("checkbox", { name: "Status of an order" }).focus();
  await page.keyboard.press("Space");
  await dialog.getByRole("checkbox", { name: "Ask Pots" }).focus();
  await page.keyboard.press("Space");
  await expectSound(page);
  await picture(page, "published-picker-1440");
  await dialog.getByRole("searchbox").fill("refund");
  await dialog.getByRole("checkbox", { name: "refund_order" }).check();
  await dialog.getByRole("button", { name: "Add 3 tools" }).press("Enter");
  // What is not saved is not offered yet.
  await row(page, "refund_order").getByText("Not saved yet").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. It holds at once.").waitFor();
  await row(page, "order_status").getByText("Seen", { exact: true }).waitFor();
  // What may change something asks first, until somebody says otherwise.
  expect(await page.getByRole("combobox", { name: "Before a call of refund_order" }).inputValue()).toBe("needs_approval");
  expect(await page.getByRole("combobox", { name: "Before a call of order_status" }).inputValue()).toBe("always_allow");
  await page.getByRole("group").filter({ hasText: "ask_assistant" }).first().waitFor();
  await expectSound(page);
  await picture(page, "published-tools-1440");

  await page.getByRole("switch", { name: "Clients may use order_status" }).uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("You switched it off.").waitFor();
  const { items } = await desk.admin.api<{ items: { tools: { name: string; active: boolean }[] }[] }>("GET", "/published-servers");
  expect(items[0]!.tools.map(({ name, active }) => [name, active])).toEqual([
    ["order_status", false],
    ["ask_assistant", true],
    ["refund_order", true],
  ]);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await row(page, "order_status").getByText("Seen", { exact: true }).waitFor();
});

test("a tool gets another name and description, a taken name is refused at the tool, and leaving with changes asks", async () => {
  const desk = await shop();
  const id = await published(desk, [
    { source: "http", name: "order_status" },
    { source: "mcp", server: "orders", name: "refund_order" },
  ]);
  const page = await openConsole(desk, `/published-servers/${id}`);
  const edit = async (tool: string, name: string): Promise<void> => {
    await page
      .getByRole("button", { name: `More for ${tool}` })
      .last()
      .click();
    await page.getByRole("menuitem", { name: "Name, description, approver …" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Published name" }).fill(name);
    await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  };
  await edit("refund_order", "order_status");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").getByText("Another tool is published as order_status").waitFor();
  // A button that is scrolled half under the bar is smaller than it is.
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  await expectSound(page);
  await page.getByRole("link", { name: "Usage" }).click();
  await page.getByRole("button", { name: "Keep editing" }).click();
  await edit("order_status", "give_money_back");
  await row(page, "give_money_back").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. It holds at once.").waitFor();
  const { tools } = await desk.admin.api<{ tools: { publishedName: string }[] }>("GET", `/published-servers/${id}/tools`);
  expect(tools.map(({ publishedName }) => publishedName)).toContain("give_money_back");
});

test("whoever saves second keeps what they changed and sees what the other saved", async () => {
  const desk = await shop();
  const id = await published(desk);
  const page = await openConsole(desk, `/published-servers/${id}`);
  await page.getByRole("textbox", { name: "Name" }).fill("Mine");
  const version = await desk.admin.versionOf(`/published-servers/${id}`);
  await desk.admin.api("PATCH", `/published-servers/${id}`, { name: "Theirs" }, version);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Take what is saved" }).waitFor();
  await expectSound(page);
  await page.getByRole("button", { name: "Keep mine" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Mine", level: 1 }).waitFor();
});

test("why a tool is not seen is said, with the place to look", async () => {
  const desk = await shop();
  const { api } = desk.admin;
  await api("POST", "/mcp-servers", { key: "down", name: "Down", url: "http://127.0.0.1:9/mcp" });
  const id = await published(desk, [
    { source: "http", name: "order_status" },
    { source: "mcp", server: "orders", name: "no_such_tool" },
    { source: "mcp", server: "down", name: "anything" },
  ]);
  await api("DELETE", "/http-tools/order_status", undefined, await desk.admin.versionOf("/http-tools/order_status"));
  for (const [name, look] of [
    ["published-unseen-390", { width: 390 }],
    ["published-unseen-dark", { colorScheme: "dark" }],
  ] as const) {
    const page = await openConsole(desk, `/published-servers/${id}`, look);
    await page.getByText("A client sees no tools.").waitFor();
    expect(await page.getByText("does not offer it now").count()).toBe(2);
    await page.getByText("What it comes from cannot be reached or used.").waitFor();
    await page.getByRole("link", { name: "Look there: anything" }).waitFor();
    await expectSound(page);
    await picture(page, name);
  }
});

test("deleting names what hangs on it, and its address is gone", async () => {
  const desk = await shop();
  const id = await published(desk);
  await desk.admin.api("POST", `/published-servers/${id}/keys`, { name: "CI" });
  const page = await openConsole(desk, `/published-servers/${id}`);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete …" }).click();
  await page.getByRole("dialog").getByText("Its key stops working. No client has used it.").waitFor();
  await expectSound(page);
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Nothing is published yet").waitFor();
  await page.getByText("Shop tools is deleted.").waitFor();
  expect((await fetch(`${desk.url}/mcp/${id}`)).status).toBe(410);
});

test("the pages speak German", async () => {
  const desk = await shop();
  const id = await published(desk);
  const page = await openConsole(desk, `/published-servers/${id}`, { locale: "de-DE" });
  await page.getByText("Was ein Client sieht").waitFor();
  for (const tab of ["Schlüssel", "Verbinden", "Testen", "Ausführungsprotokoll"]) {
    await page.getByRole("tab", { name: tab, exact: true }).click();
    await expectSound(page);
  }
  await page.getByText("Noch keine Aufrufe").waitFor();
});
