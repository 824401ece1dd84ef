/** What every engine has to do, one after another: each browser is started once. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { openBook } from "../story-book/open-book.ts";
import { type Engine, ENGINES, type Tab } from "./engine.ts";
import { everyState } from "./every-state.ts";
import { whyNotInstalled } from "./installed-engines.ts";
import { mainJob } from "./main-job.ts";
import { markdownDrawing, serveMarkdown } from "./markdown-drawing.ts";
import { pressing } from "./pressing.ts";
import { openShop, type Shop } from "./shop.ts";
import { startEngine } from "./start-engine.ts";
import { viewShown } from "./view-shown.ts";

let shop: Shop;
let book: Awaited<ReturnType<typeof openBook>>;
let markdown: Awaited<ReturnType<typeof serveMarkdown>>;
beforeAll(async () => {
  [shop, book, markdown] = await Promise.all([openShop(), openBook(), serveMarkdown()]);
});
afterAll(async () => {
  book?.close();
  markdown?.close();
  await shop?.close();
});

const CASES = ENGINES.map((name) => ({ name, missing: whyNotInstalled(name) }));

describe.for(CASES.filter(({ missing }) => missing === undefined))("in $name", ({ name }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(name);
  });
  afterAll(() => engine?.close());

  describe("a person", () => pressing(() => engine));

  describe("the main job", () => mainJob(() => ({ engine, shop })));

  describe("the view of a tool", () => viewShown(() => engine));

  describe("Markdown", () => {
    let page: Tab;
    beforeAll(async () => {
      page = await (await engine.newCustomer()).open(markdown.url);
    });
    markdownDrawing(() => page);
  });

  // In Chromium, the widget's own tests look at every state.
  describe.skipIf(name === "chromium")("the widget", () => everyState(() => ({ engine, book: book.address })));
});

describe.for(CASES.filter(({ missing }) => missing !== undefined))("in $name", ({ missing }) => {
  test.skip(`all that it has to do. ${missing}`, () => undefined);
});
