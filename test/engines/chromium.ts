import type { BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { type Customer, type Engine, type EngineOptions, type Tab, USUAL_SIZE } from "./engine.ts";

/** Starts the Chromium of all other tests, driven by Playwright. */
export async function startChromium({ scheme = "light" }: EngineOptions = {}): Promise<Engine> {
  const browser = await launchBrowser();
  const newCustomer = async (): Promise<Customer> => {
    const context = await browser.newContext({ viewport: USUAL_SIZE, locale: "en-GB", reducedMotion: "reduce", colorScheme: scheme });
    const troubles: string[] = [];
    context.on("weberror", (error) => troubles.push(String(error.error())));
    context.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
    return {
      async open(url, size = USUAL_SIZE) {
        const page = await context.newPage();
        await page.setViewportSize(size);
        await page.goto(url);
        return tabOf(context, page);
      },
      setOffline: (isOffline) => context.setOffline(isOffline),
      troubles: () => Promise.resolve(troubles),
      close: () => context.close(),
    };
  };
  return { name: "chromium", newCustomer, close: () => browser.close() };
}

function tabOf(context: BrowserContext, page: Page): Tab {
  return {
    go: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    async call(run, ...given) {
      const result: string | undefined = await page.evaluate(
        `(async () => JSON.stringify(await (${run.toString()})(...${JSON.stringify(given)})))()`,
      );
      return (result === undefined ? undefined : JSON.parse(result)) as never;
    },
    clickAt: (x, y) => page.mouse.click(x, y),
    async press(keys) {
      for (const key of keys) {
        if (typeof key === "string") await page.keyboard.press(key === " " ? "Space" : key);
        else await page.keyboard.press(key.join("+"));
      }
    },
    async resize(size) {
      await page.setViewportSize(size);
      return size;
    },
    picture: () => page.screenshot(),
    others: () =>
      Promise.resolve(
        context
          .pages()
          .filter((one) => one !== page)
          .map((one) => tabOf(context, one)),
      ),
    isOpen: () => Promise.resolve(!page.isClosed()),
    close: () => page.close(),
  };
}
