import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
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

const styled = (rules: string, more: PageParts = {}): PageParts => ({ ...more, head: `<style>${rules}</style>` });

/** How something in the chat looks. */
const look = (visit: Visit, selector: string, property: string): Promise<string> =>
  visit.page
    .locator(`front-desk ${selector}`)
    .first()
    .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

/** The contrast of an element's text and the nearest surface behind it, as WCAG counts it. */
const contrast = (visit: Visit, selector: string): Promise<number> =>
  visit.page
    .locator(`front-desk ${selector}`)
    .first()
    .evaluate((element) => {
      const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
      const luminance = (colour: string): number => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
          const part = byte / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      let behind: Element | null = element;
      while (behind !== null && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)")
        behind = behind.parentElement ?? (behind.getRootNode() as ShadowRoot).host;
      const [text, surface] = [getComputedStyle(element).color, getComputedStyle(behind!).backgroundColor].map(luminance);
      return (Math.max(text!, surface!) + 0.05) / (Math.min(text!, surface!) + 0.05);
    });

describe("rules for everything on the page leave the chat as it is", () => {
  test("what is inherited: colour, spacing, capitals, selection", async () => {
    const visit = await site.visit(
      styled(`* { color: #333; letter-spacing: 5px; word-spacing: 9px; text-transform: uppercase; text-indent: 20px; text-align: right;
        line-height: 3; font: italic 30px serif; cursor: wait; user-select: none; white-space: pre; visibility: visible }`),
      { colorScheme: "dark" },
    );
    const asOwner = await site.visit({}, { colorScheme: "dark" });
    for (const each of [visit, asOwner]) await each.openPanel();
    expect(await contrast(visit, ".name")).toBeGreaterThan(10);
    const names = [
      "color",
      "letter-spacing",
      "word-spacing",
      "text-transform",
      "text-indent",
      "text-align",
      "line-height",
      "font",
      "cursor",
      "white-space",
    ];
    for (const selector of [".name", ".quiet", ".greeting", "textarea", ".launcher"])
      for (const name of names)
        expect([selector, name, await look(visit, selector, name)]).toEqual([selector, name, await look(asOwner, selector, name)]);
    await visit.log.getByText("Hello, this is the Lull assistant.").selectText();
    expect(await visit.page.evaluate("getSelection().toString()")).toContain("Lull assistant");
  });

  test.each([
    ["a window", { viewport: { width: 1280, height: 800 } }],
    ["a phone", { viewport: { width: 375, height: 667 } }],
  ])("cutting, moving and turning all children of the body, in %s", async (_, device) => {
    const rules = `@keyframes in { from { rotate: 20deg } }
      body > * { overflow: hidden; clip-path: inset(0); content-visibility: auto; contain: paint; mask: linear-gradient(#000, #000);
        width: 100%; max-width: 60ch; margin-inline: auto; padding: 2rem; border: 9px solid; position: relative; z-index: 1;
        transform: translateX(-50px); filter: grayscale(1); will-change: transform; animation: in 1000s both }`;
    const [visit, bare] = await Promise.all([site.visit(styled(rules), device), site.visit({}, device)]);
    const boxes = async (one: Visit): Promise<unknown[]> => {
      const launcher = await one.openChat.boundingBox();
      await one.openPanel();
      return [launcher, await one.scope.getByRole("dialog").boundingBox(), await one.message.boundingBox()];
    };
    expect(await boxes(visit)).toEqual(await boxes(bare));
    // Only what can be hit is pressed.
    await visit.ask("Hello");
    await visit.answered("I am the scripted model of this demo");
  });

  test("a page that hides the chat on purpose still can", async () => {
    for (const [rule, tag] of [["display: none"], ["visibility: hidden"], ["", "data-hidden"]] as const) {
      const visit = await site.visit(styled(`front-desk { ${rule} }`, tag === undefined ? {} : { tag }));
      await visit.page.waitForFunction(() => document.querySelector("front-desk")?.shadowRoot !== null);
      // Before the chat is loaded a hidden launcher may be a guard's work, not a wish.
      if (rule !== "visibility: hidden") expect(await visit.openChat.count()).toBe(0);
      await visit.scope.evaluate((element) => (element as HTMLElement & { open(): Promise<void> }).open());
      expect(await visit.scope.getByRole("dialog").count()).toBe(0);
    }
  });
});

test.each(["body", "html"])("zoomed by %s, the panel fits into the window, head and all", async (what) => {
  for (const viewport of [
    { width: 1280, height: 700 },
    { width: 375, height: 667 },
  ]) {
    const visit = await site.visit(styled(`${what} { zoom: 1.5 }`), { viewport });
    await visit.openPanel();
    const panel = (await visit.scope.getByRole("dialog").boundingBox())!;
    expect(panel.y).toBeGreaterThanOrEqual(0);
    expect(panel.x).toBeGreaterThanOrEqual(0);
    expect(panel.y + panel.height).toBeLessThanOrEqual(viewport.height + 1);
    await visit.newConversation.click();
    await visit.message.click();
  }
});

describe("printed", () => {
  test("a floating chat is not there, neither its button nor its panel", async () => {
    const visit = await site.visit({});
    await visit.openChat.waitFor();
    await visit.page.emulateMedia({ media: "print" });
    expect(await visit.openChat.count()).toBe(0);
    await visit.page.emulateMedia({ media: "screen" });
    await visit.openPanel();
    await visit.page.emulateMedia({ media: "print" });
    expect(await visit.scope.getByRole("dialog").count()).toBe(0);
    expect(await visit.closeChat.count()).toBe(0);
  });

  test("a chat that is a part of the page is", async () => {
    const visit = await site.visit({ tag: 'data-mode="inline"' });
    await visit.message.waitFor();
    await visit.page.emulateMedia({ media: "print" });
    expect(await visit.message.isVisible()).toBe(true);
  });
});

describe("under Dark Reader all that is filled can be read", () => {
  test.each(["#2456d6", "#ffd54a", "#000"])("with the accent %s", async (accent) => {
    const visit = await site.visit({
      peers: ["darkreader/darkreader.js"],
      script: "DarkReader.enable()",
      tag: `data-accent="${accent}"`,
    });
    await visit.openChat.waitFor();
    await visit.page.waitForFunction(() =>
      document
        .querySelector("front-desk")
        ?.shadowRoot?.adoptedStyleSheets.some((sheet) => sheet.cssRules[0]?.cssText.includes("darkreader")),
    );
    expect(await contrast(visit, "button")).toBeGreaterThan(4.5);
    await visit.openPanel();
    await visit.askRefund("1042");
    await visit.settled();
    const done = (selector: string): Promise<void> =>
      expect.poll(() => contrast(visit, selector), { timeout: 10_000 }).toBeGreaterThan(4.5);
    for (const selector of [".launcher", ".bubble", "[part=approve]", "[part=reject]", ".name", ".card dd"]) await done(selector);
  });
});
