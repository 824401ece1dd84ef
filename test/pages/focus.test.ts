import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openSite, type PageParts, type Site } from "./page-with.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite({ tokensPerSecond: 200 });
});
afterAll(() => site.close());
afterEach(async ({ task }) => {
  expect(await site.stage.endVisits(task)).toEqual([]);
});

/** What has the focus, through every shadow root: its name, or its class if it has none. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.getAttribute("aria-label") ?? (active?.id || active?.className || active?.localName) ?? "";
  });
}

describe("on a page with zone.js the cursor is in the text field", () => {
  const ANGULAR: PageParts = { peers: ["zone.js/bundles/zone.umd.js"] };

  test("after the chat was opened for the first time", async () => {
    const { page, openChat, message } = await site.visit(ANGULAR);
    await openChat.click();
    await expect.poll(() => focused(page)).toBe("Message");
    await page.keyboard.type("Is it");
    expect(await message.inputValue()).toBe("Is it");
  });

  test("by the page's own script", async () => {
    const { page } = await site.visit(ANGULAR);
    await page.locator("front-desk").evaluate((element) => (element as HTMLElement & { open(): unknown }).open());
    await expect.poll(() => focused(page)).toBe("Message");
  });

  test("after New conversation, and the question before it", async () => {
    const visit = await site.visit(ANGULAR);
    await visit.openPanel();
    await visit.ask("Write a long answer about glazes");
    await visit.answered("as firm as cold butter");
    await visit.newConversation.click();
    await visit.scope.getByRole("alertdialog").waitFor();
    await expect.poll(() => visit.scope.getByRole("button", { name: "Keep this one" }).evaluate((it) => it.matches(":focus"))).toBe(true);
    await visit.scope.getByRole("button", { name: "Start new" }).click();
    await expect.poll(() => focused(visit.page)).toBe("Message");
  });

  test("and in what comes later: the list of connections, and back from it", async () => {
    const visit = await site.visit(ANGULAR);
    await visit.openPanel();
    await visit.connections();
    await expect.poll(() => focused(visit.page)).toBe("Back to the chat");
    await visit.page.keyboard.press("Escape");
    await expect.poll(() => focused(visit.page)).toBe("Menu");
    await visit.page.keyboard.press("Escape");
    await expect.poll(() => focused(visit.page)).toBe("Open chat");
  });
});

test("a modal of Bootstrap leaves the chat what is typed in it", async () => {
  const visit = await site.visit({
    peers: ["bootstrap/dist/css/bootstrap.min.css", "bootstrap/dist/js/bootstrap.bundle.min.js"],
    body: `<div class="modal" id="modal" tabindex="-1"><div class="modal-dialog"><div class="modal-content"><div class="modal-body">
      <input id="code" aria-label="Code"></div></div></div></div>`,
    script: 'new bootstrap.Modal("#modal").show()',
  });
  await visit.page.locator("#code").click();
  await visit.openPanel();
  await visit.message.click();
  await visit.page.keyboard.type("hello there");
  expect(await visit.message.inputValue()).toBe("hello there");
  expect(await visit.page.locator("#code").inputValue()).toBe("");
  // The modal goes on to hold what is its own.
  await visit.page.locator("#code").click();
  await visit.page.keyboard.press("Tab");
  expect(await focused(visit.page)).not.toBe("body");
});

describe("on a touch screen", () => {
  const phone = { viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true };
  const tablet = { ...phone, viewport: { width: 1024, height: 768 } };

  test.each([
    ["a phone", phone],
    ["a tablet", tablet],
  ])("no keyboard comes up with the chat, with a new conversation or with Stop: %s", async (_, device) => {
    const visit = await site.visit({}, device);
    await visit.openChat.tap();
    await visit.message.waitFor();
    // A screen reader goes to the chat nevertheless.
    await expect.poll(() => focused(visit.page)).toBe("Lull");
    await visit.message.tap();
    expect(await focused(visit.page)).toBe("Message");
    await visit.message.fill("Write a long answer about glazes");
    await visit.send.tap();
    // Whoever writes goes on to write.
    expect(await focused(visit.page)).toBe("Message");
    await visit.answered("as firm as cold butter");
    await visit.message.blur();
    await visit.stop.tap();
    await visit.settled();
    expect(await focused(visit.page)).not.toBe("Message");
    await visit.newConversation.tap();
    await visit.log.getByText("Hello, this is the Lull assistant.").waitFor();
    await expect.poll(() => focused(visit.page)).toBe("Lull");
  });
});
