/** Every state of the widget in every engine. What axe says of them is asked in `test/widget/elements`, in Chromium. */
import { expect, test } from "vitest";
import type * as Book from "../story-book/book.ts";
import { shownSides, SIDES, sidesOf } from "../story-book/sides-shown.ts";
import type { Engine } from "./engine.ts";

declare const book: typeof Book;

/** The widget reports a wrong set-up to the owner on purpose; the page's policy forbids the picture that a browser looks for. */
const EXPECTED = /^Frontdesk: |favicon/;
/** WebKitGTK's browser is never narrower than 447 px. */
const NARROW = { width: 320, height: 568 };

/** Defines the tests; the engine and the address of the book are asked for once it runs. */
export function everyState(stage: () => { readonly engine: Engine; readonly book: string }): void {
  test("every state is drawn without an error, and fits into a narrow window, left to right and right to left", async () => {
    const customer = await stage().engine.newCustomer();
    const tab = await customer.open(stage().book, NARROW);
    const faults: string[] = [];
    for (const story of await tab.call(() => book.names)) faults.push(...(await tab.call(faultsOf, story)));
    expect(faults).toEqual([]);
    expect((await customer.troubles()).filter((trouble) => !EXPECTED.test(trouble))).toEqual([]);
    await customer.close();
  });

  test("every block stands at the side where its language begins, cells where they are told to", async () => {
    const customer = await stage().engine.newCustomer();
    const tab = await customer.open(stage().book);
    for (const given of SIDES)
      expect([given.written, given.page, await tab.call(shownSides, given.words, given.page)]).toEqual([
        given.written,
        given.page,
        sidesOf(given),
      ]);
    await customer.close();
  });
}

/** Shows a story both ways; what is too wide for its place or stands on the wrong side, one line each. Runs inside the page. */
async function faultsOf(story: string): Promise<readonly string[]> {
  await book.show(story);
  await book.still();
  const faults: string[] = [];
  for (const dir of ["ltr", "rtl"]) {
    document.documentElement.dir = dir;
    await book.settled();
    const found = [...book.tooWide(), ...(dir === "rtl" ? book.misplaced() : [])];
    faults.push(...found.map((fault) => `${story}, ${dir}: ${fault}`));
  }
  return faults;
}
