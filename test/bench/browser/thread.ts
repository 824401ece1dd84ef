import type { Page } from "playwright-core";
import type { BenchOptions, Figure } from "../figure.ts";
import { Customer } from "../server/customer.ts";
import { median } from "../samples.ts";
import { inShop, openPanel, type Shop } from "./shop-page.ts";
import { longestTaskMs, traced } from "./trace.ts";

const MESSAGES = 500;
/** As long as answers are: a heading, a paragraph, a list. */
const ANSWER = { kind: "text", tokens: 60, markdown: true } as const;
const TYPED = "Where is my order, and when will the rest of it come? ".repeat(2);

/**
 * A thread of 500 messages: the longest task while it opens, while all of it is scrolled into view, and while a message
 * is typed below it.
 */
export async function benchThread({ fast }: BenchOptions): Promise<readonly Figure[]> {
  return inShop(async (shop) => {
    const context = await shop.visitor();
    const first = await context.newPage();
    await openPanel(first, shop.pageUrl);
    await fill(first, shop);
    await first.close();
    const rounds: Tasks[] = [];
    for (let round = 0; round < (fast ? 1 : 5); round += 1) {
      const page = await context.newPage();
      rounds.push(await read(page, shop));
      await page.close();
    }
    await context.close();
    const of = (key: keyof Tasks): number => median(rounds.map((tasks) => tasks[key]));
    const unit = "ms";
    return [
      { name: `thread of ${MESSAGES} messages opens: longest task`, unit, value: of("open"), budget: 50 },
      { name: `thread of ${MESSAGES} messages, read to its first: longest task`, unit, value: of("read"), budget: 50 },
      { name: `typing below ${MESSAGES} messages: longest task`, unit, value: of("type"), budget: 50 },
    ];
  });
}

interface Tasks {
  readonly open: number;
  readonly read: number;
  readonly type: number;
}

/** The first message comes from the page; the others from the same customer, without one. */
async function fill(page: Page, { server }: Shop): Promise<void> {
  await page.evaluate((text) => document.querySelector("front-desk")?.send(text), JSON.stringify(ANSWER));
  await page.locator("front-desk-answer").first().waitFor();
  const kept = await page.evaluate(() => Object.keys(localStorage).map((key) => [key, localStorage.getItem(key) ?? ""] as const));
  const value = (end: string): string => kept.find(([key]) => key.endsWith(end))?.[1] ?? "";
  const customer = await Customer.connect(server.url, { token: value(":token"), conversationId: value(":conversation") });
  for (let messages = 2; messages < MESSAGES; messages += 2) await customer.ask(ANSWER);
  customer.close();
}

async function read(page: Page, shop: Shop): Promise<Tasks> {
  await page.goto(shop.pageUrl, { waitUntil: "networkidle" });
  const answers = page.locator("front-desk-answer");
  const open = await traced(page, async () => {
    await page.getByRole("button", { name: "Open chat" }).click();
    await answers.first().waitFor();
    await page.waitForLoadState("networkidle");
    await idle(page);
  });
  const scrolled = await traced(page, () => scrollToFirst(page));
  await page.locator("front-desk textarea").focus();
  const typed = await traced(page, () => page.keyboard.type(TYPED, { delay: 15 }));
  return { open: longestTaskMs(open), read: longestTaskMs(scrolled), type: longestTaskMs(typed) };
}

/** Scrolls up as a person does, until all messages are there. */
async function scrollToFirst(page: Page): Promise<void> {
  await page.locator("front-desk .scroller").hover();
  for (let tries = 0; tries < 2000; tries += 1) {
    const shown = await page.evaluate(
      () =>
        document
          .querySelector("front-desk")
          ?.shadowRoot?.querySelector("front-desk-thread")
          ?.shadowRoot?.querySelectorAll("front-desk-turn").length ?? 0,
    );
    if (shown >= MESSAGES / 2) return idle(page);
    await page.mouse.wheel(0, -1500);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  throw new Error("The thread did not show all of its messages.");
}

function idle(page: Page): Promise<void> {
  return page.evaluate(() => new Promise<void>((resolve) => requestIdleCallback(() => requestIdleCallback(() => resolve()))));
}
