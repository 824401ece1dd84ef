/**
 * Pictures of the demo as a customer sees it, for the README and for the eyes of whoever changes the look. As a program
 * it writes them all to `test/.artifacts/story-pictures`; with `UPDATE_SCREENSHOT=1` the first one to
 * `docs/screenshot.png` as well.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { callWords } from "../../widget/words/call-words.ts";
import { german } from "../../widget/words/german/words.ts";
import { openStage, type Stage, type VisitOptions } from "./stage.ts";
import type { Visit } from "./visit.ts";

/** The README's picture, and where it is. */
export const README_PICTURE = "desktop";
export const README_PICTURE_FILE = fileURLToPath(new URL("../../docs/screenshot.png", import.meta.url));
const PICTURES_FOLDER = fileURLToPath(new URL("../.artifacts/story-pictures", import.meta.url));

const DESKTOP: VisitOptions = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 };
const PHONE: VisitOptions = { viewport: { width: 375, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** The page itself in another language, or from right to left. */
function root(attributes: Readonly<Record<string, string>>): VisitOptions {
  return {
    prepare: (context) =>
      context.addInitScript((given) => {
        new MutationObserver(() => {
          for (const [name, value] of Object.entries(given)) document.documentElement?.setAttribute(name, value);
        }).observe(document, { childList: true });
      }, attributes),
  };
}

/** An answer with its sources, and below it a refund that waits. */
async function upToCard(visit: Visit): Promise<void> {
  await visit.openPanel();
  await visit.ask("Track the parcel of order 1042");
  await visit.answered("Heron Post says");
  await visit.sources.first().waitFor();
  await visit.ask("Please refund the bowl, €34");
  await visit.card("1042").waitFor();
  await visit.settled();
}

async function inGerman(visit: Visit): Promise<void> {
  const spoken = visit.speaking(callWords(german));
  await spoken.openPanel();
  await spoken.ask("Wo ist Bestellung 1042?");
  await spoken.answered("Die Summe mit Versand");
  await spoken.ask("Erstatte Bestellung 1042");
  await spoken.approve.waitFor();
  await spoken.settled();
}

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly options: VisitOptions;
  readonly play: (visit: Visit) => Promise<void>;
}

const SHOTS: readonly Shot[] = [
  { name: README_PICTURE, path: "/orders/1042", options: DESKTOP, play: upToCard },
  { name: "desktop-dark", path: "/orders/1042", options: { ...DESKTOP, colorScheme: "dark" }, play: upToCard },
  { name: "desktop-rtl", path: "/orders/1042", options: { ...DESKTOP, ...root({ dir: "rtl" }) }, play: upToCard },
  { name: "desktop-german", path: "/", options: { ...DESKTOP, ...root({ lang: "de" }) }, play: inGerman },
  { name: "desktop-closed", path: "/", options: DESKTOP, play: (visit) => visit.openChat.waitFor() },
  {
    name: "desktop-greeting",
    path: "/",
    options: DESKTOP,
    play: async (visit) => {
      await visit.openPanel();
      await visit.log.getByRole("button", { name: "Track my parcel" }).waitFor();
    },
  },
  {
    name: "desktop-long",
    path: "/",
    options: DESKTOP,
    play: async (visit) => {
      await visit.openPanel();
      await visit.ask("Write a long answer about glazes");
      await visit.answered("the script thanks you.");
      await visit.settled();
      await visit.log.getByRole("heading", { name: "How the colours compare" }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: "desktop-details",
    path: "/orders/1042",
    options: DESKTOP,
    play: async (visit) => {
      await upToCard(visit);
      await visit.sources.first().click();
      await visit.log.getByRole("button", { name: /^Track parcel/ }).click();
      await visit.log.getByRole("group", { name: "Sent" }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: "desktop-working",
    path: "/",
    options: DESKTOP,
    play: async (visit) => {
      await visit.openPanel();
      await visit.ask("Track the parcel of order 1042");
      await visit.log.getByText("Parcel", { exact: false }).last().waitFor();
      await visit.log.getByRole("progressbar").waitFor();
    },
  },
  { name: "phone", path: "/orders/1042", options: PHONE, play: upToCard },
  {
    name: "phone-photo",
    path: "/",
    options: { ...PHONE, colorScheme: "dark" },
    play: async (visit) => {
      await visit.openPanel();
      await visit.ask("Show me a photo of the teapot");
      await visit.answered("Here it is");
      const picture = visit.log.getByRole("img");
      await picture.waitFor();
      await picture.evaluate((image: HTMLImageElement) => image.decode());
      await visit.settled();
    },
  },
  {
    name: "inline",
    path: "/inline",
    options: DESKTOP,
    play: async (visit) => {
      await visit.ask("List my orders");
      await visit.answered("These are your orders");
      await visit.settled();
    },
  },
];

/** Takes every picture; by name, as PNG. */
export async function takePictures(stage: Stage, only?: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const pictures = new Map<string, Buffer>();
  for (const { name, path, options, play } of SHOTS) {
    if (only !== undefined && !only.includes(name)) continue;
    const visit = await stage.visit(path, options);
    await play(visit);
    await visit.page.evaluate(() => document.fonts.ready);
    pictures.set(name, await visit.page.screenshot());
    await stage.endVisits();
  }
  return pictures;
}

/** Keeps pictures for looking at; the README's own only where that is wished for. */
export async function keepPictures(pictures: ReadonlyMap<string, Buffer>, updateReadme: boolean): Promise<void> {
  await mkdir(PICTURES_FOLDER, { recursive: true });
  for (const [name, picture] of pictures) await writeFile(join(PICTURES_FOLDER, `${name}.png`), picture);
  const readme = pictures.get(README_PICTURE);
  if (updateReadme && readme !== undefined) await writeFile(README_PICTURE_FILE, readme);
}

if (import.meta.main) {
  const stage = await openStage({ orders: "demo", trackDurationMs: 4000 });
  try {
    const only = process.argv.slice(2);
    await keepPictures(await takePictures(stage, only.length > 0 ? only : undefined), process.env["UPDATE_SCREENSHOT"] === "1");
    console.log(`The pictures are in ${PICTURES_FOLDER}.`);
  } finally {
    await stage.close();
  }
}
