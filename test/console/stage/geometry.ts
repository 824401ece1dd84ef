/** How a page moves while it loads, and what lies over what. */
import type { Locator, Page, Request } from "playwright-core";
import { expect } from "vitest";

declare global {
  var shifts: string[];
}

/** Before the page's first address: what moves by itself on each page is written down. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.shifts = [];
    const name = (node: Node | null): string =>
      node instanceof Element ? `${node.localName}.${node.className} "${node.textContent.trim().slice(0, 40)}"` : String(node?.nodeName);
    const place = ({ x, y, width, height }: DOMRectReadOnly): string => [x, y, width, height].map(Math.round).join(" ");
    interface Shift extends PerformanceEntry {
      readonly value: number;
      readonly hadRecentInput: boolean;
      readonly sources: readonly {
        readonly node: Node | null;
        readonly previousRect: DOMRectReadOnly;
        readonly currentRect: DOMRectReadOnly;
      }[];
    }
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries() as Shift[])
        if (!shift.hadRecentInput)
          for (const { node, previousRect, currentRect } of shift.sources)
            globalThis.shifts.push(`${name(node)} moved from ${place(previousRect)} to ${place(currentRect)}`);
    }).observe({ type: "layout-shift", buffered: true });
  });
}

export function shiftsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => globalThis.shifts);
}

/**
 * Waits until nothing is asked any more, and what came is drawn. Lines that stay open are no requests, also where they
 * poll; nor is what a page before had asked.
 */
export function quiet(page: Page): () => Promise<void> {
  const open = new Set<Request>();
  page.on("request", (request) => request.url().includes("transport=polling") || open.add(request));
  page.on("requestfinished", (request) => open.delete(request));
  page.on("requestfailed", (request) => open.delete(request));
  page.on("framenavigated", (frame) => frame === page.mainFrame() && open.clear());
  const drawn = () => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  return async () => {
    do {
      await expect.poll(() => [...open].map((request) => request.url())).toEqual([]);
      await drawn();
    } while (open.size > 0);
  };
}

/** What can be pressed and lies over something else that can be pressed, as people see it: what is clipped away does not count. */
export function overlaps(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const seen = (element: Element): DOMRect[] => {
      let [left, top, right, bottom] = [0, -Infinity, innerWidth, Infinity];
      for (let at = element.parentElement; at !== null && at !== document.body; at = at.parentElement) {
        if (getComputedStyle(at).overflow === "visible") continue;
        const box = at.getBoundingClientRect();
        [left, top, right, bottom] = [
          Math.max(left, box.left),
          Math.max(top, box.top),
          Math.min(right, box.right),
          Math.min(bottom, box.bottom),
        ];
      }
      return [...element.getClientRects()].flatMap((box) => {
        const [x, y] = [Math.max(box.left, left), Math.max(box.top, top)];
        const [width, height] = [Math.min(box.right, right) - x, Math.min(box.bottom, bottom) - y];
        return width > 1 && height > 1 ? [new DOMRect(x, y, width, height)] : [];
      });
    };
    const kinds = "a[href], button, input, select, textarea, summary, [role=button], [role=tab], [role=switch]";
    const pressable = [...document.querySelectorAll(["main", "header", "nav"].map((room) => `:is(${room}) :is(${kinds})`).join(", "))]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .map((element) => ({ element, boxes: seen(element) }));
    const name = (element: Element): string =>
      `${element.localName} "${element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 40)}"`;
    const isOver = (one: DOMRect, other: DOMRect): boolean =>
      Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
      Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
    return pressable.flatMap(({ element, boxes }, at) =>
      pressable
        .slice(at + 1)
        .filter(({ element: other }) => !element.contains(other) && !other.contains(element))
        .filter(({ boxes: others }) => boxes.some((one) => others.some((other) => isOver(one, other))))
        .map(({ element: other }) => `${name(element)} lies over ${name(other)}`),
    );
  });
}

/** Whether its middle is in the window, with nothing over it. */
export async function isSeen(thing: Locator): Promise<boolean> {
  return thing.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    return there !== null && element.contains(there);
  });
}
