import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openSite, type Site } from "./page-with.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
afterEach(async ({ task }) => {
  expect(await site.stage.endVisits(task)).toEqual([]);
});

const phone = { viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true };
const height = phone.viewport.height;

/** No browser here has a keyboard on its screen: in place of the visual viewport stands one that does as iOS does. */
const VIEWPORT = `globalThis.keyboard = Object.assign(new EventTarget(), { height: ${height}, offsetTop: 0, scale: 1 });
  Object.defineProperty(globalThis, "visualViewport", { value: keyboard });`;

test("the panel fills what the keyboard on the screen leaves, and the window again without it", async () => {
  const visit = await site.visit({ head: `<script>${VIEWPORT}</script>` }, phone);
  await visit.openChat.tap();
  const panel = () => visit.scope.getByRole("dialog").boundingBox();
  const becomes = (change: object, type = "resize"): Promise<unknown> =>
    visit.page.evaluate(`Object.assign(keyboard, ${JSON.stringify(change)}).dispatchEvent(new Event("${type}"))`);
  const whole = { x: 0, y: 0, width: 375, height };
  await expect.poll(panel).toEqual(whole);

  await becomes({ height: 400 });
  expect(await panel()).toEqual({ ...whole, height: 400 });
  const { y, height: tall } = (await visit.message.boundingBox())!;
  expect(y + tall).toBeLessThanOrEqual(400);
  // iOS also moves the page up behind it.
  await becomes({ offsetTop: 120 }, "scroll");
  expect(await panel()).toEqual({ ...whole, y: 120, height: 400 });
  // Who pinches wants to see a part of it larger.
  await becomes({ scale: 2, height: 200, offsetTop: 300 });
  expect(await panel()).toEqual({ ...whole, y: 120, height: 400 });
  await becomes({ scale: 1, height, offsetTop: 0 });
  expect(await panel()).toEqual(whole);
});

test("so it does on a page that is zoomed", async () => {
  const visit = await site.visit({ head: `<style>body { zoom: 1.25 }</style><script>${VIEWPORT}</script>` }, phone);
  await visit.openChat.tap();
  await visit.message.waitFor();
  await visit.page.evaluate('Object.assign(keyboard, { height: 400, offsetTop: 100 }).dispatchEvent(new Event("resize"))');
  expect(await visit.scope.getByRole("dialog").boundingBox()).toEqual({ x: 0, y: 100, width: 375, height: 400 });
});
