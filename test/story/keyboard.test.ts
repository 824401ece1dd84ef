import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readOrder } from "./shop-orders.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

declare const axeCore: typeof axe;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ trackDurationMs: 1500 });
});
afterEach(async ({ task }) => {
  expect(await stage.endVisits(task)).toEqual([]);
});
afterAll(() => stage.close());

/** What has the focus, through every shadow root, as a person would call it. */
function focused(visit: Visit): Promise<string> {
  return visit.page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    if (active === null || active === document.body) return "the page";
    const label = active.getAttribute("aria-label") ?? active.getAttribute("placeholder") ?? active.textContent ?? "";
    return label.trim().replaceAll(/\s+/gu, " ");
  });
}

/** Presses a key until the focus is where it should be; fails after a whole round. */
async function pressUntil(visit: Visit, key: string, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  while (seen.length < 60) {
    await visit.page.keyboard.press(key);
    const now = await focused(visit);
    if (typeof name === "string" ? now === name : name.test(now)) return;
    seen.push(now);
  }
  throw new Error(`${key} did not lead to ${String(name)}, but to: ${seen.join(" · ")}`);
}

test("the whole refund by keyboard alone", async () => {
  const orderId = stage.newOrder();
  const visit = await stage.visit(`/orders/${orderId}`);
  const { keyboard } = visit.page;
  await visit.openChat.waitFor();

  await pressUntil(visit, "Tab", "Open chat");
  await keyboard.press("Enter");
  await expect.poll(() => focused(visit)).toBe("Message");
  await keyboard.type(`Where is order ${orderId}?`);
  await keyboard.press("Enter");
  await visit.answered("The parcel is with Heron Post");
  await visit.sources.waitFor();
  expect(await focused(visit)).toBe("Message");

  await pressUntil(visit, "Shift+Tab", "Sources (1)");
  await keyboard.press("Enter");
  await pressUntil(visit, "Tab", /^Look up order/);
  await keyboard.press("Space");
  await visit.log.getByRole("group", { name: "Sent" }).waitFor();
  await pressUntil(visit, "Tab", "Sent");

  await pressUntil(visit, "Tab", "Message");
  await keyboard.type(`Refund order ${orderId}`);
  await keyboard.press("Enter");
  await visit.card(orderId).waitFor();
  await visit.settled();
  // The card has come, and the cursor is where it was.
  expect(await focused(visit)).toBe("Message");
  await pressUntil(visit, "Shift+Tab", "Approve");
  await keyboard.press("Shift+Tab");
  expect(await focused(visit)).toBe("Reject");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await visit.decided("Approved by you").waitFor();
  // The button that had the focus is gone; the line in its place has it, not the page.
  await expect.poll(() => focused(visit)).toContain("Approved by you");
  await visit.answered("goes back to your card");
  expect(await focused(visit)).toContain("Approved by you");
  await pressUntil(visit, "Tab", "Message");

  await keyboard.press("Escape");
  await visit.message.waitFor({ state: "hidden" });
  await expect.poll(() => focused(visit)).toBe("Open chat");
  await visit.page.locator("#order .refund").waitFor();
  expect((await readOrder(stage.demo.ordersUrl, orderId)).refunds).toHaveLength(1);
});

test("the order of the focus is the order of what is seen", async () => {
  const orderId = stage.newOrder();
  const visit = await stage.visit("/");
  await visit.openPanel();
  await visit.askRefund(orderId);
  await visit.settled();
  await visit.newConversation.focus();
  const order = ["New conversation"];
  while (order.at(-1) !== "Close chat" && order.length < 20) {
    await visit.page.keyboard.press("Tab");
    order.push(await focused(visit));
  }
  const log = order.indexOf("Message");
  expect(order.slice(0, 2)).toEqual(["New conversation", "Menu"]);
  expect(order.slice(log - 5, log)).toEqual(["Exact data", "Reason (optional)", "Reject", "Approve", "Sources (1)"]);
  // Nothing is written, so that nothing can be sent.
  expect(order.slice(log)).toEqual(["Message", "Stop", "Close chat"]);
});

test("Escape closes the menu first, then the panel, and gives the focus back each time", async () => {
  const visit = await stage.visit("/");
  await visit.openPanel();
  await pressUntil(visit, "Shift+Tab", "Menu");
  await visit.page.keyboard.press("Enter");
  await visit.scope.getByRole("radio", { name: "Dark" }).waitFor();
  await visit.page.keyboard.press("Escape");
  await visit.scope.getByRole("radio", { name: "Dark" }).waitFor({ state: "detached" });
  expect(await focused(visit)).toBe("Menu");
  await visit.page.keyboard.press("Escape");
  await expect.poll(() => focused(visit)).toBe("Open chat");
});

test("a customer who works elsewhere on the page keeps the focus, whatever comes into the chat", async () => {
  const orderId = stage.newOrder();
  const visit = await stage.visit(`/orders/${orderId}`);
  await visit.openPanel();
  await visit.ask(`Refund order ${orderId}`);
  const link = visit.page.getByRole("link", { name: "Your orders" });
  await link.focus();
  await visit.card(orderId).waitFor();
  await visit.settled();
  expect(await focused(visit)).toBe("Your orders");
  const other = await stage.secondTab(visit, `/orders/${orderId}`);
  await other.openPanel();
  await other.approve.click();
  await visit.answered("goes back to your card");
  await visit.settled();
  expect(await focused(visit)).toBe("Your orders");
});

test("a screen reader finds everything by its promised name", async () => {
  const orderId = stage.newOrder();
  const visit = await stage.visit("/");
  await visit.openPanel();
  await visit.closeChat.waitFor();
  await visit.message.waitFor();
  await visit.send.waitFor();
  await visit.newConversation.waitFor();
  await visit.log.waitFor();
  await visit.ask("Track the parcel of order 1042");
  await visit.stop.waitFor();
  await visit.answered("Heron Post says");
  await visit.sources.waitFor();
  await visit.askRefund(orderId);
  await visit.approve.waitFor();
  await visit.reject.waitFor();
  const dialog = visit.scope.getByRole("dialog", { name: "Lull" });
  const tree = await dialog.ariaSnapshot();
  for (const piece of ['log "Conversation"', 'region "Refund order', 'textbox "Message"', 'button "Send"']) expect(tree).toContain(piece);
  await visit.closeChat.click();
  await visit.openChat.waitFor();
});

describe("what a screen reader hears", () => {
  async function listen(visit: Visit): Promise<() => Promise<string[]>> {
    await visit.scope.evaluate((element) => {
      const regions = [
        ...(element.shadowRoot?.querySelectorAll("[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]") ?? []),
      ];
      const said: string[] = [];
      (globalThis as { said?: string[] }).said = said;
      for (const region of regions)
        new MutationObserver(() => {
          const text = region.textContent?.trim() ?? "";
          if (text !== "" && said.at(-1) !== text) said.push(text);
        }).observe(region, { childList: true, characterData: true, subtree: true });
    });
    return () => visit.page.evaluate(() => (globalThis as { said?: string[] }).said ?? []);
  }

  test("a long answer: that a reply is coming, and the answer once", async () => {
    const visit = await stage.visit("/");
    await visit.openPanel();
    const said = await listen(visit);
    await visit.ask("Write a long answer about glazes");
    await visit.answered("the script thanks you.");
    await visit.settled();
    await expect.poll(async () => (await said()).at(-1)).toContain("the script thanks you.");
    const heard = await said();
    expect(heard.length).toBeLessThanOrEqual(3);
    expect(heard[0]).toBe("Lull is replying");
    expect(heard.filter((text) => text.includes("A long answer about glazes"))).toHaveLength(1);
    // Nothing more on the page speaks: every other live region would be one more voice.
    const log = await visit.log.getAttribute("aria-live");
    expect(log).toBe("off");
  });

  test("a card: that an approval is needed, and how it ended", async () => {
    const orderId = stage.newOrder();
    const visit = await stage.visit("/");
    await visit.openPanel();
    const said = await listen(visit);
    await visit.askRefund(orderId);
    await expect.poll(said).toContain(`Your approval is needed: Refund order ${orderId}?`);
    await visit.reject.click();
    await expect.poll(async () => (await said()).at(-1)).toContain("You rejected this");
    expect((await said()).length).toBeLessThanOrEqual(6);
  });
});

describe("axe finds nothing on the page and in the widget", () => {
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

  async function complaints(visit: Visit, state: string): Promise<string[]> {
    await visit.page.evaluate(`globalThis.axeCore ?? (() => { ${source}; globalThis.axeCore = axe; })()`);
    const found = await visit.page.evaluate(async () => {
      const { violations } = await axeCore.run(document, { resultTypes: ["violations"] });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary = "" }) => `${id}: ${target.flat().join(" ")} ${failureSummary}`),
      );
    });
    return found.map((complaint) => `${state}: ${complaint}`);
  }

  const desktop = { viewport: { width: 1280, height: 800 } };
  const phone = { viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true };
  test.each([
    { where: "desktop, light", options: { ...desktop, colorScheme: "light" } },
    { where: "desktop, dark", options: { ...desktop, colorScheme: "dark" } },
    { where: "phone, light", options: { ...phone, colorScheme: "light" } },
    { where: "phone, dark", options: { ...phone, colorScheme: "dark" } },
  ] as const)("$where", async ({ options }) => {
    const orderId = stage.newOrder();
    const visit = await stage.visit(`/orders/${orderId}`, { ...options, bypassCSP: true });
    const found: string[] = [];
    const look = async (state: string): Promise<void> => void found.push(...(await complaints(visit, state)));
    await visit.openChat.waitFor();
    await look("closed");
    await visit.openPanel();
    await visit.log.getByText("Hello, this is the Lull assistant.").waitFor();
    await look("greeting");
    await visit.ask("Track the parcel of order 1042");
    await visit.log.getByRole("progressbar").waitFor();
    await look("a tool at work");
    await visit.answered("Heron Post says");
    await visit.sources.click();
    await visit.log.getByRole("button", { name: /^Track parcel/ }).click();
    await visit.log.getByRole("group", { name: "Sent" }).waitFor();
    await look("answer with its sources");
    await visit.askRefund(orderId);
    await visit.settled();
    await visit.card(orderId).getByText("Exact data").click();
    await visit.card(orderId).getByText("Reason (optional)").click();
    await look("card");
    await visit.approve.click();
    await visit.answered("goes back to your card");
    await look("decided");
    await visit.scope.getByRole("button", { name: "Menu" }).click();
    await look("menu");
    expect(found).toEqual([]);
  });
});
