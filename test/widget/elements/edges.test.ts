import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPage, openShelf, showStory, type Shelf } from "./front-desk-page.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
});
afterAll(() => shelf.close());

type Place = "start" | "middle" | "end";

/** Scrolls the box to a place, and says at which of its sides the ground is shaded. */
async function shadedSides(page: Page, selector: string, place: Place): Promise<string> {
  const box = await page.evaluate(
    async ([wanted, where]) => {
      const thread = document.querySelector("front-desk")!.shadowRoot!.querySelector("front-desk-thread")!.shadowRoot!;
      const element = thread.querySelector<HTMLElement>(wanted)!;
      const way = (element.scrollWidth - element.clientWidth) * { start: 0, middle: 0.5, end: 1 }[where];
      element.scrollLeft = getComputedStyle(element).direction === "rtl" ? -way : way;
      element.scrollIntoView({ block: "center" });
      await book.settled();
      const { left, bottom, width } = element.getBoundingClientRect();
      return { x: Math.round(left) + 2, y: Math.round(bottom) - 5, width: Math.round(width) - 4, height: 1 };
    },
    [selector, place] as const,
  );
  // Below the last line of text, where the ground alone is seen.
  const picture = await page.screenshot({ clip: box });
  return page.evaluate(
    async (bytes) => {
      const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: "image/png" }));
      const canvas = new OffscreenCanvas(image.width, 1).getContext("2d")!;
      canvas.drawImage(image, 0, 0);
      const at = (x: number): readonly number[] => [...canvas.getImageData(x, 0, 1, 1).data];
      const ground = at(Math.floor(image.width / 2));
      const isShaded = (x: number): boolean => at(x).some((value, index) => Math.abs(value - ground[index]!) > 12);
      return [isShaded(1) ? "left" : "", isShaded(image.width - 2) ? "right" : ""].filter(Boolean).join(" and ") || "none";
    },
    [...picture],
  );
}

const LOOKS = [
  { name: "light", theme: "light" },
  { name: "dark", theme: "dark" },
  { name: "a phone", theme: "light", viewport: { width: 375, height: 667 } },
  { name: "forced colours", theme: "light", forcedColors: "active" },
] as const;

test.each(LOOKS)("code and tables show at which side they go on: $name", async ({ name: _name, theme, ...options }) => {
  const { page } = await openPage(shelf, options);
  for (const [story, selector] of [
    ["long code", ".fd-code pre"],
    ["wide table", ".fd-table"],
  ] as const) {
    await showStory(page, story, { theme });
    expect(await shadedSides(page, selector, "start"), story).toBe("right");
    expect(await shadedSides(page, selector, "middle"), story).toBe("left and right");
    expect(await shadedSides(page, selector, "end"), story).toBe("left");
  }
  await page.context().close();
});

test("a table that reads from right to left goes on at its left; one that fits goes on nowhere", async () => {
  const { page } = await openPage(shelf, { dir: "rtl" });
  await showStory(page, "answered");
  const show = (markdown: string): Promise<void> =>
    page.evaluate(async (text) => {
      const { threadOf, turnOf, textOf } = book.pieces;
      book.stageOf(document.querySelector("front-desk")!).state = threadOf({ turns: [turnOf(text, [textOf(text)])] });
      await book.settled();
    }, markdown);
  const cells = ["المصباح الكبير", "السعر الجديد", "الارتفاع", "اللمبة", "التوصيل السريع", "الكابل الطويل"].join(" | ");
  await show(`| ${cells} |\n|---|---|---|---|---|---|\n| ${cells} |`);
  expect(await shadedSides(page, ".fd-table", "start")).toBe("left");
  expect(await shadedSides(page, ".fd-table", "middle")).toBe("left and right");
  expect(await shadedSides(page, ".fd-table", "end")).toBe("right");
  await show("| A | B |\n|---|---|\n| 1 | 2 |");
  expect(await shadedSides(page, ".fd-table", "start")).toBe("none");
  await page.context().close();
});
