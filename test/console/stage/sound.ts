/** What is asked of every page: that everybody can use it, at every width. */
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Waits until the screen has its heading and all that it loads at first. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await expect.poll(() => page.locator(".skeleton, .skeleton-cards").count()).toBe(0);
}

/** axe finds nothing, with every rule for WCAG 2.2 AA, and nothing is wider than the page. */
export async function expectSound(page: Page): Promise<void> {
  expect([page.url(), await axeFaults(page)]).toEqual([page.url(), []]);
  const [whole, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth] as const);
  expect(whole, `${page.url()} is wider than its page`).toBeLessThanOrEqual(seen);
}

/** As "rule: element". A frame is a page of its own, and is asked by itself. */
async function axeFaults(page: Page): Promise<readonly string[]> {
  // By the debugger, which the page's policy does not bind.
  await page.evaluate(`globalThis.axe === undefined && (() => { ${axe.source} })()`);
  return page.evaluate(async () => {
    // What fades in has another contrast.
    const ending = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
    await Promise.all(ending.map(({ finished }) => finished.catch(() => undefined)));
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(
      { exclude: ["iframe"] },
      { resultTypes: ["violations"], iframes: false, rules: { "target-size": { enabled: true } } },
    );
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}
