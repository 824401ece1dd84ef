import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { VisitOptions } from "../story/stage.ts";
import type { Visit } from "../story/visit.ts";
import { openSite, type PageParts, type Site } from "./page-with.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
afterEach(async ({ task }) => {
  expect(await site.stage.endVisits(task)).toEqual([]);
});

const TALL = '<div style="height: 4000px; background: linear-gradient(white, teal)">A page</div>';
const LENIS: PageParts = { peers: ["lenis/dist/lenis.min.js"], body: TALL, script: "new Lenis({ autoRaf: true })" };
const FULL_PAGE: PageParts = {
  peers: ["fullpage.js/dist/fullpage.min.css", "fullpage.js/dist/fullpage.min.js"],
  body: '<div id="sections"><div class="section">One</div><div class="section">Two</div></div>',
  script: 'new fullpage("#sections", { scrollingSpeed: 0, licenseKey: "gplv3-license", credits: { enabled: false } })',
};
/** What the page hears and, like those packages, prevents. */
const PREVENTS: PageParts = {
  body: TALL,
  script: `globalThis.went = 0;
    for (const type of ["wheel", "touchmove"])
      window.addEventListener(type, (event) => { went += 1; event.preventDefault(); }, { passive: false });`,
};

const scrolled = (visit: Visit): Promise<number> => visit.log.evaluate((log) => log.scrollTop);
const pageScrolled = (visit: Visit): Promise<number> => visit.page.evaluate(() => Math.round(scrollY));

/** A thread that is longer than its window, read to its end. */
async function withLongThread(parts: PageParts, options?: VisitOptions): Promise<Visit> {
  const visit = await site.visit(parts, options);
  await visit.openPanel();
  await visit.ask("Write a long answer about glazes");
  await visit.answered("the script thanks you.");
  await visit.settled();
  await expect.poll(() => visit.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 2)).toBe(true);
  return visit;
}

test.each([
  ["Lenis", LENIS],
  ["fullPage", FULL_PAGE],
  ["a page that prevents every wheel", PREVENTS],
])("the wheel over the thread scrolls it, and the page stays: %s", async (_, parts) => {
  const visit = await withLongThread(parts);
  const section = () => visit.page.evaluate("document.querySelector('.section.active')?.textContent");
  const before = await scrolled(visit);
  const first = await section();
  await visit.log.hover();
  await visit.page.mouse.wheel(0, -300);
  await expect.poll(() => scrolled(visit)).toBeLessThan(before - 200);
  await visit.page.mouse.wheel(0, 600);
  await expect.poll(async () => Math.abs((await scrolled(visit)) - before) < 2).toBe(true);
  // At its end, and over what cannot scroll.
  await visit.page.mouse.wheel(0, 600);
  await visit.message.hover();
  await visit.page.mouse.wheel(0, 600);
  await visit.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  expect(await pageScrolled(visit)).toBe(0);
  expect(await section()).toBe(first);
  if (parts === PREVENTS) expect(await visit.page.evaluate("went")).toBe(0);
});

test("the wheel beside the chat and over its launcher is the page's as before", async () => {
  const visit = await withLongThread(LENIS);
  await visit.closeChat.hover();
  await visit.page.mouse.wheel(0, 300);
  await expect.poll(() => pageScrolled(visit)).toBeGreaterThan(200);
  await visit.page.mouse.move(100, 300);
  await visit.page.mouse.wheel(0, -300);
  await expect.poll(() => pageScrolled(visit)).toBeLessThan(20);
});

test("a finger on the thread scrolls it, and the page stays", async () => {
  const visit = await withLongThread(PREVENTS, { viewport: { width: 900, height: 700 }, hasTouch: true });
  const before = await scrolled(visit);
  const box = (await visit.log.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + 60];
  const session = await visit.context.newCDPSession(visit.page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", dy = 0): Promise<unknown> =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y: y + dy }] });
  await touch("touchStart");
  for (let dy = 20; dy <= 200; dy += 20) await touch("touchMove", dy);
  await touch("touchEnd");
  await expect.poll(() => scrolled(visit)).toBeLessThan(before - 100);
  expect(await visit.page.evaluate("went")).toBe(0);
  expect(await pageScrolled(visit)).toBe(0);
});
