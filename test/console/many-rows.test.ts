/** Lists of 20,000: what is scrolled to is there, the focus stays where it is, and words find any row. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { startIn } from "./stage/places.ts";
import { settled } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

/** Address, and the words that find a row far behind the first page, with the name it has there. */
const LISTS = [
  ["/assistants", "shop 19998", "Shop 19998"],
  ["/tools", "server 19998", "Server 19998"],
  ["/tools/mcp-servers/orders/tools", "tool_19998", "tool_19998"],
  ["/tools/http-tools", "tool_19998", "tool_19998"],
  ["/people", "person 19998", "Person 19998"],
  ["/people/groups", "group 19998", "Group 19998"],
  ["/api-keys", "key 19998", "Key 19998"],
] as const;

const rows = (page: Page) => page.locator("main :is(.table-row, article)");

/** Whether the middle of the window shows some of the list. */
async function expectRowsInView(page: Page): Promise<void> {
  const isThere = () =>
    page.evaluate(() => {
      const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
      if (middle === null) return false;
      return middle.closest(".table-row") !== null || (middle.closest(".cards") !== null && document.querySelector("article") !== null);
    });
  await expect.poll(isThere).toBe(true);
}

test("each list of 20,000 is drawn in part, grows as it is scrolled, and is searched by the server", async () => {
  const { desk } = await startIn("many");
  const page = await openConsole(desk, "/account");
  for (const [address, words, name] of LISTS) {
    await page.goto(`${desk.url}/console${address}`);
    await settled(page);
    const whole = () => page.evaluate(() => document.documentElement.scrollHeight);
    for (let jump = 0; jump < 3; jump += 1) {
      const before = await whole();
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      await expect.poll(whole, { message: address }).toBeGreaterThan(before);
      await expectRowsInView(page);
    }
    for (const share of [0.5, 0.1, 0.9, 0]) {
      await page.evaluate((part) => scrollTo(0, part * document.documentElement.scrollHeight), share);
      await expectRowsInView(page);
    }
    if (address !== "/tools") expect(await rows(page).count(), address).toBeLessThan(120);
    await page.getByRole("searchbox").first().fill(words);
    await page.locator("main").getByText(name, { exact: true }).first().waitFor();
    await expect.poll(() => rows(page).count(), { message: address }).toBe(1);
    expect(new URL(page.url()).searchParams.get("q")).toBe(words);
  }
});

test("a row that has the focus keeps it while the list is scrolled away and grows, and the keys go on from there", async () => {
  const { desk } = await startIn("many");
  const page = await openConsole(desk, "/people");
  const focused = () => page.evaluate(() => document.activeElement?.closest("[data-index]")?.getAttribute("data-index"));
  await page.getByRole("grid").getByRole("link").first().focus();
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  await expect.poll(focused).toBe("2");
  for (let jump = 0; jump < 4; jump += 1) {
    const before = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollHeight)).toBeGreaterThan(before);
    expect(await focused()).toBe("2");
  }
  await page.keyboard.press("ArrowDown");
  await expect.poll(focused).toBe("3");
  await page.keyboard.press("End");
  await expect.poll(async () => Number(await focused())).toBeGreaterThan(600);
});
