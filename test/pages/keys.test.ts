import type { Page } from "playwright-core";
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

/** The page writes down here what it hears of the keyboard. */
const HEARD = `globalThis.heard = [];
  for (const type of ["keydown", "keypress", "keyup", "copy", "cut", "paste"])
    document.addEventListener(type, (event) => heard.push(type + " " + (event.key ?? "")));`;
const heard = (page: Page): Promise<string[]> => page.evaluate("heard.splice(0)");
const value = (visit: Visit): Promise<string> => visit.message.inputValue();

/** Presses a key while nothing has the focus. */
async function pressOutside(visit: Visit, key: string): Promise<void> {
  await visit.message.blur();
  await visit.page.keyboard.press(key);
}

async function opened(parts: PageParts): Promise<Visit> {
  const visit = await site.visit(parts);
  await visit.openPanel();
  await expect.poll(() => visit.message.evaluate((field) => field.matches(":focus"))).toBe(true);
  return visit;
}

describe("what is typed in the chat is no shortcut of the page", () => {
  test("of a page that looks at event.target itself", async () => {
    const visit = await opened({
      body: '<input id="search">',
      script: `globalThis.went = [];
        document.addEventListener("keydown", (event) => {
          if (/INPUT|TEXTAREA/.test(event.target.tagName)) return;
          if (event.key === "/" || event.key === " ") event.preventDefault();
          if (event.key === "/") document.getElementById("search").focus();
          went.push(event.key);
        });`,
    });
    await visit.page.keyboard.type("no / yes");
    expect(await value(visit)).toBe("no / yes");
    expect(await visit.page.evaluate("went")).toEqual([]);
    // Outside of the chat they are what they were.
    await pressOutside(visit, "/");
    expect(await visit.page.evaluate("document.activeElement.id")).toBe("search");
  });

  test("keymaster", async () => {
    const visit = await opened({
      peers: ["keymaster/keymaster.js"],
      body: '<input id="search">',
      script: 'key("s, /", () => { document.getElementById("search").focus(); return false; })',
    });
    await visit.page.keyboard.type("is /sales s/he");
    expect(await value(visit)).toBe("is /sales s/he");
    expect(await visit.page.locator("#search").inputValue()).toBe("");
    await pressOutside(visit, "s");
    expect(await visit.page.evaluate("document.activeElement.id")).toBe("search");
  });

  test("Swiper: the arrows move the cursor, not the page's slides", async () => {
    const slides = ["One", "Two", "Three"].map((name) => `<div class="swiper-slide">${name}</div>`).join("");
    const visit = await opened({
      peers: ["swiper/swiper-bundle.min.css", "swiper/swiper-bundle.min.js"],
      body: `<div class="swiper" style="height: 300px"><div class="swiper-wrapper">${slides}</div></div>`,
      script: 'globalThis.swiper = new Swiper(".swiper", { keyboard: { enabled: true }, speed: 0 })',
    });
    await visit.page.keyboard.type("ab");
    await visit.page.keyboard.press("ArrowLeft");
    await visit.page.keyboard.type("X");
    expect(await value(visit)).toBe("aXb");
    await visit.page.keyboard.press("ArrowRight");
    expect(await visit.page.evaluate("swiper.activeIndex")).toBe(0);
    await pressOutside(visit, "ArrowRight");
    expect(await visit.page.evaluate("swiper.activeIndex")).toBe(1);
  });

  test("fullPage: arrows and blanks do not change the section", async () => {
    const sections = ["One", "Two", "Three"].map((name) => `<div class="section">${name}</div>`).join("");
    const visit = await opened({
      peers: ["fullpage.js/dist/fullpage.min.css", "fullpage.js/dist/fullpage.min.js"],
      body: `<div id="sections">${sections}</div>`,
      script: 'new fullpage("#sections", { scrollingSpeed: 0, licenseKey: "gplv3-license", credits: { enabled: false } })',
    });
    const section = () => visit.page.locator(".section.active").textContent();
    await visit.page.keyboard.type("a b c");
    await visit.page.keyboard.press("ArrowDown");
    await visit.page.keyboard.press("PageDown");
    expect(await value(visit)).toBe("a b c");
    expect(await section()).toBe("One");
    await pressOutside(visit, "ArrowDown");
    await expect.poll(section).toBe("Two");
  });

  test("no key event and no clipboard event comes out, whatever has the focus in the panel", async () => {
    const visit = await opened({ script: HEARD });
    const { keyboard } = visit.page;
    await keyboard.type("Hello é 1");
    for (const key of ["Home", "Shift+End", "Control+c", "Control+v", "Control+a", "Control+x", "Control+z", "Backspace", "Delete", "F2"])
      await keyboard.press(key);
    await keyboard.press("Shift+Tab");
    await keyboard.press("Tab");
    await visit.ask("Where is order 1042?");
    await visit.answered("The parcel is with Heron Post");
    await visit.sources.press("Enter");
    await visit.log.press("PageUp");
    await visit.newConversation.press("Space");
    expect(await heard(visit.page)).toEqual([]);
  });
});

describe("what is no typing goes on to the page", () => {
  test("its shortcuts with Ctrl or Command, whole: no key stays pressed", async () => {
    const visit = await opened({ script: HEARD });
    await visit.page.keyboard.press("Control+k");
    await visit.page.keyboard.press("Control+Shift+p");
    const events = await heard(visit.page);
    expect(events.filter((one) => !one.includes("Control") && !one.includes("Shift"))).toEqual([
      "keydown k",
      "keyup k",
      "keydown p",
      "keyup p",
    ]);
    // The letter is let go after its Control.
    await visit.page.keyboard.down("Control");
    await visit.page.keyboard.down("k");
    await visit.page.keyboard.up("Control");
    await visit.page.keyboard.up("k");
    expect(await heard(visit.page)).toEqual(["keydown k", "keyup k"]);
  });

  test("a character that is typed with AltGr stays in the chat", async () => {
    const visit = await opened({ script: HEARD });
    await visit.message.evaluate((field) =>
      field.dispatchEvent(
        new KeyboardEvent("keydown", { key: "@", code: "KeyQ", ctrlKey: true, altKey: true, bubbles: true, composed: true }),
      ),
    );
    expect(await heard(visit.page)).toEqual([]);
  });

  test("on a keyboard with other letters Ctrl+C still is the field's", async () => {
    const visit = await opened({ script: HEARD });
    await visit.message.evaluate((field) =>
      field.dispatchEvent(
        new KeyboardEvent("keydown", { key: "с", code: "KeyC", keyCode: 67, ctrlKey: true, bubbles: true, composed: true }),
      ),
    );
    expect(await heard(visit.page)).toEqual([]);
  });

  test("clicks and pointers", async () => {
    const visit = await opened({
      script: `globalThis.heard = new Set();
        for (const type of ["click", "pointerdown", "pointerup", "mousedown", "pointermove", "input", "contextmenu"])
          document.addEventListener(type, () => heard.add(type));`,
    });
    await visit.message.click();
    await visit.message.click({ button: "right" });
    await visit.page.keyboard.type("a");
    expect(await visit.page.evaluate("[...heard].sort()")).toEqual([
      "click",
      "contextmenu",
      "input",
      "mousedown",
      "pointerdown",
      "pointermove",
      "pointerup",
    ]);
  });

  test("Tab and Escape where the chat is a part of the page", async () => {
    const visit = await site.visit({ script: HEARD, tag: 'data-mode="inline"' });
    await visit.message.click();
    await visit.page.keyboard.type("a/");
    await visit.page.keyboard.press("Tab");
    await visit.page.keyboard.press("Escape");
    expect(await heard(visit.page)).toEqual(["keydown Tab", "keyup Tab", "keydown Escape", "keyup Escape"]);
    // The menu takes its own Escape.
    await visit.scope.getByRole("button", { name: "Menu" }).press("Enter");
    await visit.scope.getByRole("radio", { name: "Dark" }).waitFor();
    await visit.page.keyboard.press("Escape");
    await visit.scope.getByRole("radio", { name: "Dark" }).waitFor({ state: "detached" });
    expect(await heard(visit.page)).toEqual([]);
  });

  test("keys pressed on the launcher, but for those that press it", async () => {
    const visit = await opened({
      script: `${HEARD} document.addEventListener("keydown", (event) => { if (event.key === " ") event.preventDefault(); });`,
    });
    await visit.page.keyboard.press("Escape");
    await visit.message.waitFor({ state: "hidden" });
    // The key that closed the chat would otherwise close something of the page too when it is let go.
    expect(await heard(visit.page)).toEqual([]);
    await visit.page.keyboard.press("/");
    expect(await heard(visit.page)).toEqual(["keydown /", "keypress /", "keyup /"]);
    await visit.page.keyboard.press("Space");
    await visit.message.waitFor();
    expect(await heard(visit.page)).toEqual([]);
  });
});

describe("Escape that ends a composition does not close the chat", () => {
  test.each(["the composer", "the list of connections"])("in %s", async (where) => {
    const visit = await opened({});
    if (where !== "the composer") await visit.connections();
    const place = where === "the composer" ? visit.message : visit.scope.getByRole("button", { name: "Back" });
    await place.waitFor();
    for (const composing of [{ keyCode: 229 }, { isComposing: true }])
      await place.evaluate(
        (element, more) => element.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true, ...more })),
        composing,
      );
    expect(await place.isVisible()).toBe(true);
    await place.press("Escape");
    await place.waitFor({ state: "hidden" });
  });
});
