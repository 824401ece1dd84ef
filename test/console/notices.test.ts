/** What a member of the staff is told in their browser while calls wait. */
import { expect, test } from "vitest";
import { writeConversations } from "../support/many-conversations.ts";
import { restart, startDesk } from "./stage/desk.ts";
import { makePots, startModel, startOrders } from "./stage/peers.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole, withoutAsking } from "./stage/tab.ts";

/** Stands for the browser's own, which shows its notices outside of the page. */
function keepNotices(): void {
  const shown: string[] = [];
  class Notice extends EventTarget {
    static readonly permission = "granted";
    static requestPermission(): Promise<string> {
      return Promise.resolve("granted");
    }
    constructor(title: string) {
      super();
      shown.push(title);
    }
  }
  Object.assign(globalThis, { Notification: Notice, shown });
  Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
}

test("a call that waits for the team is counted in the tab and told once, and only where that is wanted", async () => {
  const desk = await startDesk();
  const baseUrl = await startModel();
  await makePots(desk, { model: { provider: "openai-compatible", model: "scripted", baseUrl } });
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
  const permissions = { "*": "always_allow", refund_order: { permission: "needs_approval", approver: "staff" } };
  await desk.admin.api("POST", "/assistants/pots/connectors", { server: "orders", permissions });

  const told = await openConsole(desk, "/account");
  await told.addInitScript(keepNotices);
  await told.evaluate(() => localStorage.setItem("frontdesk.console.notices", "on"));
  await told.reload();
  const other = await openConsole(desk, "/account");
  await other.addInitScript(keepNotices);
  await other.reload();
  for (const page of [told, other]) await expect.poll(() => page.title()).toBe("Frontdesk");

  const shop = await openConsole(desk, "/first-run?step=try");
  const box = shop.frameLocator("iframe").getByRole("textbox");
  await box.fill("Refund order 1042");
  await box.press("Enter");
  for (const page of [told, other]) await expect.poll(() => page.title()).toBe("(1) Frontdesk");
  const shown = (page: typeof told) => page.evaluate(() => (globalThis as unknown as { shown: readonly string[] }).shown);
  expect(await shown(told)).toEqual(["A call waits for approval"]);
  expect(await shown(other)).toEqual([]);
  expect(await told.locator('link[rel="icon"]').getAttribute("href")).toContain("%3E1%3C%2Ftext");

  // What waited before is counted, and no news.
  await told.reload();
  await expect.poll(() => told.title()).toBe("(1) Frontdesk");
  expect(await shown(told)).toEqual([]);
});

test("a sound that the browser blocks is said to be, until a press lets it through", async () => {
  const desk = await startDesk();
  const page = await openConsole(desk, "/account");
  const section = page.getByRole("region", { name: "Notifications in this browser" });
  await section.getByRole("switch", { name: "Play a sound" }).check();
  await expectSound(page);
  await page.reload();
  await page.getByText("The browser plays no sound until you press something").waitFor();
  await page.keyboard.press("Shift");
  await page.getByRole("heading", { name: "My account" }).click();
  await page.getByText("The browser plays no sound until you press something").waitFor({ state: "detached" });
});

test("the service worker is ours, of its own policy, and may be named to the browser", async () => {
  const desk = await startDesk();
  // A test's browser is one that forgets, which has no push service.
  const page = await openConsole(desk, "/account", { mayComplain: /Push API in incognito mode/ });
  const answer = await fetch(`${desk.url}/console/service-worker.js`);
  expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([
    200,
    "text/javascript; charset=utf-8",
    "no-cache",
  ]);
  expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'");
  await page.context().grantPermissions(["notifications"]);
  const section = page.getByRole("region", { name: "Notifications in this browser" });
  await section.getByRole("switch", { name: "Notify me in this browser" }).check();
  const scope = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration("/console/"))?.active?.scriptURL);
  await expect.poll(scope).toBe(`${desk.url}/console/service-worker.js`);
});

test("a customer who waits for a person is counted, also from before, and not once somebody has come while the page was away", async () => {
  const first = await startDesk();
  await makePots(first, { model: { provider: "openai-compatible", model: "scripted", baseUrl: await startModel() } });
  // One of them waits for a person, and one for the team's approval.
  const desk = await restart(first, (settings) => writeConversations(settings, 3, Date.now()));
  const { items } = await desk.admin.api<{ items: { id: string }[] }>("GET", "/conversations?view=person");
  expect(items.length).toBe(1);
  const { items: approvals } = await desk.admin.api<{ items: unknown[] }>("GET", "/approvals?approver=staff");
  const page = await openConsole(desk, "/account", { mayComplain: /ERR_INTERNET_DISCONNECTED/ });
  await withoutAsking(page);
  const title = (count: number) => (count === 0 ? "Frontdesk" : `(${count}) Frontdesk`);
  await expect.poll(() => page.title()).toBe(title(approvals.length + 1));
  const inbox = page.getByRole("link", { name: "Inbox", exact: true });
  await expect.poll(() => inbox.getAttribute("aria-description")).toBe("1 waits");
  await page.getByText("Live", { exact: true }).waitFor();
  await page.context().setOffline(true);
  await page.getByText("Offline", { exact: true }).waitFor();
  await desk.admin.api("POST", `/conversations/${items[0]!.id}/join`, {});
  await page.context().setOffline(false);
  await expect.poll(() => page.title()).toBe(title(approvals.length));
  expect(await inbox.getAttribute("aria-description")).toBeNull();
});
