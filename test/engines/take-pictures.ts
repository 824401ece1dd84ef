/**
 * Takes pictures of the same states in every engine, side by side, to be looked at: `node
 * test/engines/take-pictures.ts [look] [state]`. They land in `test/.artifacts/engines/`, sheets for each look with
 * an engine to the column.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { launchBrowser } from "../support/browser.ts";
import type * as Book from "../story-book/book.ts";
import { openBook } from "../story-book/open-book.ts";
import { type Engine, ENGINES, type Tab } from "./engine.ts";
import { startEngine } from "./start-engine.ts";

declare const book: typeof Book;

const LOOKS = {
  desktop: { width: 500, height: 800, theme: "light", dir: "ltr" },
  dark: { width: 500, height: 800, theme: "dark", dir: "ltr" },
  // As narrow as WebKitGTK's browser can be, so that all three are alike.
  phone: { width: 447, height: 667, theme: "light", dir: "ltr" },
  rtl: { width: 500, height: 800, theme: "light", dir: "rtl" },
} as const;
type Look = keyof typeof LOOKS;

/** What engines draw each in their own way: text, controls, tables, code, scroll bars. */
const STATES = [
  "greeting with starters",
  "answered at length",
  "sources opened",
  "approval",
  "form of all kinds",
  "form with faults",
  "connect",
  "offline",
  "long code",
  "wide table",
];

/** States on a sheet. */
const ROWS = 2;
const folder = new URL("../.artifacts/engines/", import.meta.url);
const [, , onlyLook = "all", onlyState] = process.argv;

interface Picture {
  readonly state: string;
  readonly engine: string;
  readonly data: Buffer;
}

async function photograph(tab: Tab, engine: Engine, look: Look, address: string): Promise<readonly Picture[]> {
  const { dir, theme, ...size } = LOOKS[look];
  await tab.resize(size);
  await tab.go(`${address}?dir=${dir}`);
  const names = await tab.call(() => book.names);
  const states = names.filter((name) => (onlyState === undefined ? STATES.includes(name) : name.includes(onlyState)));
  const pictures: Picture[] = [];
  for (const state of states) {
    await tab.call(
      async (name: string, chosen: string) => {
        await book.show(name, { theme: chosen, font: "Liberation Sans" });
        await book.still();
      },
      state,
      theme,
    );
    pictures.push({ state, engine: engine.name, data: await tab.picture() });
  }
  return pictures;
}

/** Sheets of a look: a row for each state, a column for each engine. */
async function drawSheets(look: Look, columns: readonly (readonly Picture[])[]): Promise<void> {
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.setViewportSize({ width: columns.length * (LOOKS[look].width + 12) + 12, height: 100 });
  const rows = (columns[0] ?? []).map((_, row) =>
    columns
      .flatMap((column) => column[row] ?? [])
      .map(figureOf)
      .join(""),
  );
  for (let first = 0; first < rows.length; first += ROWS) {
    const style = `body{margin:12px;display:grid;grid-template-columns:repeat(${columns.length},auto);gap:12px;background:#888;font:14px sans-serif}figure{margin:0}img{display:block}`;
    await page.setContent(`<style>${style}</style>${rows.slice(first, first + ROWS).join("")}`);
    await writeFile(new URL(`${look}-${first / ROWS + 1}.png`, folder), await page.screenshot({ fullPage: true }));
  }
  await browser.close();
}

function figureOf({ state, engine, data }: Picture): string {
  return `<figure><figcaption>${state}, ${engine}</figcaption><img src="data:image/png;base64,${data.toString("base64")}"></figure>`;
}

await mkdir(folder, { recursive: true });
const opened = await openBook();
const engines: Engine[] = [];
try {
  const tabs: { readonly engine: Engine; readonly tab: Tab }[] = [];
  for (const name of ENGINES) {
    const engine = await startEngine(name);
    engines.push(engine);
    tabs.push({ engine, tab: await (await engine.newCustomer()).open(opened.address) });
  }
  for (const look of Object.keys(LOOKS) as Look[]) {
    if (onlyLook !== "all" && onlyLook !== look) continue;
    const columns: (readonly Picture[])[] = [];
    for (const { engine, tab } of tabs) columns.push(await photograph(tab, engine, look, opened.address));
    await drawSheets(look, columns);
  }
} finally {
  await Promise.all(engines.map((engine) => engine.close()));
  opened.close();
}
