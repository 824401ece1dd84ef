import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPage, openShelf, showStory, type Shelf } from "./front-desk-page.ts";

let shelf: Shelf;
let page: Page;
beforeAll(async () => {
  shelf = await openShelf();
});
afterAll(() => shelf.close());

describe.each([
  { story: "answered", name: "Menu", title: "Appearance", choices: ["Light", "Dark"] },
  { story: "call listens", name: "Call settings", title: "How you speak", choices: ["Hands-free", "Push to talk"] },
] as const)("$name", ({ story, name, title, choices: [first, second] }) => {
  beforeEach(async () => {
    ({ page } = await openPage(shelf));
    await showStory(page, story);
    await button().click();
    await radio(first).waitFor();
    return () => page.context().close();
  });

  const button = () => page.getByRole("button", { name, exact: true });
  const radio = (choice: string) => page.getByRole("radio", { name: choice, exact: true });
  const isOpen = async (): Promise<boolean> => (await page.getByRole("radio").count()) > 0;
  const pressWords = (words: string) => page.locator("legend, label", { hasText: words }).click({ position: { x: 60, y: 8 } });

  test("stays while its words are pressed, and what they name is chosen", async () => {
    await pressWords(title);
    expect(await isOpen()).toBe(true);
    await pressWords(second);
    expect(await radio(second).isChecked()).toBe(true);
    await radio(first).click();
    await pressWords(title);
    expect(await isOpen()).toBe(true);
  });

  test("closes when the keyboard goes on, or something else is pressed", async () => {
    await radio(first).focus();
    // To the end of what is in it, and of what it belongs to.
    for (let presses = 0; presses < 6 && (await isOpen()); presses += 1) await page.keyboard.press("Tab");
    expect(await isOpen()).toBe(false);
    await button().click();
    await pressWords(title);
    await page.getByRole("textbox", { name: "Message", exact: true }).click();
    expect(await isOpen()).toBe(false);
  });

  test("closes by its button, which some browsers give no focus: what holds the button has it then", async () => {
    await radio(first).focus();
    await button().evaluate(async (pressed: HTMLElement) => {
      pressed.parentElement!.closest<HTMLElement>("[tabindex]")!.focus();
      await book.settled();
      pressed.click();
    });
    expect(await isOpen()).toBe(false);
  });
});
