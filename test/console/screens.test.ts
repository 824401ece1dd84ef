/**
 * Every screen, at three widths, light and dark, with nothing, a few things and many of them: everybody can use it, nothing
 * is too wide, nothing lies over anything, nothing moves by itself. `PICTURES=<folder>` keeps a picture of each.
 */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { SCREENS } from "../../console/shell/screens.ts";
import { overlaps, quiet, shiftsOf, watchShifts } from "./stage/geometry.ts";
import { PLACES, type State, startIn } from "./stage/places.ts";
import { axeFaults, faded, settled, tooWide } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

const WIDTHS = [1440, 1024, 390] as const;
const SCHEMES = ["light", "dark"] as const;
type Scheme = (typeof SCHEMES)[number];

/** axe takes half a second a page: it looks at two of the six looks, which differ in both. */
const IS_ASKED: Readonly<Record<string, boolean>> = { "1440 light": true, "390 dark": true };

const pictures = process.env["PICTURES"];
const locale = process.env["PICTURES_LOCALE"] ?? "en-GB";

test("every screen has addresses at which it is looked at", () => {
  expect(Object.keys(PLACES).toSorted()).toEqual(SCREENS.map(({ path }) => path).toSorted());
});

// One desk for all widths: to fill one with twenty thousand of everything takes longer than to look at it.
test.each(["empty", "few", "many"] as const)(
  "each screen with %s can be used by everybody at every width, and nothing moves",
  async (state) => {
    const { desk, ids } = await startIn(state);
    const found: string[] = [];
    for (const width of WIDTHS) {
      const page = await openConsole(desk, "/account", { locale, width });
      await watchShifts(page);
      const isQuiet = quiet(page);
      for (const address of Object.values(PLACES).flatMap((at) => at(ids))) {
        await page.emulateMedia({ colorScheme: "light" });
        await page.goto(`${desk.url}/console${address}`);
        await settled(page);
        await isQuiet();
        found.push(...(await shiftsOf(page)).map((shift) => `${address} at ${width}: ${shift}`));
        for (const scheme of SCHEMES) found.push(...(await lookAt(page, { address, width, scheme, state })));
      }
    }
    expect(found.join("\n")).toBe("");
  },
  900_000,
);

interface Looked {
  readonly address: string;
  readonly width: number;
  readonly scheme: Scheme;
  readonly state: State;
}

async function lookAt(page: Page, { address, width, scheme, state }: Looked): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme: scheme });
  // The colours of the other theme fade out.
  await faded(page);
  const name = [state, width, scheme, address.replaceAll(/\W+/g, "-")].join("-");
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, animations: "disabled" });
  const faults = [
    ...(await tooWide(page)),
    ...(await overlaps(page)),
    ...(IS_ASKED[`${width} ${scheme}`] === true ? await axeFaults(page) : []),
  ];
  return faults.map((fault) => `${address} at ${width}, ${scheme}: ${fault}`);
}
