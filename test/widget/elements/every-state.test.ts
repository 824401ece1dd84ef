import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPage, openShelf, showStory, storyNames, type Shelf } from "./front-desk-page.ts";

declare const axeCore: typeof axe;

let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
});
afterAll(() => shelf.close());

/** What axe has to say about the widget, one line each. */
async function complaints(page: Page, runOnly?: readonly string[]): Promise<readonly string[]> {
  return page.evaluate(async (rules) => {
    const only = rules === undefined ? {} : { runOnly: [...rules] };
    const { violations } = await axeCore.run("front-desk", { resultTypes: ["violations"], ...only });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = "" }) => `${id}: ${target.flat().join(" ")} ${failureSummary}`),
    );
  }, runOnly);
}

const SCREENS = [
  { what: "320 px", width: 320, height: 568, dir: "ltr" },
  { what: "320 px, right to left", width: 320, height: 568, dir: "rtl" },
  { what: "1280 × 800 at 200 %", width: 640, height: 400, dir: "ltr" },
  { what: "a desktop, right to left", width: 900, height: 800, dir: "rtl" },
] as const;

/** What is wider than its place, one line each. */
function overflows(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    await book.settled();
    return book.tooWide();
  });
}

describe("every state", () => {
  test("has nothing for axe to complain about, light and dark", async () => {
    const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    const { page } = await openPage(shelf, { bypassCSP: true });
    await page.evaluate(`${axeSource}; globalThis.axeCore = axe;`);
    const found: string[] = [];
    for (const name of await storyNames(page)) {
      await showStory(page, name);
      for (const theme of ["light", "dark"]) {
        await page.locator("front-desk").evaluate((element, chosen) => element.setAttribute("theme", chosen), theme);
        // The rest of what axe looks at has nothing to do with colours.
        for (const complaint of await complaints(page, theme === "dark" ? ["color-contrast"] : undefined))
          found.push(`${name}, ${theme}: ${complaint}`);
      }
    }
    expect(found).toEqual([]);
    await page.context().close();
  });

  test("runs under the strictest policy without an error, and fits into every screen without scrolling sideways", async () => {
    const { page, errors } = await openPage(shelf);
    const tooWide: string[] = [];
    for (const name of await storyNames(page)) {
      await showStory(page, name);
      for (const { what, width, height, dir } of SCREENS) {
        await page.setViewportSize({ width, height });
        await page.locator("html").evaluate((root, chosen) => root.setAttribute("dir", chosen), dir);
        for (const box of await overflows(page)) tooWide.push(`${name}, ${what}: ${box}`);
      }
    }
    expect(tooWide).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

test("the muted button can be seen under the mouse, and with the focus, light and dark", async () => {
  const { page } = await openPage(shelf);
  await showStory(page, "call muted");
  const button = page.locator("[part=mute]");
  const ratios: number[] = [];
  for (const theme of ["light", "dark"]) {
    await page.locator("front-desk").evaluate((element, chosen) => element.setAttribute("theme", chosen), theme);
    for (const reach of [() => page.mouse.move(0, 0), () => button.hover(), () => button.focus()]) {
      await reach();
      ratios.push(
        await button.evaluate((element) => {
          const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
          const luminance = (colour: string): number => {
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map(
              (value) => ((value / 255 + 0.055) / 1.055) ** 2.4,
            );
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
          };
          const { color, backgroundColor } = getComputedStyle(element);
          const [dark = 0, light = 0] = [luminance(color), luminance(backgroundColor)].toSorted((a, b) => a - b);
          return (light + 0.05) / (dark + 0.05);
        }),
      );
    }
  }
  expect(ratios.filter((ratio) => ratio < 4.5)).toEqual([]);
  await page.context().close();
});

/** Hues around the circle, at the lightnesses where black and white change places, and the ends. */
const ACCENTS = [
  "#000",
  "#fff",
  "#777",
  "#767676",
  "#ff0",
  "#0ff",
  "#f0f",
  "rebeccapurple",
  ...[30, 45, 60, 75, 90].flatMap((lightness) => [0, 60, 120, 180, 240, 300].map((hue) => `hsl(${hue} 90% ${lightness}%)`)),
];

test("any brand colour leaves text that can be read", async () => {
  const { page } = await openPage(shelf);
  const poor: string[] = [];
  await showStory(page, "closed");
  for (const accent of ACCENTS) {
    for (const theme of ["light", "dark"]) {
      const ratios = await page.evaluate(
        async ([colour, chosen]) => {
          const element = document.querySelector("front-desk")!;
          element.setAttribute("accent", colour);
          element.setAttribute("theme", chosen);
          await element.updateComplete;
          const probe = document.createElement("i");
          element.shadowRoot!.append(probe);
          const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
          const luminance = (name: string): number => {
            probe.style.setProperty("color", `var(${name})`);
            canvas.fillStyle = getComputedStyle(probe).color;
            canvas.fillRect(0, 0, 1, 1);
            const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
              const share = value / 255;
              return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
          };
          const pairs = [
            ["--fd-on-fill", "--fd-fill"],
            ...["--fd-text", "--fd-muted", "--fd-accent", "--fd-danger", "--fd-warning"].flatMap((text) => [
              [text, "--fd-surface"],
              [text, "--fd-raised"],
            ]),
          ];
          const ratios = pairs.map(([text = "", ground = ""]) => {
            const [light = 0, dark = 0] = [luminance(text), luminance(ground)].toSorted((left, right) => right - left);
            return [`${text} on ${ground}`, (light + 0.05) / (dark + 0.05)] as const;
          });
          probe.remove();
          return ratios;
        },
        [accent, theme] as const,
      );
      for (const [pair, ratio] of ratios) if (ratio < 4.5) poor.push(`${accent} ${theme}: ${pair} ${ratio.toFixed(2)}`);
    }
  }
  expect(poor).toEqual([]);
  await page.context().close();
});
