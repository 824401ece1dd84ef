/** Three published servers whose tools have views, in the thread of the demo shop. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startApp } from "../../support/mcp-apps.ts";
import type { RunningServer } from "../../support/mcp-everything.ts";
import { insideOf, keepPicture, openViewStage, viewIn, type ViewStage } from "./view-stage.ts";
import type { Visit } from "../visit.ts";

/** The budget's sum, once the result is there. */
const ALLOCATED = /\$[1-9][\d,.]*K? \/ \$[1-9]/;

let stage: ViewStage;
let servers: readonly RunningServer[] = [];
beforeAll(async () => {
  servers = await Promise.all([startApp("basic-vanillajs"), startApp("budget-allocator"), startApp("debug")]);
  const [clock, budget, debug] = servers;
  stage = await openViewStage({
    servers: {
      clock: { name: "Clock", url: clock!.url },
      budget: { name: "Budget", url: budget!.url },
      debug: { name: "Debug", url: debug!.url },
    },
  });
});
afterEach(async ({ task }) => {
  expect(await stage.endVisits(task)).toEqual([]);
});
afterAll(async () => {
  await stage?.close();
  await Promise.all(servers.map((server) => server.stop()));
});

async function ask(question: string, options: Parameters<ViewStage["visit"]>[1] = {}): Promise<Visit> {
  const visit = await stage.visit("/", options);
  await visit.openPanel();
  await visit.ask(question);
  await visit.answered("Here it is.");
  return visit;
}

test("the clock shows the result, calls its own server, has a message sent and a page opened, each once agreed to", async () => {
  const visit = await ask("use get-time {}");
  const inside = insideOf(visit);
  const time = inside.locator("#server-time");
  await expect.poll(() => time.innerText()).toMatch(/\d{4}-\d\d-\d\dT/);
  const first = await time.innerText();
  await inside.getByRole("button", { name: /get server time/i }).click();
  await expect.poll(() => time.innerText()).not.toBe(first);
  await keepPicture(visit.page, "clock");

  await inside.getByRole("button", { name: /send message/i }).click();
  const card = viewIn(visit).getByRole("alertdialog");
  await card.waitFor();
  await keepPicture(visit.page, "message");
  const text = await card.locator(".said").innerText();
  expect(await visit.said()).not.toContain(text);
  await card.getByRole("button", { name: "Send" }).click();
  await expect.poll(() => visit.said()).toContain(text);

  await inside.getByRole("button", { name: /open link/i }).click();
  await card.waitFor();
  await keepPicture(visit.page, "link");
  const link = card.getByRole("link", { name: "Open" });
  expect(await link.getAttribute("href")).toBe(await card.locator(".address").innerText());
  await card.getByRole("button", { name: "No" }).click();
  await card.waitFor({ state: "detached" });
});

test("the budget comes back after a reload, with its real input and result, in light, dark, small and from right to left", async () => {
  const visit = await ask("use get-budget-data {}");
  const total = insideOf(visit).getByText(ALLOCATED);
  await total.waitFor();
  await keepPicture(visit.page, "budget");
  await visit.page.reload();
  await insideOf(visit).getByText(ALLOCATED).waitFor();
  expect(await visit.log.locator("front-desk-view").count()).toBe(1);

  const dark = await ask("use get-budget-data {}", { colorScheme: "dark" });
  await insideOf(dark).getByText(ALLOCATED).waitFor();
  await keepPicture(dark.page, "budget-dark");
  const small = await ask("use get-budget-data {}", { viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true });
  await insideOf(small).getByText(ALLOCATED).waitFor();
  await keepPicture(small.page, "budget-375");
  const rtl = await ask("use get-budget-data {}", {
    prepare: (context) =>
      context.addInitScript(() =>
        new MutationObserver(() => (document.documentElement.dir = "rtl")).observe(document, { childList: true }),
      ),
  });
  await insideOf(rtl).getByText(ALLOCATED).waitFor();
  await keepPicture(rtl.page, "budget-rtl");
});

test("the one that tries everything calls its app-only tools, and stays as high as it may be", async () => {
  const visit = await ask('use debug-tool {"includeMeta":true}');
  await insideOf(visit).getByText("Frontdesk v1").first().waitFor();
  await keepPicture(visit.page, "debug");
  const frame = viewIn(visit).locator("iframe");
  await expect.poll(async () => (await frame.boundingBox())?.height).toBeGreaterThan(300);
  expect((await frame.boundingBox())!.height).toBeLessThanOrEqual(600);
});
