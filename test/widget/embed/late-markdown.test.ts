import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { buildWidget } from "../../../scripts/build-widget.ts";
import { launchBrowser } from "../../support/browser.ts";
import { Pages } from "./pages.ts";

const MARKDOWN = "**/markdown-parts-*";
const TEXT = "**Order 1042** is on its way.\n\n- It left on Tuesday\n- It arrives on Friday";

let folder: string;
let browser: Browser;
let pages: Pages;
let page: Page;
/** How often the part that draws answers was asked for. */
let asked: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "frontdesk-late-"));
  [, browser] = await Promise.all([buildWidget(folder), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  pages = new Pages(folder);
  await pages.start();
  pages.answer = TEXT.match(/.{1,9}/gs)!;
  page = await browser.newPage();
  asked = 0;
  page.on("request", (request) => (asked += request.url().includes("markdown-parts") ? 1 : 0));
  await page.goto(pages.page("/", '<!doctype html><script async src="{desk}/frontdesk.js" data-assistant="shop"></script>'));
  await page.getByRole("button", { name: "Open chat" }).click();
  await field().waitFor();
});
afterEach(async () => {
  await page.close();
  await pages.stop();
});

const field = (): Locator => page.getByRole("textbox", { name: "Message" });
const answers = (): Locator => page.locator("front-desk-answer");
const items = (): Locator => page.locator("front-desk-answer li");
const status = (): Locator => page.getByRole("status");

async function say(text: string): Promise<void> {
  await field().fill(text);
  await field().press("Enter");
}

test("what draws answers is not asked for until somebody writes, and once", async () => {
  // The chat is whole: it was greeted.
  await page.locator(".greeting").waitFor();
  expect(asked).toBe(0);
  await field().press("h");
  await expect.poll(() => asked).toBe(1);
  await say("Where is it?");
  await expect.poll(() => items().count()).toBe(2);
  await say("And now?");
  await expect.poll(() => items().count()).toBe(4);
  expect(asked).toBe(1);
});

test("a message of the page's own code asks for it too", async () => {
  await page.evaluate(() => void (document.querySelector("front-desk") as unknown as { send(text: string): unknown }).send("Hello"));
  await expect.poll(() => items().count()).toBe(2);
  expect(asked).toBe(1);
});

test("an answer that is there before it is drawn whole, once, and said", async () => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(MARKDOWN, async (route: Route) => {
    await released;
    await route.continue();
  });
  await say("Where is it?");
  await answers().waitFor({ state: "attached" });
  expect(await answers().allTextContents()).toEqual([""]);
  release();
  await expect.poll(() => items().count()).toBe(2);
  expect((await answers().innerText()).split(/\n+/)).toEqual(["Order 1042 is on its way.", "It left on Tuesday", "It arrives on Friday"]);
  await expect.poll(() => status().textContent()).toBe("Order 1042 is on its way. It left on Tuesday. It arrives on Friday");
});

test("where it cannot be loaded the text is shown as it is, and the next message tries again", async () => {
  await page.route(MARKDOWN, (route) => route.abort());
  await say("Where is it?");
  await expect.poll(() => answers().innerText()).toBe(TEXT);
  await page.getByText("A part of this chat could not be loaded.").waitFor();
  await expect.poll(() => status().textContent()).toBe(TEXT);
  await page.unroute(MARKDOWN);
  await say("And now?");
  await expect.poll(() => items().count()).toBe(4);
  expect(await answers().first().locator("strong").innerText()).toBe("Order 1042");
  expect(await page.getByText("A part of this chat could not be loaded.").count()).toBe(0);
  expect(
    await answers()
      .first()
      .evaluate((answer) => getComputedStyle(answer.querySelector("li")!).whiteSpace),
  ).toBe("normal");
});

test("a line that comes back tries again as well", async () => {
  await page.route(MARKDOWN, (route) => route.abort());
  await say("Where is it?");
  await page.getByText("A part of this chat could not be loaded.").waitFor();
  await page.unroute(MARKDOWN);
  await page.context().setOffline(true);
  await page.locator(".notice", { hasText: "No connection." }).waitFor();
  await page.context().setOffline(false);
  await expect.poll(() => items().count()).toBe(2);
});
