/**
 * Takes a picture of every story in every look, to be looked at: `node test/story-book/take-pictures.ts [look]
 * [story]`. They land in `test/.artifacts/story-book/`, with sheets of eight beside them.
 */
import { mkdir, writeFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import type * as Book from "./book.ts";
import { openBook } from "./open-book.ts";

declare const book: typeof Book;

const LOOKS = {
  desktop: { width: 500, height: 800, theme: "light", dir: "ltr" },
  dark: { width: 500, height: 800, theme: "dark", dir: "ltr" },
  phone: { width: 375, height: 667, theme: "light", dir: "ltr" },
  rtl: { width: 500, height: 800, theme: "light", dir: "rtl" },
  narrow: { width: 320, height: 568, theme: "light", dir: "ltr" },
} as const;
const PER_SHEET = 8;
const folder = new URL("../.artifacts/story-book/", import.meta.url);
const [, , onlyLook, onlyStory] = process.argv;

async function takePictures(browser: Browser, page: Page, look: keyof typeof LOOKS, address: string): Promise<void> {
  const { width, height, theme, dir } = LOOKS[look];
  await page.setViewportSize({ width, height });
  await page.goto(`${address}?dir=${dir}`);
  const names = (await page.evaluate(() => book.names)).filter((name) => onlyStory === undefined || name.includes(onlyStory));
  const pictures: { readonly name: string; readonly picture: Buffer }[] = [];
  for (const name of names) {
    await page.evaluate(([story, chosen]) => book.show(story, { theme: chosen, font: "Liberation Sans" }), [name, theme] as const);
    await page.evaluate(() => book.still());
    const picture = await page.screenshot();
    await writeFile(new URL(`${look}-${name.replaceAll(" ", "-")}.png`, folder), picture);
    pictures.push({ name, picture });
  }
  const sheet = await browser.newPage();
  await sheet.setViewportSize({ width: 4 * (width + 12) + 12, height: 2 * (height + 40) });
  for (let first = 0; first < pictures.length; first += PER_SHEET) {
    const figures = pictures
      .slice(first, first + PER_SHEET)
      .map(
        ({ name, picture }) =>
          `<figure><figcaption>${name}</figcaption><img src="data:image/png;base64,${picture.toString("base64")}"></figure>`,
      );
    await sheet.setContent(
      `<style>body{margin:12px;display:flex;flex-wrap:wrap;gap:12px;background:#888;font:14px sans-serif}figure{margin:0}img{display:block}</style>${figures.join("")}`,
    );
    await sheet.screenshot({ path: new URL(`sheet-${look}-${first / PER_SHEET + 1}.png`, folder).pathname, fullPage: true });
  }
  await sheet.close();
}

await mkdir(folder, { recursive: true });
const opened = await openBook();
const browser = await launchBrowser();
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(error.message));
  page.on("console", (message) => message.type() === "error" && console.error(message.text()));
  for (const look of Object.keys(LOOKS) as (keyof typeof LOOKS)[])
    if (onlyLook === undefined || onlyLook === "all" || onlyLook === look) await takePictures(browser, page, look, opened.address);
} finally {
  await browser.close();
  opened.close();
}
