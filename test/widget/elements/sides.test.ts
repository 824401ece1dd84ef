import { afterAll, beforeAll, expect, test } from "vitest";
import { shownSides, SIDES, sidesOf } from "../../story-book/sides-shown.ts";
import { openPage, openShelf, type Shelf } from "./front-desk-page.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
});
afterAll(() => shelf.close());

test.each(SIDES)("$written on a page that reads $page: every block stands where its language begins, cells as told", async (given) => {
  const { page } = await openPage(shelf);
  expect(await page.evaluate(`(${String(shownSides)})(${JSON.stringify(given.words)}, "${given.page}")`)).toEqual(sidesOf(given));
  await page.context().close();
});
