import type { BenchOptions, Figure } from "../figure.ts";
import { median } from "../samples.ts";
import { inShop, type Shop } from "./shop-page.ts";
import { longestTaskMs, scriptMs, traced } from "./trace.ts";

const SLOWDOWN = 4;

/**
 * What the pasted script costs a page before anybody presses its button, on a processor that is four times slower. The
 * floor is a script that does nothing.
 */
export async function benchEmbed({ fast }: BenchOptions): Promise<readonly Figure[]> {
  return inShop(async (shop) => {
    const ours: Load[] = [];
    const floor: Load[] = [];
    for (let round = 0; round < (fast ? 3 : 9); round += 1) {
      ours.push(await load(shop, shop.pageUrl, "/frontdesk.js"));
      floor.push(await load(shop, shop.emptyPageUrl, "/nothing.js"));
    }
    const both = (key: keyof Load): Pick<Figure, "value" | "floor"> => ({
      value: median(ours.map((one) => one[key])),
      floor: median(floor.map((one) => one[key])),
    });
    return [
      { name: "frontdesk.js: evaluation at load, processor 4 times slower", unit: "ms", ...both("evaluatedMs"), budget: 10 },
      { name: "frontdesk.js: when the page is idle, processor 4 times slower", unit: "ms", ...both("calledMs") },
      { name: "frontdesk.js: longest task at load, processor 4 times slower", unit: "ms", ...both("longestTaskMs") },
    ];
  });
}

interface Load {
  /** Compiling and running it. */
  readonly evaluatedMs: number;
  /** What of it runs after that: it has the browser fetch the panel. */
  readonly calledMs: number;
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
    });
    return {
      evaluatedMs: scriptMs(events, script, "evaluated"),
      calledMs: scriptMs(events, script, "called"),
      longestTaskMs: longestTaskMs(events),
    };
  } finally {
    await context.close();
  }
}
