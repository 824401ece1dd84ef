import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Visit } from "../story/visit.ts";
import { openSite, type Site } from "./page-with.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterEach(async ({ task }) => {
  expect(await site.stage.endVisits(task)).toEqual([]);
});
afterAll(() => site.close());

const style = (rule: string): { head: string } => ({ head: `<style>${rule}</style>` });

describe("a page that hides what is not defined, or empty, shows the launcher", () => {
  for (const rule of [
    ":not(:defined) { visibility: hidden }",
    ":not(:defined) { display: none }",
    ":not(:defined) { display: none !important }",
    ":not(:defined) { opacity: 0 }",
    ":not(:defined) { opacity: 0 !important; visibility: hidden !important }",
    "front-desk:not(:defined) { display: none }",
    "body :not(:defined) { display: none }",
    "body > *:empty { display: none }",
  ])
    test(rule, async () => {
      const visit = await site.visit(style(rule));
      await visit.openChat.waitFor();
      await expect.poll(() => visit.scope.evaluate((element) => getComputedStyle(element).opacity)).toBe("1");
      await visit.openPanel();
    });
});

describe("a page that hides the chat on purpose can", () => {
  const isShown = (visit: Visit): Promise<boolean> => visit.openChat.isVisible();

  for (const [name, parts] of Object.entries({
    "front-desk { display: none }": style("front-desk { display: none }"),
    "the same beside a guard": style(":not(:defined) { display: none } front-desk { display: none }"),
    "the attribute hidden": { tag: 'data-hidden=""' },
  }))
    test(`by ${name}, before and after the chat is loaded`, async () => {
      const visit = await site.visit(parts);
      await visit.page.waitForLoadState("networkidle");
      expect(await isShown(visit)).toBe(false);
      await visit.scope.evaluate((element) => (element as HTMLElement & { close: () => unknown }).close());
      await visit.page.evaluate(() => customElements.whenDefined("front-desk").then(() => undefined));
      expect(await isShown(visit)).toBe(false);
    });

  test("and shows it again when it takes the attribute away", async () => {
    const visit = await site.visit({ tag: 'data-hidden=""' });
    await visit.page.waitForLoadState("networkidle");
    await visit.scope.evaluate((element) => element.removeAttribute("hidden"));
    await visit.openPanel();
  });
});

describe("the launcher and the panel stand in the window's corner on a long page whose body has", () => {
  for (const rule of [
    "transform: translateZ(0)",
    "filter: grayscale(1)",
    "perspective: 500px",
    "contain: paint",
    "will-change: transform",
    "translate: 0 1px",
    "backdrop-filter: blur(1px)",
    "zoom: 1.5",
    "display: grid; max-width: 40ch; margin: 0 auto",
  ])
    test(rule, async () => {
      const visit = await site.visit({ ...style(`body { ${rule} }`), body: '<div style="height: 3000px">Long</div>' });
      const { width, height } = visit.page.viewportSize()!;
      const corner = { x: width - 20 - 56, y: height - 20 - 56, width: 56, height: 56 };
      await expect.poll(() => visit.openChat.boundingBox()).toEqual(corner);
      await visit.openPanel();
      const head = await visit.newConversation.boundingBox();
      expect(head!.y).toBeGreaterThan(0);
      expect(await visit.closeChat.first().boundingBox()).toEqual(corner);
    });
});

test("what the body says of language and direction holds for the chat beside it", async () => {
  const visit = await site.visit({ bodyAttributes: 'lang="de" dir="rtl"' });
  const german = visit.page.getByRole("button", { name: "Chat öffnen" });
  await expect.poll(async () => (await german.boundingBox())?.x).toBe(20);
  await german.click();
  await visit.page.getByRole("textbox", { name: "Nachricht" }).waitFor();
});

test("what the script leaves on a page: the element, one key on the window, and one link once somebody is there", async () => {
  const visit = await site.visit({ head: "<script>globalThis.before = Reflect.ownKeys(globalThis)</script>" });
  await visit.openChat.waitFor();
  const look = (): Promise<unknown> =>
    visit.page.evaluate(() => {
      const { before } = globalThis as unknown as { before: PropertyKey[] };
      return {
        keys: Reflect.ownKeys(globalThis)
          .filter((key) => key !== "before" && !before.includes(key))
          .map(String),
        links: [...document.querySelectorAll("link")].map((link) => link.rel),
        markup: document.documentElement.outerHTML.replace(/^[^]*<\/body>|<\/html>$/g, "").replaceAll(/="[^"]*"/g, ""),
      };
    });
  const found = {
    keys: ["Symbol(frontdesk.embed)"],
    links: [] as string[],
    markup: "<front-desk assistant server data-frontdesk></front-desk>",
  };
  await expect.poll(look).toEqual(found);
  const stir = async (): Promise<unknown> => {
    for (const y of [500, 40]) await visit.page.mouse.move(40, y);
    return look();
  };
  await expect.poll(stir).toEqual({ ...found, links: ["modulepreload"] });
});
