/** Approvals: the queue, a decision with other values, and several at once. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { askStaff, seededDesk } from "./stage/calls.ts";
import { type Desk, startDesk } from "./stage/desk.ts";
import { makePots, startModel, startOrders } from "./stage/peers.ts";
import { picture } from "./stage/picture.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

/** An assistant whose refunds wait for the staff, and a customer's chat with it. */
async function deskWithChat(
  permission: object = askStaff,
): Promise<{ readonly desk: Desk; readonly say: (text: string) => Promise<void> }> {
  const desk = await startDesk();
  const model = { provider: "openai-compatible", model: "scripted", baseUrl: await startModel() };
  await makePots(desk, { model });
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
  const permissions = { "*": "always_allow", refund_order: permission };
  await desk.admin.api("POST", "/assistants/pots/connectors", { server: "orders", permissions });
  const tried = await openConsole(desk, "/first-run?step=try");
  const box = tried.frameLocator("iframe").getByRole("textbox");
  return {
    desk,
    async say(text) {
      await box.fill(text);
      await box.press("Enter");
    },
  };
}

async function eventsOf(desk: Desk): Promise<readonly Record<string, unknown>[]> {
  const [conversation] = (await desk.admin.api<{ items: { id: string }[] }>("GET", "/conversations?preview=true")).items;
  return (await desk.admin.api<{ items: Record<string, unknown>[] }>("GET", `/conversations/${conversation!.id}/events?limit=200`)).items;
}

const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.textContent.trim() ?? "");

test("a conversation whose call waits for the team leads to the decision, and the navigation counts it", async () => {
  const { desk, say } = await deskWithChat();
  await say("Refund order 1042");
  const find = async () => (await desk.admin.api<{ items: { id: string }[] }>("GET", "/conversations?preview=true")).items[0]?.id;
  await expect.poll(find).toBeDefined();
  const page = await openConsole(desk, `/inbox/${await find()}`);
  await page.getByRole("log", { name: "Conversation" }).getByText("waits for the team").waitFor();
  await page.getByRole("link", { name: "Decide" }).click();
  await page.getByRole("article", { name: /Refund/ }).waitFor();
  expect(new URL(page.url()).searchParams.get("approval")).toMatch(/./);
  const entry = page.getByRole("link", { name: "Approvals", exact: true });
  await expect.poll(() => entry.getAttribute("aria-description")).toBe("1 waits");
});

test("support reads what a call would do, changes a value, and approves that", async () => {
  const { desk, say } = await deskWithChat();
  await say("Refund order 1042");
  const page = await openConsole(desk, "/", { who: await desk.person("Olive", ["support"]) });
  await page.getByRole("link", { name: "Approvals", exact: true }).click();
  const call = page.getByRole("article", { name: /Refund/ });
  await call.getByText("Refund order 1042", { exact: true }).waitFor();
  await expectSound(page);
  await picture(page, "approvals-1440");
  // As people call it, with its name beside it, and cents as the money that they are.
  const amount = call.getByLabel(/^Amount/);
  const before = Number(await amount.inputValue());
  await amount.fill(String(before - 100));
  await call.getByText(`= €${((before - 100) / 100).toFixed(2)}`).waitFor();
  await call.locator(".hint code").getByText("amount", { exact: true }).waitFor();
  await call.getByRole("region", { name: "Your changes" }).getByText("was", { exact: true }).waitFor();
  await expectSound(page);
  await picture(page, "approvals-edited-1440");
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "approvals-edited-dark");
  await page.setViewportSize({ width: 390, height: 800 });
  await expectSound(page);
  await picture(page, "approvals-edited-390");
  await call.getByRole("button", { name: "Approve with your changes" }).click();
  await page.getByText(/^Approved with your changes: .* runs now$/).waitFor();
  await page.getByText("Nothing waits for your team").waitFor();
  await expect.poll(async () => (await eventsOf(desk)).map(({ type }) => type)).toContain("turn-ended");
  const decided = (await eventsOf(desk)).find(({ type }) => type === "approval-decided");
  expect(decided).toMatchObject({ decision: "approved", by: { name: "Olive" }, arguments: { amount: before - 100 } });
  await expect.poll(() => focused(page)).toBe("Approvals");
});

test("a rejection has a reason below the values, and Enter in it rejects", async () => {
  const { desk, say } = await deskWithChat();
  await say("Refund order 1042");
  const page = await openConsole(desk, "/approvals", { who: await desk.person("Olive", ["support"]) });
  await page
    .getByRole("article", { name: /Refund/ })
    .getByRole("button", { name: "Reject" })
    .waitFor();
  await page.keyboard.press("x");
  await page.keyboard.type("It was refunded in May.");
  await page.keyboard.press("Enter");
  await page.getByText("Rejected: Refund").waitFor();
  const decided = (await eventsOf(desk)).find(({ type }) => type === "approval-decided");
  expect(decided).toMatchObject({ decision: "rejected", reason: "It was refunded in May." });
});

test.each([".queue-list", "desk-approval"])("whoever comes second is told at once who decided, with the pointer in %s", async (place) => {
  const { desk, say } = await deskWithChat();
  await say("Refund order 1042");
  const [olive, kim] = [await desk.person("Olive", ["support"]), await desk.person("Kim", ["support"])];
  const page = await openConsole(desk, "/approvals", { who: olive });
  const approve = page.getByRole("article", { name: /Refund/ }).getByRole("button", { name: "Approve" });
  await approve.waitFor();
  await page.locator(place).hover();
  const [waiting] = (await kim.api<{ items: { approvalId: string; argumentsHash: string }[] }>("GET", "/approvals")).items;
  const { approvalId, argumentsHash } = waiting!;
  await kim.api("POST", `/approvals/${approvalId}/decision`, { decision: "rejected", argumentsHash });
  await page.getByText("Kim has rejected this already.").waitFor();
  expect(await approve.count()).toBe(0);
  // The row waits until nobody points at it.
  await page.getByText("no longer waits").waitFor();
  await page.mouse.move(700, 5);
  await page.getByText("Nothing waits for your team").waitFor();
});

const rows = (page: Page) => page.getByRole("list", { name: "Calls that wait" }).getByRole("button");
const waiting = async (desk: Desk) => (await desk.admin.api<{ items: { approvalId: string }[] }>("GET", "/approvals")).items;

test("by keys: j and k move, a held key decides one, and the next call has the focus", async () => {
  const desk = await seededDesk([1, 2, 3, 4].map((amount) => ({ id: `100${amount}`, amount })));
  const page = await openConsole(desk, "/approvals");
  await expect.poll(() => rows(page).count()).toBe(4);
  await expectSound(page);
  await page.keyboard.press("j");
  await expect.poll(() => focused(page)).toContain("Order: 1001");
  await page.keyboard.press("j");
  await expect.poll(() => focused(page)).toContain("Order: 1002");
  await page.keyboard.press("k");
  await page.keyboard.press("j");
  await page.getByRole("article").getByText("Refund 1002").waitFor();
  await page.getByRole("article").getByRole("button", { name: "Approve" }).waitFor();
  // Held: the browser repeats it.
  for (let repeat = 0; repeat < 10; repeat += 1) await page.keyboard.down("a");
  await page.getByText("Approved: Refund order runs now").waitFor();
  await expect.poll(() => focused(page)).toContain("Order: 1003");
  await page.getByRole("article").getByText("Refund 1003").waitFor();
  for (let repeat = 0; repeat < 10; repeat += 1) await page.keyboard.down("a");
  await page.keyboard.up("a");
  expect((await waiting(desk)).map(({ approvalId }) => approvalId).toSorted()).toEqual(
    ["1001", "1003", "1004"].map((id) => `approval-of-${id}`),
  );
});

test("the queue does not move under the pointer or the keyboard, and says what waits to be shown", async () => {
  const desk = await seededDesk([1, 2, 3].map((amount) => ({ id: `100${amount}`, amount })));
  const hidden = new Set(["approval-of-1001"]);
  const page = await openConsole(desk, "/account");
  await page.route(/\/approvals\?/, async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { items: { approvalId: string }[] };
    await route.fulfill({ response, json: { ...body, items: body.items.filter(({ approvalId }) => !hidden.has(approvalId)) } });
  });
  await page.goto(`${desk.url}/console/approvals`);
  // Whoever comes back to the page reads what waits anew.
  const comeBack = () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  const orders = async () => (await rows(page).allTextContents()).map((text) => /Order: (\d+)/.exec(text)?.[1]);
  await expect.poll(orders).toEqual(["1002", "1003"]);
  await rows(page).nth(1).hover();
  // What comes first by its risk comes while somebody points, and another one goes.
  hidden.delete("approval-of-1001");
  hidden.add("approval-of-1003");
  await comeBack();
  await page.getByText("1 new").waitFor();
  await page.getByText("no longer waits").waitFor();
  expect(await orders()).toEqual(["1002", "1003"]);
  await page.mouse.move(900, 5);
  await expect.poll(orders).toEqual(["1001", "1002"]);
  // What is looked at is still what was.
  await page.getByRole("article").getByText("Refund 1002").waitFor();
  await rows(page).nth(1).focus();
  hidden.delete("approval-of-1003");
  await comeBack();
  await page.getByText("1 new").waitFor();
  expect(await orders()).toEqual(["1001", "1002"]);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect.poll(orders).toEqual(["1001", "1002", "1003"]);
});

test("several calls of one tool are decided at once, and it says which were not", async () => {
  const desk = await seededDesk([1, 2, 3].map((amount) => ({ id: `100${amount}`, amount })));
  const page = await openConsole(desk, "/approvals");
  await expect.poll(() => rows(page).count()).toBe(3);
  const boxes = page.getByRole("checkbox", { name: "Choose Refund order" });
  for (const at of [0, 1]) await boxes.nth(at).check();
  await page.getByRole("button", { name: "Reject 2" }).click();
  const dialog = page.getByRole("dialog", { name: "Reject 2 calls of Refund order?" });
  await dialog.getByLabel("Reason, for the customers and the assistant").fill("Not today.");
  await expectSound(page);
  // Meanwhile somebody else decides about one of them.
  const [kim] = [await desk.person("Kim", ["support"])];
  await kim.api("POST", "/approvals/approval-of-1002/decision", { decision: "rejected", argumentsHash: "hash-of-1002" });
  await dialog.getByRole("button", { name: "Reject 2" }).click();
  await page.getByText("1 call decided").waitFor();
  await page.getByText("1 was not decided:").waitFor();
  await page.getByText(/Order: 1002 .* already decided/).waitFor();
  await expect.poll(async () => (await waiting(desk)).map(({ approvalId }) => approvalId)).toEqual(["approval-of-1003"]);
});

const KAI = { verified: true, customerSubject: "u-7", customerName: "Kai Brandt", customerEmail: "kai@shop.example" };

/** As if the website had said who the first of them is. */
async function nameTheFirst(page: Page, path: RegExp): Promise<void> {
  await page.route(path, async (route) => {
    const response = await route.fetch();
    const { items, ...rest } = (await response.json()) as { items: object[] };
    await route.fulfill({ response, json: { ...rest, items: items.map((item, index) => (index === 0 ? { ...item, ...KAI } : item)) } });
  });
}

test("each row says who the customer is, and calls tools and servers as people do", async () => {
  const desk = await seededDesk([
    { id: "1001", amount: 1 },
    { id: "1002", amount: 2 },
    { id: "1008", amount: 8, isUnknown: true },
    { id: "1009", amount: 9, isUnknown: true },
  ]);
  const page = await openConsole(desk, "/account", { who: await desk.person("Olive", ["support"]) });
  await nameTheFirst(page, /\/(approvals|activity)\?/);
  for (const [path, list, names] of [
    ["/approvals", "Calls that wait", ["Kai Brandt", "Customer omer-1"]],
    ["/approvals/unknown", "Unknown outcomes", ["Kai Brandt", "Customer omer-1"]],
  ] as const) {
    await page.goto(`${desk.url}/console${path}`);
    const shown = page.getByRole("list", { name: list }).getByRole("button");
    await expect.poll(() => shown.count()).toBe(2);
    for (const [index, name] of names.entries()) {
      const text = await shown.nth(index).innerText();
      for (const part of ["Refund order", name, "Orders"]) expect(text).toContain(part);
      expect(text).not.toContain("refund_order");
    }
    for (const [width, scheme] of [
      [1440, "light"],
      [390, "dark"],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: scheme });
      await expectSound(page);
      await picture(page, `named${path.replaceAll("/", "-")}-${width}`);
    }
  }
  await page.goto(`${desk.url}/console/`);
  const home = page.getByRole("region", { name: "Waiting for a decision: 2" }).getByRole("listitem");
  await home.first().waitFor();
  for (const [index, name] of ["Kai Brandt", "Customer omer-1"].entries()) {
    const text = await home.nth(index).innerText();
    for (const part of ["Refund order", name, "Orders"]) expect(text).toContain(part);
  }
  await picture(page, "named-home-390");
});
