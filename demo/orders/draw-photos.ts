/**
 * Draws the photos that `product_photo` returns from the shop's pictures: `node demo/orders/draw-photos.ts`. Needs
 * Chromium (`CHROME_PATH`).
 */
import { readFile, writeFile } from "node:fs/promises";
import { chromium } from "playwright-core";
import { products, type Product } from "../products.ts";

const widthPixels = 560;
const heightPixels = 420;
const backgrounds: Record<Product["tint"], string> = {
  sage: "#dfe8e1",
  oat: "#efe6d4",
  sky: "#dbe4ec",
  blush: "#f3dfd8",
  moss: "#e3e6d3",
  clay: "#ecdccd",
};

const browser = await chromium.launch({
  executablePath: process.env["CHROME_PATH"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage({ viewport: { width: widthPixels, height: heightPixels } });
for (const product of products) {
  const drawing = await readFile(new URL(`../shop/public/pictures/${product.id}.svg`, import.meta.url), "utf8");
  await page.setContent(
    `<body style="margin:0;background:${backgrounds[product.tint]}">${drawing.replace("<svg ", `<svg width="${widthPixels}" height="${heightPixels}" `)}</body>`,
  );
  await writeFile(new URL(`photos/${product.id}.png`, import.meta.url), await page.screenshot({ type: "png" }));
}
await browser.close();
