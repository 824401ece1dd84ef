import type { Browser, Page } from "playwright-core";
import type { BenchOptions, Figure } from "../figure.ts";
import { median } from "../samples.ts";
import { withNeighbour } from "./neighbour-page.ts";
import { inShop, type Shop } from "./shop-page.ts";
import { evaluationMs, longestScriptTaskMs, pageScriptMs, traced } from "./trace.ts";

const SLOWDOWN = 4;
const SLOWER = `processor ${SLOWDOWN} times slower`;

/**
 * What the pasted script costs a page before anybody does anything, on a processor that is four times slower, beside the
 * lightest neighbour and a script that does nothing: one load of each in turn, medians of the pairs. Then how long a
 * press takes until the text field can be written in, on a warm cache.
 */
export async function benchEmbed({ fast }: BenchOptions): Promise<readonly Figure[]> {
  return inShop((shop) =>
    withNeighbour(async (neighbourUrl) => {
      const pairs: { ours: Load; neighbour: Load; nothing: Load }[] = [];
      for (let round = 0; round < (fast ? 3 : 9); round += 1)
        pairs.push({
          ours: await load(shop, shop.pageUrl, "/frontdesk.js"),
          neighbour: await load(shop, neighbourUrl, "/deepChat.bundle.js"),
          nothing: await load(shop, shop.emptyPageUrl, "/nothing.js"),
        });
      const of = (which: "ours" | "neighbour" | "nothing", key: keyof Load): number => median(pairs.map((pair) => pair[which][key]));
      const press = await pressMs(shop, fast ? 3 : 9);
      return [
        {
          name: `frontdesk.js: evaluation at load, ${SLOWER}`,
          unit: "ms",
          value: of("ours", "evaluatedMs"),
          floor: of("nothing", "evaluatedMs"),
          budget: 10,
        },
        {
          name: `script at load and idle, ${SLOWER}, floor deep-chat`,
          unit: "ms",
          value: of("ours", "scriptMs"),
          floor: of("neighbour", "scriptMs"),
          budget: 0.25,
          judged: "ratio",
        },
        {
          name: `longest task with script at load and idle, ${SLOWER}, floor deep-chat`,
          unit: "ms",
          value: of("ours", "longestTaskMs"),
          floor: of("neighbour", "longestTaskMs"),
          budget: 0.25,
          judged: "ratio",
        },
        { name: "the same of a script that does nothing", unit: "ms", value: of("nothing", "scriptMs") },
        { name: "from the press to a text field with the cursor in it, warm cache", unit: "ms", value: median(press.hovered) },
        {
          name: "from the press by touch, with no sign before it, to a text field that is there",
          unit: "ms",
          value: median(press.touched),
        },
      ];
    }),
  );
}

interface Load {
  /** Compiling and running the pasted script. */
  readonly evaluatedMs: number;
  /** All script of the page, whenever it runs. */
  readonly scriptMs: number;
  readonly longestTaskMs: number;
}

async function load(shop: Shop, url: string, script: string): Promise<Load> {
  const context = await shop.visitor();
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
    const events = await traced(page, async () => {
      await page.goto(url, { waitUntil: "networkidle" });
      await idle(page);
    });
    return {
      evaluatedMs: evaluationMs(events, script),
      scriptMs: pageScriptMs(events),
      longestTaskMs: longestScriptTaskMs(events),
    };
  } finally {
    await context.close();
  }
}

/** Until the page has had nothing to do twice. */
function idle(page: Page): Promise<void> {
  return page.evaluate(() => new Promise<void>((resolve) => requestIdleCallback(() => requestIdleCallback(() => resolve()))));
}

/** A visitor's second page view: with the pointer on the way to the launcher, and by touch without a sign before. */
async function pressMs(shop: Shop, rounds: number): Promise<{ hovered: number[]; touched: number[] }> {
  const hovered: number[] = [];
  const touched: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { browser } = shop;
    hovered.push(await pressOnce(browser, shop.pageUrl, false));
    touched.push(await pressOnce(browser, shop.pageUrl, true));
  }
  return { hovered, touched };
}

async function pressOnce(browser: Browser, url: string, hasTouch: boolean): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, hasTouch });
  try {
    const page = await context.newPage();
    const launcher = page.getByRole("button", { name: "Open chat" });
    await page.goto(url);
    await launcher.hover();
    await page.waitForLoadState("networkidle");
    await page.goto(url, { waitUntil: "networkidle" });
    await idle(page);
    await page.evaluate(watchPress, hasTouch);
    if (hasTouch) await launcher.tap();
    else {
      await page.locator("h1").hover();
      await launcher.hover();
      await page.waitForTimeout(150);
      await launcher.click();
    }
    return await page.evaluate(() => (globalThis as unknown as { usable: Promise<number> }).usable);
  } finally {
    await context.close();
  }
}

/** Runs in the page: from the press until the frame in which the text field is there, and has the cursor but by touch. */
function watchPress(hasTouch: boolean): void {
  const isUsable = (): boolean => {
    const root = document.querySelector("front-desk")?.shadowRoot;
    const field = root?.querySelector("textarea");
    return hasTouch ? (field?.getBoundingClientRect().height ?? 0) > 0 : field instanceof Element && root?.activeElement === field;
  };
  const usable = new Promise<number>((resolve) => {
    addEventListener(
      "pointerdown",
      ({ timeStamp }) => {
        const look = (now: number): void => void (isUsable() ? resolve(now - timeStamp) : requestAnimationFrame(look));
        requestAnimationFrame(look);
      },
      { capture: true, once: true },
    );
  });
  Object.assign(globalThis, { usable });
}
