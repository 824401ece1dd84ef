/** Approvals: the queue, a decision with other values, several at once, and outcomes that nobody knows. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { databasePath } from "../../server/start/open-store.ts";
import { type Desk, restart, startDesk } from "./stage/desk.ts";
import { makePots, startModel, startOrders } from "./stage/peers.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

const PICTURES = process.env["PICTURES"];

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
}

const staff = { permission: "needs_approval", approver: "staff" };

/** An assistant whose refunds wait for the staff, and a customer's chat with it. */
async function deskWithChat(permission: object = staff): Promise<{ readonly desk: Desk; readonly say: (text: string) => Promise<void> }> {
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
  const amount = call.getByLabel(/^amount/);
  const before = Number(await amount.inputValue());
  await amount.fill(String(before - 100));
  await call.getByRole("region", { name: "Your changes" }).getByText("was", { exact: true }).waitFor();
  await expectSound(page);
  await picture(page, "approvals-edited-1440");
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "approvals-edited-dark");
  await page.setViewportSize({ width: 390, height: 800 });
  await expectSound(page);
  await picture(page, "approvals-edited-390");
  await call.getByRole("button", { name: "Approve with your changes" }).click();
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

test("whoever comes second is told at once who decided", async () => {
  const { desk, say } = await deskWithChat();
  await say("Refund order 1042");
  const [olive, kim] = [await desk.person("Olive", ["support"]), await desk.person("Kim", ["support"])];
  const page = await openConsole(desk, "/approvals", { who: olive });
  const approve = page.getByRole("article", { name: /Refund/ }).getByRole("button", { name: "Approve" });
  await approve.waitFor();
  await page.locator(".queue-list").hover();
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

const HOUR = 60 * 60_000;
const by = { kind: "customer", id: "customer-1" } as const;

/** A call of a conversation of its own: one that waits for the staff, or one that was sent and never answered. */
async function seed(
  desk: Desk,
  calls: readonly { readonly id: string; readonly amount: number; readonly isUnknown?: boolean }[],
): Promise<Desk> {
  return restart(desk, async (settings) => {
    const store = await openSqliteStore({ path: databasePath(settings) });
    for (const { id, amount, isUnknown = false } of calls) {
      const turnId = `turn-of-${id}`;
      const callId = `call-of-${id}`;
      const input = { orderId: id, amount };
      const about = { turnId, callId } as const;
      const tool = { source: "mcp", server: "orders", serverName: "Orders", tool: "refund_order", title: "Refund order" } as const;
      const waits: EventDraft = {
        type: "approval-requested",
        ...about,
        approvalId: `approval-of-${id}`,
        approver: "staff",
        arguments: input,
        fields: [
          { name: "orderId", title: "Order", value: id },
          { name: "amount", title: "Amount", value: amount, format: "money", currency: "EUR" },
        ],
        argumentsHash: `hash-of-${id}`,
        rememberable: false,
        expiresAt: Date.now() + HOUR + amount,
      };
      const unknown = [
        { type: "tool-call-started", ...about, attempt: 1 },
        { type: "tool-call-ended", ...about, outcome: "unknown", text: "Nobody knows.", cause: "The line broke." },
        { type: "turn-ended", turnId, outcome: "done" },
      ] as const;
      await store.append({
        conversationId: `conversation-of-${id}`,
        create: { assistant: "pots", customerId: "customer-1" },
        at: Date.now(),
        events: [
          { type: "message-received", messageId: `message-of-${id}`, text: `Refund ${id}`, by },
          { type: "turn-started", turnId, messageId: `message-of-${id}` },
          { type: "step-ended", turnId, step: 0, text: "" },
          {
            type: "tool-call-proposed",
            ...about,
            step: 0,
            name: "orders__refund_order",
            tool,
            arguments: input,
            definitionHash: "as-it-was",
          },
          ...(isUnknown ? unknown : [waits]),
        ],
      });
    }
    await store.close();
  });
}

async function seededDesk(calls: Parameters<typeof seed>[1]): Promise<Desk> {
  const desk = await startDesk();
  await makePots(desk);
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
  await desk.admin.api("POST", "/assistants/pots/connectors", { server: "orders", permissions: { "*": staff } });
  return seed(desk, calls);
}

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
  await page.getByText("Approved: Refund order").waitFor();
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
  const orders = async () => (await rows(page).allTextContents()).map((text) => /Order: (\d+)/.exec(text)?.[1]);
  await expect.poll(orders).toEqual(["1002", "1003"]);
  await rows(page).nth(1).hover();
  // What comes first by its risk comes while somebody points, and another one goes.
  hidden.delete("approval-of-1001");
  hidden.add("approval-of-1003");
  await page.getByText("1 new").waitFor();
  await page.getByText("no longer waits").waitFor();
  expect(await orders()).toEqual(["1002", "1003"]);
  await page.mouse.move(900, 5);
  await expect.poll(orders).toEqual(["1001", "1002"]);
  // What is looked at is still what was.
  await page.getByRole("article").getByText("Refund 1002").waitFor();
  await rows(page).nth(1).focus();
  hidden.delete("approval-of-1003");
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

test("an unknown outcome is left with a note, and settled later; the list has it no more", async () => {
  const desk = await seededDesk([{ id: "1009", amount: 9, isUnknown: true }]);
  const page = await openConsole(desk, "/approvals");
  await page.getByRole("tab", { name: "Unknown outcomes" }).click();
  const form = page.getByRole("article", { name: "How did refund_order end?" });
  await form.getByText("The line broke.").waitFor();
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText("Choose how it ended.").waitFor();
  await form.getByRole("radio", { name: /Leave it unknown/ }).check();
  await form.getByRole("textbox", { name: "Note" }).fill("The bank answers on Monday.");
  await expectSound(page);
  await picture(page, "unknown-1440");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText("The bank answers on Monday.").waitFor();
  await form.getByRole("radio", { name: /It did not happen/ }).check();
  await form.getByRole("checkbox", { name: "The assistant may try again" }).check();
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByText("No outcome is unknown").waitFor();
  const { items } = await desk.admin.api<{ items: Record<string, unknown>[] }>("GET", "/conversations/conversation-of-1009/events");
  expect(items.filter(({ type }) => type === "tool-call-settled")).toMatchObject([
    { outcome: "unknown", note: "The bank answers on Monday." },
    { outcome: "failed", mayRetry: true },
  ]);
});
