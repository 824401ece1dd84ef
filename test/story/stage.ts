import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { TestContext } from "vitest";
import type { DemoOptions } from "../../demo/start/demo-options.ts";
import { type Demo, startDemo } from "../../demo/start/start-demo.ts";
import { launchBrowser } from "../support/browser.ts";
import { PATIENCE_MS } from "../support/wait-for.ts";
import { layOutOrders, orderNumbers } from "./shop-orders.ts";
import { Visit } from "./visit.ts";

export interface StageOptions extends Omit<DemoOptions, "dataDirectory"> {
  /** More settings for every assistant of the demo. */
  readonly assistant?: Readonly<Record<string, unknown>>;
  /** `demo`: the demo's own orders only, as its customer sees them. Default: also many more, for tests to refund. */
  readonly orders?: "demo" | "many";
  /** Instead of the usual one. */
  readonly launch?: () => Promise<Browser>;
  /** Assistants beside `shop`, by key: what differs from it. A page takes one through `VisitOptions.assistant`. */
  readonly assistants?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface VisitOptions extends BrowserContextOptions {
  /** Another assistant in the pasted script tag. */
  readonly assistant?: string;
  /** Before anything of the page runs. */
  readonly prepare?: (context: BrowserContext) => Promise<unknown>;
}

/** The whole demo with a browser before it, for the stories of one file. */
export interface Stage {
  readonly demo: Demo;
  readonly browser: Browser;
  readonly folder: string;
  /** An order that no other test of the file has. */
  readonly newOrder: () => string;
  /** A new customer in a window of their own, at a path of the shop. */
  readonly visit: (path?: string, options?: VisitOptions) => Promise<Visit>;
  /** Another tab of the same customer. */
  readonly secondTab: (first: Visit, path?: string) => Promise<Visit>;
  /**
   * Closes all windows; says what their pages complained about: errors of scripts, violations of a policy. Of a test
   * that failed, pictures of its pages and the log of the demo are kept in `test/.artifacts/story`.
   */
  readonly endVisits: (test?: Readonly<TestContext["task"]>) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** Many customers of the story come from one address within a minute. */
const GENEROUS = { messagesPerMinute: 1000, messagesPerMinutePerAddress: 1000 };

/** Starts the demo, without pauses unless the options say otherwise, and a browser. Needs the built widget. */
export async function openStage({ orders = "many", launch = launchBrowser, ...options }: StageOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-story-"));
  if (orders === "many") layOutOrders(folder);
  const [demo, browser] = await Promise.all([openDemo(folder, options), launch()]);
  const contexts = new Set<BrowserContext>();
  const troubles: string[] = [];

  const arrive = async (page: Page, path: string): Promise<Visit> => {
    page.on("pageerror", (error) => troubles.push(String(error)));
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text())) troubles.push(message.text());
    });
    await page.goto(new URL(path, demo.shopUrl).href);
    return new Visit(page);
  };

  return {
    demo,
    browser,
    folder,
    newOrder: orderNumbers(),
    async visit(path = "/", { assistant, prepare, ...options_ } = {}) {
      const context = await browser.newContext({ ...USUAL_WINDOW, ...options_ });
      contexts.add(context);
      context.setDefaultTimeout(PATIENCE_MS);
      if (assistant !== undefined) await swapAssistant(context, assistant);
      await prepare?.(context);
      return arrive(await context.newPage(), path);
    },
    secondTab: async (first, path = "/") => arrive(await first.context.newPage(), path),
    async endVisits(test) {
      if (test?.result?.state === "fail") await keepTraces(test.name, [...contexts], demo);
      await Promise.all([...contexts].map((context) => context.close()));
      contexts.clear();
      return troubles.splice(0);
    },
    async close() {
      await browser.close();
      await demo.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const USUAL_WINDOW: BrowserContextOptions = {
  viewport: { width: 1280, height: 800 },
  locale: "en-GB",
  timezoneId: "Europe/Dublin",
  reducedMotion: "reduce",
};

export function openDemo(
  folder: string,
  { assistant = {}, assistants = {}, configure, ...options }: Omit<StageOptions, "orders" | "launch">,
): Promise<Demo> {
  return startDemo({
    tokensPerSecond: 0,
    firstTokenMs: 0,
    trackDurationMs: 500,
    ...options,
    dataDirectory: folder,
    configure: (configuration) => {
      const shop = { ...configuration.assistants.shop, limits: GENEROUS, ...assistant };
      const others = Object.entries(assistants).map(([key, change]) => [key, { ...shop, ...change }] as const);
      const whole = {
        ...configuration,
        limits: { connectionsPerMinutePerAddress: 10_000 },
        assistants: { ...Object.fromEntries(others), shop },
      };
      return configure === undefined ? whole : configure(whole);
    },
  });
}

const artifacts = fileURLToPath(new URL("../.artifacts/story", import.meta.url));

async function keepTraces(testName: string, contexts: readonly BrowserContext[], demo: Demo): Promise<void> {
  await mkdir(artifacts, { recursive: true });
  const name = join(artifacts, testName.replaceAll(/[^a-z0-9]+/gi, "-").slice(0, 80));
  await writeFile(`${name}.log`, demo.log.join("\n"));
  const pages = contexts.flatMap((context) => context.pages());
  await Promise.all(
    pages.map((page, index) =>
      // A page that is gone has nothing to show.
      page.screenshot({ path: `${name}-${index + 1}.png`, timeout: 5000 }).catch(() => undefined),
    ),
  );
}

/**
 * The shop's pages with another `data-assistant` in the pasted tag, as if its owner had written that. Within the page,
 * because Chromium does not let a page that was answered by anybody but a loopback server load a script from one.
 */
async function swapAssistant(context: BrowserContext, assistant: string): Promise<void> {
  await context.addInitScript((key) => {
    new MutationObserver(() => document.querySelector("script[data-assistant]")?.setAttribute("data-assistant", key)).observe(document, {
      childList: true,
      subtree: true,
    });
  }, assistant);
}
