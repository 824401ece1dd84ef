import type { Page } from "playwright-core";

const FOLDER = process.env["PICTURES"];

/** For whoever looks: with the variable PICTURES, the whole page as a file of that folder. */
export async function picture(page: Page, name: string): Promise<void> {
  if (FOLDER !== undefined) await page.screenshot({ path: `${FOLDER}/${name}.png`, fullPage: true });
}
