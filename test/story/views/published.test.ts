/** Three published servers whose tools have views, in the thread of the demo shop. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { axeFaults } from "../../console/stage/sound.ts";
import { startApp } from "../../support/mcp-apps.ts";
import type { RunningServer } from "../../support/mcp-everything.ts";
import { insideOf, keepPicture, openViewStage, viewIn, type ViewStage } from "./view-stage.ts";
import type { Visit } from "../visit.ts";

/** The budget's sum, once the result is there. */
const ALLOCATED = /Allocated: .*\/ \$[1-9]/;

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
  const troubles = await stage.endVisits(task);
  expect(troubles.filter((trouble) => !trouble.includes("frame-src"))).toEqual([]);
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
  // A click so soon after the question came counts for nothing.
  await card.getByRole("button", { name: "Send" }).press("Enter");
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

test("axe finds nothing in a thread with a view, and in what a view asks", async () => {
  const visit = await stage.visit("/", { bypassCSP: true });
  await visit.openPanel();
  await visit.ask("use get-time {}");
  await visit.answered("Here it is.");
  await insideOf(visit).locator("#server-time").waitFor();
  // What is in a view is its server's.
  expect(await axeFaults(visit.page)).toEqual([]);
  await insideOf(visit)
    .getByRole("button", { name: /open link/i })
    .click();
  await viewIn(visit).getByRole("alertdialog").waitFor();
  expect(await axeFaults(visit.page)).toEqual([]);
});

test("where the page's policy names no frames, the text is shown, and the browser's console says what to add", async () => {
  const warnings: string[] = [];
  const visit = await stage.visit("/");
  visit.page.on("console", (message) => void warnings.push(message.text()));
  await visit.page.evaluate(() => {
    const policy = document.createElement("meta");
    policy.httpEquiv = "Content-Security-Policy";
    policy.content = "frame-src 'none'";
    document.head.append(policy);
  });
  await visit.openPanel();
  await visit.ask("use get-budget-data {}");
  await viewIn(visit).getByText("This website does not let the view be shown.").waitFor();
  expect(await viewIn(visit).locator("pre").innerText()).toContain("Default Budget: $100,000");
  expect(warnings.join()).toContain(`Add ${stage.sandbox} to frame-src.`);
  // The browser's own complaint about the policy is right.
  await visit.context.close();
});

test("without a second origin there is no view, and the answer is as it always was", async () => {
  const plain = await openViewStage({ servers: { clock: { name: "Clock", url: servers[0]!.url } }, hasSandbox: false });
  try {
    const visit = await plain.visit("/");
    await visit.openPanel();
    await visit.ask("use get-time {}");
    await visit.answered("Here it is.");
    await visit.sources.waitFor();
    expect(await visit.log.locator("front-desk-view").count()).toBe(0);
  } finally {
    await plain.close();
  }
});
