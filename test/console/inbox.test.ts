/** The inbox: views, filters and words in the address, keys, two members at once, and a list that holds still. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { writeConversations } from "../support/many-conversations.ts";
import { type Desk, restart, startDesk } from "./stage/desk.ts";
import { quiet, shiftsOf, watchShifts } from "./stage/geometry.ts";
import { makePots, startModel } from "./stage/peers.ts";
import { expectSound, settled } from "./stage/sound.ts";
import { openConsole, withoutAsking } from "./stage/tab.ts";

async function startInbox(count: number): Promise<Desk> {
  const first = await startDesk();
  await makePots(first, { model: { provider: "openai-compatible", model: "scripted", baseUrl: await startModel() } });
  await makePots(first, { key: "kettles", name: "Kettles" });
  return restart(first, (settings) => writeConversations(settings, count, Date.now()));
}

const rows = (page: Page) => page.getByRole("list", { name: "Conversations" }).getByRole("listitem");
const row = (page: Page, id: string) => rows(page).filter({ hasText: id });
const links = (page: Page) => rows(page).getByRole("link");
const names = async (page: Page): Promise<readonly string[]> =>
  (await rows(page).allInnerTexts()).map((text) => /Customer r-(\d+)/.exec(text)?.[1] ?? text);
const focusedRow = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset["id"]);
const path = (page: Page) => new URL(page.url()).pathname.replace("/console", "") + new URL(page.url()).search;

test("views, filters and words narrow the list, have an address, and can be kept", async () => {
  const desk = await startInbox(40);
  const page = await openConsole(desk, "/inbox");
  await page.getByText("36 shown").waitFor();
  expect((await names(page)).slice(0, 3)).toEqual(["0000", "0001", "0002"]);
  const views = page.getByRole("navigation", { name: "Views" });
  await views.getByRole("link", { name: "Waiting for a person" }).click();
  await expect.poll(() => names(page)).toEqual(["0001", "0011", "0021", "0031"]);
  expect(path(page)).toBe("/inbox?view=person");
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByLabel("Assistant", { exact: true }).selectOption("kettles");
  await expect.poll(() => names(page)).toEqual(["0011"]);
  expect(path(page)).toBe("/inbox?view=person&assistant=kettles");

  await page.getByRole("button", { name: "Save this view" }).click();
  await page.getByLabel("Name").fill("Kettle people");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await views.getByRole("link", { name: "All" }).click();
  await page.getByText("40 shown").waitFor();
  await views.getByRole("link", { name: "Kettle people" }).click();
  await expect.poll(() => names(page)).toEqual(["0011"]);
  expect(await views.getByRole("link", { name: "Kettle people" }).getAttribute("aria-current")).toBe("page");

  await views.getByRole("link", { name: "All" }).click();
  const search = page.getByRole("searchbox");
  // Part of a word, with an accent that is not in the text.
  await search.fill("geld zuruck");
  await expect.poll(() => names(page)).toEqual(["0001", "0006", "0011", "0016", "0021", "0026", "0031", "0036"]);
  expect(await rows(page).first().locator("mark").allInnerTexts()).toEqual(["zurück", "Geld", "zurück"]);
  await search.fill("nowhere to be found");
  await page.getByRole("heading", { name: "Nothing found" }).waitFor();
  await expectSound(page);
}, 120_000);

test("the keys go through the list, open, take and reply; nothing happens while they are off", async () => {
  const desk = await startInbox(20);
  const page = await openConsole(desk, "/inbox");
  await links(page).first().waitFor();
  await page.keyboard.press("j");
  await expect.poll(() => focusedRow(page)).toBe("conversation-000000");
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => focusedRow(page)).toBe("conversation-000002");
  await page.keyboard.press("k");
  await expect.poll(() => focusedRow(page)).toBe("conversation-000001");
  await page.keyboard.press("a");
  await row(page, "r-0001").getByText("Ada").waitFor();
  await page.keyboard.press("/");
  expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).type)).toBe("search");
  await links(page).nth(1).focus();
  await page.keyboard.press("o");
  await expect.poll(() => path(page)).toBe("/inbox/conversation-000001");
  await page.goBack();
  await links(page).first().focus();
  await page.keyboard.press("r");
  // Nobody answers there yet: the cursor is where one begins to. Afterwards the address is the conversation's own.
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent?.trim())).toBe("Join");
  await expect.poll(() => path(page)).toBe("/inbox/conversation-000000");
  await page.keyboard.press("Enter");
  const reply = page.getByRole("textbox", { name: "Reply to the customer" });
  await expect.poll(() => reply.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.getByText("The conversation begins here.").click();
  await page.keyboard.press("r");
  await expect.poll(() => reply.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.goto(`${desk.url}/console/account`);
  await page.getByRole("switch", { name: "Shortcuts of a single letter" }).click();
  await page.goto(`${desk.url}/console/inbox`);
  await links(page).first().waitFor();
  await page.keyboard.press("j");
  expect(await focusedRow(page)).toBeUndefined();
  await links(page).first().focus();
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => focusedRow(page)).toBe("conversation-000001");
}, 120_000);

test("two members take at once: one has it, and the other is told who", async () => {
  const desk = await startInbox(5);
  const ben = await desk.person("Ben", ["support"]);
  const [one, other] = await Promise.all([openConsole(desk, "/inbox"), openConsole(desk, "/inbox", { who: ben })]);
  for (const page of [one, other]) await links(page).first().focus();
  // What the other sees is a moment old: the line is a second behind at most, the press is not.
  await one.keyboard.press("a");
  await one.getByText("The conversation is yours.").waitFor();
  const answer = await ben
    .api("PATCH", "/conversations/conversation-000000/inbox", { assignee: { kind: "person", id: ben.id }, was: null })
    .catch(String);
  expect(answer).toContain("409");
  expect(answer).toContain("Ada has it now.");
  await row(other, "r-0000").getByText("Ada").waitFor();
}, 120_000);

test("while the pointer is at the list nothing moves, and what changed comes when it leaves", async () => {
  const desk = await startInbox(8);
  const page = await openConsole(desk, "/inbox");
  await expect.poll(() => names(page)).toEqual(["0000", "0001", "0002", "0003", "0004", "0005", "0006"]);
  await links(page).nth(2).hover();
  await desk.admin.api("PATCH", "/conversations/conversation-000001/inbox", { snoozedUntil: Date.now() + 3_600_000 });
  await desk.admin.api("PATCH", "/conversations/conversation-000003/inbox", { priority: "urgent" });
  // What a row says may change; which rows there are, and where, may not.
  await row(page, "r-0003").getByText("Urgent").waitFor();
  await page.getByRole("button", { name: "Show 1 change" }).waitFor();
  expect(await names(page)).toEqual(["0000", "0001", "0002", "0003", "0004", "0005", "0006"]);
  await page.getByRole("heading", { name: "Inbox" }).hover();
  await expect.poll(() => names(page)).toEqual(["0000", "0002", "0003", "0004", "0005", "0006"]);
  // The keys hold it as well, until somebody asks for what changed.
  await links(page).nth(1).focus();
  await desk.admin.api("PATCH", "/conversations/conversation-000000/inbox", { snoozedUntil: Date.now() + 3_600_000 });
  await page.getByRole("button", { name: "Show 1 change" }).click();
  await expect.poll(() => names(page)).toEqual(["0002", "0003", "0004", "0005", "0006"]);
}, 120_000);

test("what the menu does: tags, priority, whom it is given to, putting off and back", async () => {
  const desk = await startInbox(3);
  const page = await openConsole(desk, "/inbox");
  await row(page, "r-0002")
    .getByRole("button", { name: /Actions/ })
    .click();
  await page.getByRole("menuitem", { name: "Tags and priority …" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Tags").fill("vip, late delivery");
  await dialog.getByLabel("Priority").selectOption("urgent");
  await dialog.getByLabel("Given to").selectOption({ label: "Ada" });
  await expectSound(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  for (const text of ["Urgent", "vip", "late delivery", "Ada"]) await row(page, "r-0002").getByText(text).waitFor();
  await row(page, "r-0002")
    .getByRole("button", { name: /Actions/ })
    .click();
  await page.getByRole("menuitem", { name: "Put off for an hour" }).click();
  await expect.poll(() => names(page)).toEqual(["0000", "0001"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await names(page)).toSorted()).toEqual(["0000", "0001", "0002"]);
}, 120_000);

test("twenty thousand rows scroll to their end, and a row with the focus keeps it", async () => {
  const desk = await startInbox(20_000);
  const page = await openConsole(desk, "/inbox");
  await links(page).first().focus();
  await page.keyboard.press("j");
  const list = page.locator("desk-inbox-list");
  const height = () => list.evaluate((element) => element.scrollHeight);
  for (let jump = 0; jump < 4; jump += 1) {
    const before = await height();
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect.poll(height).toBeGreaterThan(before);
    expect(await focusedRow(page)).toBe("conversation-000001");
  }
  expect(await rows(page).count()).toBeLessThan(60);
  await page.keyboard.press("End");
  await expect.poll(() => focusedRow(page)).not.toBe("conversation-000001");
}, 240_000);

test("an owner has no inbox, and support sees nothing that is not there", async () => {
  const desk = await startDesk();
  const [olga, sam] = [await desk.person("Olga", ["owner"]), await desk.person("Sam", ["support"])];
  const owner = await openConsole(desk, "/inbox", { who: olga });
  await owner.getByRole("heading", { name: "You may not see this" }).waitFor();
  expect(await owner.getByRole("navigation", { name: "Navigation" }).getByRole("link", { name: "Inbox" }).count()).toBe(0);
  const support = await openConsole(desk, "/inbox", { who: sam, locale: "de-DE" });
  await support.getByRole("heading", { name: "Nichts ist offen" }).waitFor();
  await settled(support);
}, 120_000);

test("what somebody did themselves is counted at once, also where nothing is told", async () => {
  const desk = await startInbox(3);
  const page = await openConsole(desk, "/account", { mayComplain: /staff-line|ERR_FAILED/ });
  await page.route("**/staff-line/**", (route) => route.abort());
  await page.routeWebSocket("**/staff-line/**", (socket) => socket.close());
  await withoutAsking(page);
  await page.goto(`${desk.url}/console/inbox`);
  const counted = (view: string) =>
    page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: view }).locator(".inbox-count").innerText();
  await links(page).first().focus();
  await expect.poll(() => counted("Open")).toMatch(/^3/);
  await page.keyboard.press("a");
  await expect.poll(() => counted("Mine")).toMatch(/^1/);
  await page.keyboard.press("e");
  await expect.poll(() => counted("Open")).toMatch(/^2/);
  await expect.poll(() => counted("Closed")).toMatch(/^1/);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => counted("Open")).toMatch(/^3/);
}, 120_000);

test("nothing in a row moves when it is read", async () => {
  const desk = await startInbox(3);
  const page = await openConsole(desk, "/account");
  await watchShifts(page);
  await page.goto(`${desk.url}/console/inbox`);
  const unread = page.locator("[data-unread]");
  await expect.poll(() => rows(page).and(unread).count()).toBe(3);
  await settled(page);
  const seen = (id: number) => desk.admin.api("POST", `/conversations/conversation-00000${id}/seen`, { seq: 99 });
  await Promise.all([0, 1, 2].map(seen));
  await expect.poll(() => unread.count()).toBe(0);
  await quiet(page)();
  expect(await shiftsOf(page)).toEqual([]);
}, 120_000);

test("what is before somebody's eyes is not unread beside it, even before the server knows", async () => {
  const desk = await startInbox(3);
  const page = await openConsole(desk, "/account");
  await page.route("**/conversation-000000/seen", () => undefined);
  await page.goto(`${desk.url}/console/inbox/conversation-000000`);
  await links(page).first().waitFor();
  expect(await page.locator("[data-current]").count()).toBe(1);
  expect(await page.locator("[data-current][data-unread]").count()).toBe(0);
}, 120_000);

test("a narrow row without marks leaves no line empty, and each says who it is", async () => {
  const desk = await startInbox(12);
  for (const scheme of ["light", "dark"] as const) {
    const page = await openConsole(desk, "/inbox?view=all", { width: 390, colorScheme: scheme });
    await links(page).first().waitFor();
    await settled(page);
    if (process.env["PICTURES"] !== undefined) await page.screenshot({ path: `${process.env["PICTURES"]}/inbox-390-${scheme}.png` });
    const seen = await links(page).evaluateAll((all) =>
      all.map((link) => {
        const box = (name: string) => link.querySelector(name)!.getBoundingClientRect();
        const row = link.getBoundingClientRect();
        return {
          hasMarks: link.querySelector(".inbox-marks")!.childElementCount > 0,
          above: box(".inbox-head").top - row.top,
          below: row.bottom - box(".inbox-said").bottom,
          name: box(".inbox-customer").width,
        };
      }),
    );
    expect(seen.some(({ hasMarks }) => hasMarks)).toBe(true);
    const bare = seen.filter(({ hasMarks }) => !hasMarks);
    expect(bare.length).toBeGreaterThan(2);
    for (const { above, below } of bare) expect(Math.abs(above - below)).toBeLessThan(6);
    for (const { name } of seen) expect(name).toBeGreaterThan(60);
  }
}, 120_000);
