/** A conversation: what was said beside how it came about, whatever its length. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { JournalEvent } from "../../protocol/events.ts";
import type { StoredResult } from "../../server/conversation/ports/store.ts";
import { writeConversations } from "../support/written-conversations.ts";
import { type Desk, restart, startDesk } from "./stage/desk.ts";
import { makePots, startModel, startOrders } from "./stage/peers.ts";
import { openConsole } from "./stage/tab.ts";
import { longStory, numbered, REFUND_RESULTS, REFUND_STORY } from "./trace/journal.ts";

const ID = "conversation-0001";

async function deskWith(events: readonly JournalEvent[], results: Readonly<Record<string, StoredResult>> = {}): Promise<Desk> {
  const desk = await startDesk();
  await makePots(desk);
  return restart(desk, (settings) => writeConversations(settings, [{ id: ID, assistant: "pots", events, results }]));
}

const rows = (page: Page) => page.locator(".trace-row");
const focusedRow = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest(".trace-row")?.textContent?.replaceAll(/\s+/g, " ").trim());

test("the keys go through the steps, Enter opens one at its own address, and Escape leads back to its row", async () => {
  const page = await openConsole(await deskWith(numbered(REFUND_STORY), REFUND_RESULTS), `/inbox/${ID}`);
  await rows(page).first().focus();
  for (const key of ["ArrowDown", "j", "ArrowDown", "ArrowDown", "k"]) await page.keyboard.press(key);
  await expect.poll(() => focusedRow(page)).toContain("Look up an order");
  await page.keyboard.press("Enter");
  const details = page.getByRole("region", { name: "Tool call Look up an order" });
  await details.getByRole("code").filter({ hasText: "call-look" }).waitFor();
  expect(new URL(page.url()).search).toBe("?step=4");
  await page.keyboard.press("Escape");
  await expect.poll(() => focusedRow(page)).toContain("Look up an order");
  expect(new URL(page.url()).search).toBe("");
  expect(await details.count()).toBe(0);
  await page.keyboard.press("End");
  await expect.poll(() => focusedRow(page)).toContain("Closed");
});

test("a call shows what was asked, changed and answered, who approved it, and what is not kept", async () => {
  const page = await openConsole(await deskWith(numbered(REFUND_STORY), REFUND_RESULTS), `/inbox/${ID}?step=8`);
  const details = page.getByRole("region", { name: "Tool call Refund an order" });
  for (const text of ["refund_order", "MCP server", "may destroy", "session-one", "outcome unknown", "Seen in the bank's list."])
    await details.getByText(text).first().waitFor();
  await details.getByText("No result of this call is kept.").waitFor();
  await details.getByText("The bytes on the wire are not kept.").waitFor();
  expect(await details.locator("ins").allTextContents()).toContainEqual(expect.stringContaining("kettle"));

  await rows(page).filter({ hasText: "Approval" }).click();
  const approval = page.getByRole("region", { name: "Approval by staff" });
  for (const text of ["amount > 100", "Grace", "approved, Ada", "Lid only"]) await approval.getByText(text).first().waitFor();

  await rows(page).filter({ hasText: "Look up an order" }).click();
  await page.getByRole("group", { name: "Structured result" }).getByText("Bremen").waitFor();
  const picture = page.getByRole("img", { name: "image/png, 70 bytes" });
  await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
});

test("a model step has its tokens, its share of the window, and no price that nobody knows", async () => {
  const page = await openConsole(await deskWith(numbered(REFUND_STORY)), `/inbox/${ID}?step=3`);
  const details = page.getByRole("region", { name: "Model gpt-large" });
  await details.getByText("12,480 of 128,000 tokens, 10 %").waitFor();
  await details.getByText("after 610ms").waitFor();
  expect(await details.locator("dl > div", { hasText: "Cost" }).textContent()).toContain("unknown");
  await page.getByRole("status").filter({ hasText: "cost unknown" }).waitFor();
});

test("what is shown as the customer sees it comes from the server that way, and nothing is pressed for them", async () => {
  const page = await openConsole(await deskWith(numbered(REFUND_STORY)), `/inbox/${ID}`);
  await page.getByText("Asked the warehouse").first().waitFor();
  const answer = page.waitForResponse((response) => response.url().includes("view=customer"));
  await page.getByRole("button", { name: "Show as customer" }).click();
  const sent = await (await answer).text();
  for (const secret of ["warehouse", "overloaded", "amount > 100", "gpt-large", "definitionHash"]) expect(sent).not.toContain(secret);
  expect(sent).toContain("Where is order");
  const seen = page.locator("desk-customer-thread");
  await seen.getByText("Approved by Ada").waitFor();
  await seen.getByText("Try again", { exact: true }).click();
  expect(await seen.getByText("Asked the warehouse").count()).toBe(0);
  // One Lit: a second one would be refused by the page's policy, and what it draws would be dead.
  expect(await page.evaluate(() => (globalThis as { litElementVersions?: string[] }).litElementVersions?.length)).toBe(1);
  await page.getByRole("button", { name: "Show as customer" }).click();
  await page.getByText("Asked the warehouse").first().waitFor();
});

test("ten thousand steps open like ten, say what is not loaded, and are all found once they are", async () => {
  const events = numbered(longStory(1_700));
  const page = await openConsole(await deskWith(events), `/inbox/${ID}`);
  await page.getByText(`The newest 200 of ${events.length.toLocaleString("en-GB")} events are loaded.`).waitFor();
  await page.getByRole("searchbox", { name: "Search in the trace" }).fill("call-000017");
  await page.getByText("No step has these words.").waitFor();
  await page.getByText("events are loaded, and searched.").waitFor();
  await page.getByRole("button", { name: "Load all" }).click();
  await expect.poll(() => rows(page).count(), { timeout: 60_000 }).toBe(1);
  await page.getByRole("searchbox", { name: "Search in the trace" }).fill("");
  await page.getByText(/^10,200 steps/).waitFor();
  expect(await rows(page).count()).toBeLessThan(120);
  await rows(page).first().focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  await expect.poll(() => focusedRow(page)).toContain("Where is order 0?");
});

test("a step that is not loaded yet is read for whoever comes by its address", async () => {
  const page = await openConsole(await deskWith(numbered(longStory(300))), `/inbox/${ID}?step=6`);
  await page.getByRole("region", { name: "Tool call Look up an order" }).getByText("call-000000").first().waitFor();
  await expect.poll(() => page.locator(".trace-row[aria-selected=true]").count()).toBe(1);
});

test("older messages come above without moving what is read", async () => {
  const page = await openConsole(await deskWith(numbered(longStory(300))), `/inbox/${ID}`);
  const scroller = page.getByRole("log", { name: "Conversation" });
  await scroller.getByText("Order 299 is").waitFor();
  const places = () =>
    scroller.evaluate((log) => {
      const upper = log.getBoundingClientRect().top;
      return Object.fromEntries(
        [...log.querySelectorAll<HTMLElement>("[data-entry]")].map((one) => [
          one.dataset["entry"],
          one.getBoundingClientRect().top - upper,
        ]),
      );
    });
  for (let page_ = 0; page_ < 3; page_ += 1) {
    const count = Object.keys(await places()).length;
    await scroller.evaluate((log) => (log.scrollTop = 200));
    const before = await places();
    await expect.poll(async () => Object.keys(await places()).length).toBeGreaterThan(count);
    const after = await places();
    for (const [id, top] of Object.entries<number>(before)) expect([id, Math.abs(after[id]! - top)]).toEqual([id, expect.closeTo(0, 0)]);
  }
  await page.getByRole("button", { name: "Jump to the newest" }).click();
  await expect.poll(() => scroller.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight)).toBeLessThan(2);
});

test("five megabytes of JSON are read, searched and copied whole, and the page goes on meanwhile", async () => {
  const items = Array.from({ length: 40_000 }, (_, at) => ({
    id: at,
    name: `Kettle number ${at}`,
    note: "It is of copper and holds two litres of water.",
  }));
  const content = [{ kind: "text", text: JSON.stringify({ items, base: "ab+/".repeat(250_000) }) } as const];
  const page = await openConsole(await deskWith(numbered(REFUND_STORY), { "call-look": { content } }), `/inbox/${ID}?step=4`);
  const result = page.getByRole("group", { name: "Text" });
  await result.getByText("base64, 750,000 bytes").waitFor({ timeout: 30_000 });
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      entryTypes: ["longtask"],
    });
  });
  await result.getByRole("button", { name: /items/ }).click();
  await result.getByRole("region", { name: /40,00\d lines/ }).waitFor();
  expect(await result.locator(".json-line").count()).toBeLessThan(120);
  await result.getByRole("textbox", { name: "Search in Text" }).fill("number 39999");
  await result.getByText("Kettle number 39999").waitFor();
  // Selecting what is read closes nothing.
  await result.getByText("Kettle number 39999").dblclick();
  await result.getByText("Kettle number 39999").waitFor();
  const longest = await page.evaluate(() => Math.max(0, ...(globalThis as unknown as { tasks: number[] }).tasks));
  expect(longest).toBeLessThan(1_500);
});

test("steps show while the turn runs, and what is read stays where it is", async () => {
  const desk = await startDesk();
  const [orders, baseUrl] = [await startOrders(), await startModel()];
  await makePots(desk, { model: { provider: "openai-compatible", model: "scripted", baseUrl } });
  const { api } = desk.admin;
  await api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: orders });
  await api("POST", "/mcp-servers/orders/test");
  await api("POST", "/assistants/pots/connectors", { server: "orders" });
  const chat = await openConsole(desk, "/assistants/pots");
  const field = chat.frameLocator("iframe").getByRole("textbox");
  await field.fill("Hello");
  await field.press("Enter");
  const find = async () => (await api<{ items: { id: string }[] }>("GET", "/conversations?preview=true")).items[0]?.id;
  await expect.poll(find).toBeDefined();
  const page = await openConsole(desk, `/inbox/${await find()}`);
  await rows(page).filter({ hasText: "End" }).waitFor();
  const first = await rows(page).count();
  await rows(page).first().click();
  await field.fill("Where is order 1042?");
  await field.press("Enter");
  // It waits for a person: what happened so far is there, without anybody asking for it.
  await rows(page).filter({ hasText: "Approval" }).waitFor();
  expect(await rows(page).count()).toBeGreaterThan(first);
  expect(await page.locator(".trace-row[aria-selected=true]").getAttribute("data-index")).toBe("0");
  const log = page.getByRole("log", { name: "Conversation" });
  await log.getByText("Where is order 1042?").waitFor();
  // The customer decides: nothing here leads to a decision.
  await log.getByText("waits for the customer").waitFor();
  expect(await log.getByRole("link", { name: "Decide" }).count()).toBe(0);
});

test("on a phone the conversation, its trace and its details are tabs", async () => {
  const page = await openConsole(await deskWith(numbered(REFUND_STORY)), `/inbox/${ID}`, { width: 390 });
  await page.getByRole("log", { name: "Conversation" }).waitFor();
  expect(await rows(page).first().isVisible()).toBe(false);
  await page.getByRole("tab", { name: "Trace" }).click();
  await rows(page).filter({ hasText: "Refund an order" }).first().click();
  await page.getByRole("region", { name: "Tool call Refund an order" }).waitFor();
  await page.getByRole("button", { name: "Close the details" }).click();
  await page.getByRole("tab", { name: "Details" }).click();
  await page.getByText("customer-of-conversation-0001").waitFor();
});

test("where the list is not beside it, a link leads back to the list as it was", async () => {
  const page = await openConsole(await deskWith(numbered(REFUND_STORY)), "/inbox?view=all", { width: 390 });
  await page
    .locator("desk-inbox-list a")
    .filter({ hasText: /./ })
    .and(page.locator(`[href*="${ID}"]`))
    .first()
    .click();
  const back = page.getByRole("link", { name: "Back to the inbox" });
  await back.click();
  await expect.poll(() => new URL(page.url()).pathname + new URL(page.url()).search).toMatch(/\/inbox\?view=all$/);
  await page.goBack();
  await back.waitFor();
  await page.setViewportSize({ width: 1400, height: 900 });
  await back.waitFor({ state: "hidden" });
});

test("owners may not read conversations, and a conversation that is not there is said", async () => {
  const desk = await deskWith(numbered(REFUND_STORY));
  const owner = await desk.person("Olive", ["owner"]);
  const page = await openConsole(desk, `/inbox/${ID}`, { who: owner });
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await page.getByText("Refund an order").count()).toBe(0);
  const lost = await openConsole(desk, "/inbox/not-there");
  await lost.getByText("There is nothing at this address").waitFor();
});
