import type { Page, WebSocketRoute } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../support/wait-for.ts";
import { readOrder, readOrderState } from "./shop-orders.ts";
import { openStage, type Stage } from "./stage.ts";
import { Visit } from "./visit.ts";

const SHORT_APPROVAL_MS = 4000;
const WHOLE_AMOUNT_CENTS = 9490;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ assistants: { hasty: { approvalTimeoutMs: SHORT_APPROVAL_MS } } });
});
afterEach(async ({ task }) => {
  expect(await stage.endVisits(task)).toEqual([]);
});
afterAll(() => stage.close());

async function refundCalls(orderId: string): Promise<number> {
  const { calls } = await readOrderState(stage.demo.ordersUrl);
  return calls.filter((call) => call.tool === "refund_order" && call.arguments["orderId"] === orderId).length;
}

async function refunds(orderId: string): Promise<number> {
  return (await readOrder(stage.demo.ordersUrl, orderId)).refunds.length;
}

/** The row on the shop's own order page. */
function refundRow(visit: Visit): ReturnType<Page["locator"]> {
  return visit.page.locator("#order .refund");
}

/** At the order's page with its refund card waiting. */
async function standBeforeCard(orderId: string, options: Parameters<Stage["visit"]>[1] = {}): Promise<Visit> {
  const visit = await stage.visit(`/orders/${orderId}`, options);
  await visit.openPanel();
  await visit.askRefund(orderId);
  return visit;
}

test("ask, look behind the answer, ask for the refund, reload while the card waits, approve: refunded exactly once", async () => {
  const orderId = stage.newOrder();
  const visit = await stage.visit(`/orders/${orderId}`);
  await visit.openPanel();
  await visit.ask(`Where is order ${orderId}?`);
  await visit.answered("The parcel is with Heron Post");
  await visit.log.getByRole("cell", { name: "Hush mug" }).waitFor();

  await visit.sources.filter({ hasText: "Sources (1)" }).click();
  const row = visit.log.getByRole("button", { name: /Look up order.*Lull orders.*Done/s });
  await row.click();
  await visit.log.getByRole("group", { name: "Sent" }).getByText(`"orderId": "${orderId}"`).waitFor();
  await visit.log.getByRole("group", { name: "Received", exact: true }).getByText("Heron Post").waitFor();

  await visit.ask("I want my money back for it");
  const card = visit.card(orderId);
  await card.waitFor();
  expect(await card.locator("dl").innerText()).toMatch(/Amount\s+€94\.90/);
  await card.getByText("You may not be able to undo this.").waitFor();
  await card.getByText("Exact data").click();
  expect(JSON.parse(await card.getByRole("group", { name: "Exact data" }).innerText())).toEqual({ orderId, amount: WHOLE_AMOUNT_CENTS });
  expect(await refundCalls(orderId)).toBe(0);

  await visit.page.reload();
  await visit.approve.click();
  // The page says only that it is English; its reader is from Britain, where it is 14:02 and not 2:02 PM.
  await visit.decided(/Approved by you at \d{1,2}:\d\d(?!\s[AP]M)/).waitFor();
  await visit.answered("goes back to your card within three working days");
  await refundRow(visit).getByText("−€94.90").waitFor();
  expect(await visit.page.locator("#news").innerText()).toBe("€94.90 was refunded.");

  const order = await readOrder(stage.demo.ordersUrl, orderId);
  expect(order.refunds).toEqual([expect.objectContaining({ amountCents: WHOLE_AMOUNT_CENTS })]);
  expect(await refundCalls(orderId)).toBe(1);

  // Every call of the chat carried its headers: the conversation, and the page view that asked.
  const { calls } = await readOrderState(stage.demo.ordersUrl);
  const own = calls.filter((call) => call.arguments["orderId"] === orderId);
  const conversationId = await visit.conversationId();
  expect(own.map(({ tool, chatId, outcome }) => ({ tool, chatId, outcome }))).toEqual([
    { tool: "lookup_order", chatId: conversationId, outcome: "ok" },
    { tool: "lookup_order", chatId: conversationId, outcome: "ok" },
    { tool: "refund_order", chatId: conversationId, outcome: "ok" },
  ]);
  expect(own.every(({ sessionId }) => (sessionId ?? "") !== "")).toBe(true);
  expect(order.refunds[0]?.chatId).toBe(conversationId);
});

test("reject with a reason: nothing is refunded, the assistant accepts it, and it stays so after a reload", async () => {
  const orderId = stage.newOrder();
  const visit = await standBeforeCard(orderId);
  await visit.page.reload();
  await visit.card(orderId).getByText("Reason (optional)").click();
  await visit.log.getByRole("textbox", { name: "Reason (optional)" }).fill("I keep the mugs");
  await visit.reject.click();
  await visit.decided(/Rejected by you at \d/).waitFor();
  await visit.decided("“I keep the mugs”").waitFor();
  await visit.answered("You rejected this, so nothing was changed.");
  await visit.page.reload();
  await visit.decided("“I keep the mugs”").waitFor();
  expect(await visit.approve.count()).toBe(0);
  expect(await refundCalls(orderId)).toBe(0);
});

test("no decision comes in time: the card says so, the model is told, and nothing is refunded", async () => {
  const orderId = stage.newOrder();
  const visit = await standBeforeCard(orderId, { assistant: "hasty" });
  await visit
    .card(orderId)
    .getByText(/\d sec left to decide/)
    .waitFor();
  await visit.decided("Nobody decided in time. Nothing was done.").waitFor();
  await visit.answered("The request for approval expired before anyone decided");
  expect(await visit.approve.count()).toBe(0);
  expect(await refundCalls(orderId)).toBe(0);
});

describe("two tabs decide at once", () => {
  /** A line whose news can be held back, so that a tab decides before it hears of the other's decision. */
  function heldLine(): { readonly route: (socket: WebSocketRoute) => void; hold(): void; release(): void } {
    const held: (() => void)[] = [];
    let isHeld = false;
    return {
      route(socket) {
        const server = socket.connectToServer();
        server.onMessage((message) => {
          if (isHeld) held.push(() => socket.send(message));
          else socket.send(message);
        });
      },
      hold: () => void (isHeld = true),
      release() {
        isHeld = false;
        for (const pass of held.splice(0)) pass();
      },
    };
  }

  test.each([
    { first: "approve", second: "approve", refunded: 1, line: /Approved by you/ },
    { first: "reject", second: "approve", refunded: 0, line: /Rejected by you/ },
    { first: "approve", second: "reject", refunded: 1, line: /Approved by you/ },
  ] as const)("$first, then $second by one who had not heard: the second is told so", async ({ first, second, refunded, line }) => {
    const orderId = stage.newOrder();
    const early = await standBeforeCard(orderId);
    const late = await early.context.newPage();
    const wire = heldLine();
    await late.routeWebSocket(/\/line\//, wire.route);
    await late.goto(`${stage.demo.shopUrl}/orders/${orderId}`);
    const other = new Visit(late);
    await other.openPanel();
    await other.card(orderId).waitFor();

    wire.hold();
    await early[first].click();
    await early.decided(line).waitFor();
    await other[second].click();
    wire.release();
    await other.decided(line).waitFor();
    await other.decided("Someone else decided first.").waitFor();
    await early.settled();
    await early.answered(refunded === 1 ? "goes back to your card" : "You rejected this");
    await other.answered(refunded === 1 ? "goes back to your card" : "You rejected this");
    expect(await refundCalls(orderId)).toBe(refunded);
    expect(await refunds(orderId)).toBe(refunded);
  });

  test("both press in the same moment: one decision, the same in both tabs", async () => {
    const orderId = stage.newOrder();
    const left = await standBeforeCard(orderId);
    const right = await stage.secondTab(left, `/orders/${orderId}`);
    await right.openPanel();
    await right.card(orderId).waitFor();
    const buttons = await Promise.all([left.approve.elementHandle(), right.reject.elementHandle()]);
    // By script, because a pointer would wait for a button that the other tab's decision may just have taken away.
    await Promise.all(buttons.map((button) => button?.evaluate((element) => (element as HTMLElement).click())));
    const said = await Promise.all([left, right].map((visit) => visit.decided(/(Approved|Rejected) by you/).innerText()));
    const [leftWord, rightWord] = said.map((text) => /Approved|Rejected/.exec(text)?.[0]);
    expect(leftWord).toBe(rightWord);
    const expected = leftWord === "Approved" ? 1 : 0;
    await left.answered(expected === 1 ? "goes back to your card" : "You rejected this");
    expect(await refunds(orderId)).toBe(expected);
    expect(await refundCalls(orderId)).toBe(expected);
  });
});

describe("the server is killed while the card waits", () => {
  test.each(["without a reload", "with a reload"])("approve after its restart, %s: refunded once", async (how) => {
    const orderId = stage.newOrder();
    const visit = await standBeforeCard(orderId);
    await stage.demo.restartServer("SIGKILL");
    if (how === "with a reload") await visit.page.reload();
    await visit.approve.click();
    await visit.decided("Approved by you").waitFor();
    await visit.answered("goes back to your card");
    expect(await refunds(orderId)).toBe(1);
    expect(await refundCalls(orderId)).toBe(1);
  });

  test("approve while it is down: the decision waits and is taken up once", async () => {
    const orderId = stage.newOrder();
    const visit = await standBeforeCard(orderId);
    await stage.demo.parts.server.stop("SIGKILL");
    await visit.approve.click();
    await visit.log.getByRole("button", { name: "Approving …" }).waitFor();
    await stage.demo.parts.server.start();
    await visit.decided("Approved by you").waitFor();
    await visit.answered("goes back to your card");
    expect(await waitFor(() => refunds(orderId))).toBe(1);
    expect(await refundCalls(orderId)).toBe(1);
  });
});

test("the exact data begins where its lines do, and a right-to-left page mirrors the bubble, not its text", async () => {
  const visit = await stage.visit("/", {
    prepare: (context) =>
      context.addInitScript(() => document.addEventListener("DOMContentLoaded", () => (document.documentElement.dir = "rtl"))),
  });
  await visit.openPanel();
  await visit.askRefund(stage.newOrder());
  expect(await visit.log.locator("pre").first().textContent()).toMatch(/^\{\n {2}"/);
  const bubble = await visit.bubbles.first().evaluate((element) => {
    const { borderBottomLeftRadius: left, borderBottomRightRadius: right, unicodeBidi } = getComputedStyle(element);
    return { left, right, unicodeBidi };
  });
  expect(bubble).toEqual({ left: "4px", right: "14px", unicodeBidi: "plaintext" });
});
