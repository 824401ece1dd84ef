import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPage, openShelf, showStory, type Shelf } from "./front-desk-page.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
});
afterAll(() => shelf.close());

async function withForm(run: (page: Page) => Promise<void>, options: Parameters<typeof openPage>[1] = {}): Promise<void> {
  const { page, errors } = await openPage(shelf, options);
  try {
    await showStory(page, "form of all kinds");
    await run(page);
    expect(errors).toEqual([]);
  } finally {
    await page.context().close();
  }
}

const styleOf = (field: Locator, name: string): Promise<string> =>
  field.evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), name);

test("ticks and radio buttons are drawn by us, not by the browser, in the menu too", async () => {
  await withForm(async (page) => {
    const fields = await page.locator("input:is([type=checkbox], [type=radio])").all();
    expect(fields.length).toBe(7);
    for (const field of fields) expect([await styleOf(field, "appearance"), await styleOf(field, "width")]).toEqual(["none", "18px"]);
    await page.getByRole("button", { name: "Menu" }).click();
    expect(await styleOf(page.getByRole("radio", { name: "Dark" }), "appearance")).toBe("none");
  });
});

test.each([
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["forced colours", { forcedColors: "active" }],
  ["forced colours, dark", { forcedColors: "active", colorScheme: "dark" }],
] as const)("what is chosen differs from what is not, in its shape: %s", async (_, options) => {
  await withForm(async (page) => {
    for (const [on, off] of [
      [page.getByRole("checkbox", { name: "Shade" }), page.getByRole("checkbox", { name: "Bulb" })],
      [page.getByRole("radio", { name: "No answer" }), page.getByRole("radio", { name: "Small" })],
    ] as const) {
      expect([await on.isChecked(), await off.isChecked()]).toEqual([true, false]);
      expect(await drawnShare(page, on)).toBeGreaterThan((await drawnShare(page, off)) + 0.05);
    }
  }, options);
});

/** How much of a picture is drawn on: the share that differs clearly from its first corner. */
async function drawnShare(page: Page, place: Locator): Promise<number> {
  const bytes = [...(await place.screenshot())];
  return page.evaluate(async (picture) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(picture)]));
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const brightness = (pixel: number): number => data[pixel * 4]! * 0.3 + data[pixel * 4 + 1]! * 0.59 + data[pixel * 4 + 2]! * 0.11;
    const drawn = Array.from({ length: width * height }, (_, pixel) => Math.abs(brightness(pixel) - brightness(0)) > 60);
    return drawn.filter(Boolean).length / drawn.length;
  }, bytes);
}

test("the keyboard chooses, and shows where it is", async () => {
  await withForm(async (page) => {
    const shade = page.getByRole("checkbox", { name: "Shade" });
    await page.getByRole("combobox").focus();
    await page.keyboard.press("Tab");
    expect(await shade.evaluate((field) => field.matches(":focus-visible"))).toBe(true);
    expect(await styleOf(shade, "outline-style")).toBe("solid");
    await page.keyboard.press("Space");
    expect(await shade.isChecked()).toBe(false);
    await page.keyboard.press("Space");
    expect(await shade.isChecked()).toBe(true);
    const none = page.getByRole("radio", { name: "No answer" });
    await none.focus();
    await page.keyboard.press("ArrowUp");
    expect(await page.getByRole("radio", { name: "Large" }).isChecked()).toBe(true);
    expect(await none.isChecked()).toBe(false);
    await page.getByText("Small", { exact: true }).click();
    expect(await page.getByRole("radio", { name: "Small" }).isChecked()).toBe(true);
  });
});

test("on a page from right to left labels stand where their fields begin", async () => {
  await withForm(
    async (page) => {
      const labels = await page.locator(".field > label[for]").all();
      expect(labels.length).toBe(6);
      for (const label of labels) {
        const [text, field] = await label.evaluate((element) => {
          const range = document.createRange();
          range.selectNodeContents(element);
          const entry = (element.getRootNode() as ShadowRoot).getElementById((element as HTMLLabelElement).htmlFor)!;
          return [range.getBoundingClientRect().right, entry.getBoundingClientRect().right];
        });
        expect(Math.abs(text! - field!)).toBeLessThan(2);
      }
      await page.getByRole("button", { name: "Menu" }).click();
      const right = (place: Locator): Promise<number> =>
        place.evaluate((element) => {
          const range = document.createRange();
          range.selectNodeContents(element);
          return range.getBoundingClientRect().right;
        });
      const [legend, entry] = [await right(page.getByText("Appearance")), await right(page.getByText("Connections"))];
      expect(Math.abs(legend - entry)).toBeLessThan(2);
    },
    { dir: "rtl" },
  );
});

test("no text field is so small that a phone zooms into it", async () => {
  for (const options of [
    { viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true },
    { viewport: { width: 1024, height: 768 }, isMobile: true, hasTouch: true },
    { viewport: { width: 375, height: 667 } },
  ])
    await withForm(async (page) => {
      const sizes = async (): Promise<number[]> =>
        Promise.all(
          (await page.locator("input:not([type=checkbox], [type=radio]), select, textarea").all()).map(async (field) =>
            parseFloat(await styleOf(field, "font-size")),
          ),
        );
      expect((await sizes()).length).toBe(7);
      expect(Math.min(...(await sizes()))).toBeGreaterThanOrEqual(16);
      await showStory(page, "approval");
      await page.getByText("Reason (optional)").click();
      expect((await sizes()).length).toBe(2);
      expect(Math.min(...(await sizes()))).toBeGreaterThanOrEqual(16);
    }, options);
});
