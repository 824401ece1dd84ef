/** What is asked of every page: that everybody can use it, at every width. */
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Waits until the screen has its heading and all that it loads at first. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await expect.poll(() => page.locator(".skeleton, .skeleton-cards").count()).toBe(0);
}

/** axe finds nothing, and nothing is wider than the page. */
export async function expectSound(page: Page): Promise<void> {
  const found = [...(await axeFaults(page)), ...(await tooWide(page))];
  expect(found.map((fault) => `${page.url()}: ${fault}`)).toEqual([]);
}

export async function tooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`The page is ${scrollWidth - clientWidth} pixels wider than its window.`] : [];
  });
}

/**
 * Waits until nothing fades any more: what does has another contrast. A change of style begins to fade with the next
 * frame. They are counted anew each time: `finished` of some was seen to stay open for ever.
 */
export async function faded(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(fading)).toBe(0);
}

function fading(): Promise<number> {
  const isEnding = ({ effect }: Animation): boolean => Number.isFinite(effect?.getComputedTiming().endTime);
  const count = (): number => document.getAnimations().filter(isEnding).length;
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(count()))));
}

/** What axe finds with every rule for WCAG 2.2 AA and its own good practices, as "rule: element". A frame is a page of its own. */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  await faded(page);
  // By the debugger, which the page's policy does not bind.
  await page.evaluate(`globalThis.axe === undefined && (() => { ${axe.source} })()`);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(
      { exclude: ["iframe"] },
      { resultTypes: ["violations"], iframes: false, rules: { "target-size": { enabled: true } } },
    );
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}
