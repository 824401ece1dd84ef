import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../../support/browser.ts";
import type { Child } from "../server/child.ts";
import { onStage } from "../server/stage.ts";

export interface Shop {
  readonly browser: Browser;
  /** A window of its own, as another visitor has it. */
  visitor(): Promise<BrowserContext>;
  /** Address of the page with the pasted script. */
  readonly pageUrl: string;
  /** Address of a page of the same size with a script that does nothing. */
  readonly emptyPageUrl: string;
  readonly server: Child;
}

const NOTHING = "(() => {})();\n";

/** A server with the mock model, a page of another origin with the pasted script on it, and a browser. */
export async function inShop<Result>(work: (shop: Shop) => Promise<Result>): Promise<Result> {
  let scriptUrl = "";
  const pages = createServer((request, response) => {
    if (request.url === "/nothing.js") return void response.writeHead(200, { "content-type": "text/javascript" }).end(NOTHING);
    const source = request.url === "/empty" ? "/nothing.js" : scriptUrl;
    const page = `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1><script async src="${source}" data-assistant="shop"></script></html>`;
    response.writeHead(200, { "content-type": "text/html" }).end(page);
  });
  await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  let browser: Browser | undefined;
  try {
    return await onStage({ origins: [origin] }, async (stage) => {
      const server = await stage.server();
      scriptUrl = `${server.url}/frontdesk.js`;
      const opened = (browser = await launchBrowser());
      const visitor = (): Promise<BrowserContext> => opened.newContext({ viewport: { width: 1200, height: 800 } });
      return work({ browser: opened, visitor, pageUrl: `${origin}/`, emptyPageUrl: `${origin}/empty`, server });
    });
  } finally {
    await browser?.close();
    pages.closeAllConnections();
    pages.close();
  }
}

/** Opens the page and the panel, and waits until the customer can write. */
export async function openPanel(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("button", { name: "Open chat" }).click();
  await page.locator("front-desk textarea").waitFor();
}
