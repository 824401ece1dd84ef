import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser } from "../../support/browser.ts";
import { openBook } from "../../story-book/open-book.ts";
import type * as Book from "../../story-book/book.ts";

declare global {
  /** The story book's exports, in the page. */
  const book: typeof Book;
}

/** A browser with the story book; `close` ends both. */
export interface Shelf {
  readonly browser: Browser;
  readonly address: string;
  readonly close: () => Promise<void>;
}

export async function openShelf(): Promise<Shelf> {
  const [browser, { address, close }] = await Promise.all([launchBrowser(), openBook()]);
  return {
    browser,
    address,
    close: async () => {
      await browser.close();
      close();
    },
  };
}

/** The book in a new window. What the page reports as an error fails the test that asks `errors`. */
export async function openPage(
  { browser, address }: Shelf,
  options: BrowserContextOptions & { readonly dir?: "ltr" | "rtl" } = {},
): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const { dir = "ltr", ...context } = options;
  const page = await browser.newPage({ viewport: { width: 900, height: 800 }, reducedMotion: "reduce", ...context });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  // The widget reports a wrong set-up to the owner on purpose.
  page.on("console", (message) => message.type() === "error" && !message.text().startsWith("Frontdesk: ") && errors.push(message.text()));
  await page.goto(`${address}?dir=${dir}`);
  return { page, errors };
}

/** The names of all stories. */
export function storyNames(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => book.names);
}

/** Shows a story and waits until nothing moves. */
export async function showStory(page: Page, name: string, look: Book.Look = {}): Promise<void> {
  await page.evaluate(
    async ([story, chosen]) => {
      await book.show(story, chosen);
      await book.still();
    },
    [name, look] as const,
  );
}

/** What the element asked its controller to do, in order. */
export function asked(page: Page): Promise<readonly (readonly unknown[])[]> {
  return page.evaluate(() => book.stageOf(document.querySelector("front-desk")!).asked.map((one) => [...one]));
}
