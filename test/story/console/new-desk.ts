/** An installation on its first day: an empty data folder, a model, an order server, and a page of one's own. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { listenOnLoopback } from "../../../demo/listen.ts";
import { startModel } from "../../../demo/model/server.ts";
import { startOrders } from "../../../demo/orders/server.ts";
import { readSettings } from "../../../server/start/settings.ts";
import { startServer } from "../../../server/start/start-server.ts";
import { PATIENCE_MS } from "../../support/wait-for.ts";

export interface NewDesk {
  /** What the first start printed. */
  readonly setupUrl: string;
  readonly modelUrl: string;
  readonly ordersUrl: string;
  readonly siteUrl: string;
  /** The server's own address, as people open it. */
  readonly url: string;
  /** Puts this into the page of one's own. */
  readonly paste: (tag: string) => void;
  /** A window of the person who sets it up; `faults` is what its pages complain about. */
  readonly open: (options?: BrowserContextOptions) => Promise<{ readonly page: Page; readonly faults: readonly string[] }>;
}

/** Ends with the test. Nothing is allowed but private addresses, which the peers of a test are on. */
export async function openNewDesk(browser: Browser): Promise<NewDesk> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-story-"));
  const file = join(folder, "frontdesk.json");
  await writeFile(file, JSON.stringify({ network: { allowPrivate: ["127.0.0.1", "localhost"] } }));
  let pasted = "";
  const [model, orders, site] = await Promise.all([
    startModel({ port: 0, tokensPerSecond: 0, firstTokenMs: 0 }),
    startOrders({ port: 0, file: join(folder, "orders.json"), trackDurationMs: 0 }),
    listenOnLoopback((_request, response) => {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(`<!doctype html><html lang="en"><title>My shop</title><h1>My shop</h1>${pasted}</html>`);
    }, 0),
  ]);
  const settings = readSettings({ FRONTDESK_CONFIG: file, DATA_DIR: join(folder, "data"), PORT: "0", HOST: "127.0.0.1" });
  const server = await startServer(settings, { logDestination: { write: () => undefined } });
  onTestFinished(async () => {
    await server.close();
    await Promise.all([model.close(), orders.close(), site.close()]);
    await rm(folder, { recursive: true, force: true });
  });
  if (server.setupUrl === undefined) throw new Error("The first start printed no link.");
  const { setupUrl } = server;
  return {
    setupUrl,
    url: new URL(setupUrl).origin,
    modelUrl: `${model.url}/v1`,
    ordersUrl: `${orders.url}/mcp`,
    siteUrl: site.url,
    paste: (tag) => (pasted = tag),
    async open(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
      onTestFinished(async ({ task }) => {
        if (task.result?.state === "fail") await keepPictures(task.name, context);
        await context.close();
      });
      context.setDefaultTimeout(Number(process.env["STORY_MS"] ?? PATIENCE_MS));
      const page = await context.newPage();
      const faults: string[] = [];
      // A refusal is reported by the browser itself; the page says it in words.
      page.on("console", (message) => {
        if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
      });
      page.on("pageerror", (error) => faults.push(String(error)));
      return { page, faults };
    },
  };
}

const ARTIFACTS = join(import.meta.dirname, "../../.artifacts/story/console");
let kept = 0;

/** Of a test that failed. */
async function keepPictures(testName: string, context: BrowserContext): Promise<void> {
  await mkdir(ARTIFACTS, { recursive: true });
  const name = join(ARTIFACTS, testName.replaceAll(/[^a-z0-9]+/gi, "-").slice(0, 80));
  for (const page of context.pages()) {
    kept += 1;
    // A page that is gone has nothing to show.
    await page.screenshot({ path: `${name}-${kept}.png`, timeout: 5000 }).catch(() => undefined);
    const seen = await page.locator("body").ariaSnapshot({ timeout: 5000 }).catch(String);
    await writeFile(`${name}-${kept}.txt`, `${page.url()}\n${seen}\n`);
  }
}
