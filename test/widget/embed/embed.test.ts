import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { buildWidget } from "../../../scripts/build-widget.ts";
import type { BuiltFile } from "../../../scripts/build-widget.ts";
import { openLine } from "../../live/line-harness.ts";
import { launchBrowser } from "../../support/browser.ts";
import { Pages } from "./pages.ts";

const TAG = '<script async src="{desk}/frontdesk.js" data-assistant="shop"></script>';

let folder: string;
let files: readonly BuiltFile[];
let browser: Browser;
let pages: Pages;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "frontdesk-widget-"));
  [files, browser] = await Promise.all([buildWidget(folder), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  pages = new Pages(folder);
  await pages.start();
  page = await browser.newPage();
  complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
});
afterEach(async () => {
  await page.close();
  await pages.stop();
});

async function visit(body: string, head = ""): Promise<void> {
  await page.goto(
    pages.page("/", `<!doctype html><html lang="en"><head><title>Site</title>${head}</head><body><h1>Site</h1>${body}</body></html>`),
  );
}
const launcher = () => page.getByRole("button", { name: "Open chat" });
/** Until the script has done what it puts off until the page is idle. */
const settled = async (): Promise<void> => {
  await page.locator("html > front-desk").waitFor({ state: "attached" });
  await page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
};
const elements = () => page.locator("front-desk");
/** What a chat loads before its first message, the entry first. */
const chat = (): string[] =>
  files.filter(({ chat, file }) => chat && file !== "frontdesk.js" && !file.includes("markdown-parts")).map(({ file }) => `/${file}`);
const isDefined = () => page.evaluate(() => customElements.get("front-desk") !== undefined);
const until = <T>(look: () => T | Promise<T>) => expect.poll(look);

test("a page that resets everything does not move the launcher, nor the panel after it", async () => {
  await visit(TAG);
  await page.evaluate(() => {
    const reset = new CSSStyleSheet();
    reset.replaceSync("* { all: unset; font-size: 62.5% }");
    document.adoptedStyleSheets = [reset];
  });
  const place = () => launcher().boundingBox();
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  const corner = { x: width - 20 - 56, y: height - 20 - 56, width: 56, height: 56 };
  await until(place).toEqual(corner);
  await launcher().click();
  await until(isDefined).toBe(true);
  await page.getByRole("button", { name: "Close chat" }).first().click();
  await until(place).toEqual(corner);
});

test("the page loads one small script; the rest is fetched when somebody is there, and not run", async () => {
  await visit(TAG);
  await settled();
  expect(pages.requested).toEqual(["/frontdesk.js"]);
  await page.locator("h1").hover();
  await until(() => [...pages.requested].sort()).toEqual(["/frontdesk.js", ...chat()].sort());
  expect(await isDefined()).toBe(false);
  expect(await launcher().count()).toBe(1);
  expect(complaints).toEqual([]);
});

test("pressed, the launcher opens the chat under a strict policy, and a message arrives", async () => {
  await visit(TAG);
  await launcher().click();
  await page.getByRole("textbox", { name: "Message" }).fill("Hello");
  await page.getByRole("button", { name: "Send" }).click();
  await until(() => pages.messages).toEqual(["Hello"]);
  expect(await page.getByRole("button", { name: "Close chat" }).count()).toBe(1);
  const answers = files.find(({ file }) => file.includes("markdown-parts"))!;
  await until(() => [...pages.requested].sort()).toEqual(["/frontdesk.js", `/${answers.file}`, ...chat()].sort());
  expect(complaints).toEqual([]);
});

test("before the text field can be written in, the page loads the script and the panel with its line, and nothing else", async () => {
  await visit(TAG);
  await launcher().click();
  await page.getByRole("textbox", { name: "Message" }).waitFor();
  expect([...pages.requested].sort()).toEqual([expect.stringMatching(/^\/assets\/frontdesk-/), "/frontdesk.js"]);
});

test("without WebSockets the chat works over long-polling", async () => {
  await pages.stop();
  pages = new Pages(folder);
  await pages.start(["polling"]);
  await visit(TAG);
  await page.evaluate(() => (document.querySelector("front-desk") as unknown as { send(text: string): Promise<string> }).send("Hello"));
  await until(() => pages.messages).toEqual(["Hello"]);
});

test("a website that the server does not allow is told so, in the chat and on the console", async () => {
  const { url } = await openLine();
  // The site's policy names another desk.
  const stranger = await browser.newPage({ bypassCSP: true });
  onTestFinished(() => stranger.close());
  const said: string[] = [];
  stranger.on("console", (message) => said.push(message.text()));
  const tag = `<script src="{desk}/frontdesk.js" data-assistant="shop" data-server="${url}"></script>`;
  await stranger.goto(pages.page("/stranger", `<!doctype html><title>Site</title><body>${tag}</body>`));
  await stranger.getByRole("button", { name: "Open chat" }).click();
  await stranger.getByText("This chat is not available here.").first().waitFor();
  await until(() => said.join("\n")).toContain(`Add "${pages.site}" to allowedOrigins of the assistant "shop".`);
});

describe("the launcher looks the same before and after the element took over", () => {
  for (const attributes of [
    "",
    'data-theme="dark" data-accent="#ffd54a"',
    'data-position="start" data-theme="light" data-accent="rebeccapurple"',
    'data-lang="de"',
  ]) {
    test(attributes || "as pasted", async () => {
      await visit(TAG.replace(" data-assistant", ` ${attributes} data-assistant`));
      const button = page.getByRole("button", {
        name: attributes.includes("de") && attributes.includes("lang") ? "Chat öffnen" : "Open chat",
      });
      await button.waitFor();
      const before = await page.screenshot();
      await page.evaluate(() => (document.querySelector("front-desk") as unknown as { close(): Promise<void> }).close());
      expect(await isDefined()).toBe(true);
      // Other languages' words come a moment later.
      await until(() => button.count()).toBe(1);
      await until(async () => (await page.screenshot()).equals(before)).toBe(true);
    });
  }
});

test("a badge that an earlier page left is drawn once somebody does something, and not before", async () => {
  await visit(TAG);
  await page.evaluate((key) => localStorage.setItem(key, "3"), `frontdesk:${pages.desk}:shop::unread`);
  await page.reload();
  await settled();
  expect(await isDefined()).toBe(false);
  await page.keyboard.press("Tab");
  await until(() => page.locator("front-desk [part=badge]").textContent()).toBe("3");
});

describe("wherever and however the script stands, there is one launcher", () => {
  const tag = (how: string): string => TAG.replace("async", how);
  const places: [string, string, string][] = [
    ["blocking in the head", "", tag("")],
    ["deferred in the head", "", tag("defer")],
    ["async in the head", "", tag("async")],
    ["a module in the head", "", tag('type="module"')],
    ["at the end of the body", tag(""), ""],
    ["twice", tag("") + tag("async"), ""],
    ["twice as a module", tag('type="module"') + tag('type="module"'), tag("")],
  ];
  for (const [name, body, head] of places) {
    test(name, async () => {
      await visit(body, head);
      await launcher().waitFor();
      await page.waitForLoadState("load");
      expect(await elements().count()).toBe(1);
      await launcher().click();
      await page.getByRole("textbox", { name: "Message" }).waitFor();
      expect(complaints).toEqual([]);
    });
  }

  test("two assistants have two", async () => {
    await visit(TAG + TAG.replace("shop", "help"));
    await until(() => launcher().count()).toBe(2);
  });
});

test("an element in the page's own markup gets the script's server and, inline, loads by itself", async () => {
  await visit('<front-desk assistant="help" mode="inline"></front-desk><script src="{desk}/frontdesk.js"></script>');
  await page.getByRole("textbox", { name: "Message" }).waitFor();
  expect(await elements().getAttribute("server")).toBe(pages.desk);
  expect(await launcher().count()).toBe(0);
});

test("an element that the page adds later gets its launcher", async () => {
  await visit('<script src="{desk}/frontdesk.js"></script>');
  await page.evaluate(() => {
    const element = document.createElement("front-desk");
    element.setAttribute("assistant", "shop");
    document.querySelector("h1")!.append(element);
  });
  await launcher().click();
  await page.getByRole("textbox", { name: "Message" }).waitFor();
});

describe("when the page changes under it", () => {
  const swap = (copy: boolean) =>
    page.evaluate((copied) => {
      const body = document.createElement("body");
      if (copied) body.append(document.querySelector("front-desk")!.cloneNode(true));
      document.documentElement.replaceChild(body, document.body);
    }, copy);

  for (const when of ["before", "after"]) {
    test(`a swapped body gets the same element back, once (${when} it was opened)`, async () => {
      await visit(TAG);
      if (when === "after") await launcher().click();
      else await launcher().waitFor();
      await elements().evaluate((element) => element.setAttribute("data-same", ""));
      await swap(false);
      await until(() => page.locator("front-desk[data-same]").count()).toBe(1);
      await swap(true);
      await until(() => elements().count()).toBe(1);
      if (when === "before") await launcher().click();
      await page.getByRole("textbox", { name: "Message" }).fill("Hello");
      await page.getByRole("button", { name: "Send" }).click();
      await until(() => pages.messages).toEqual(["Hello"]);
    });
  }

  test("taken out, it can be put back", async () => {
    await visit(TAG);
    await settled();
    await page.evaluate(() => {
      const element = document.querySelector("front-desk")!;
      element.remove();
      Object.assign(globalThis, { element });
    });
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await elements().count()).toBe(0);
    await page.evaluate(() => document.body.append((globalThis as unknown as { element: Element }).element));
    await launcher().click();
    await page.getByRole("textbox", { name: "Message" }).waitFor();
  });
});

test("left open, the chat is open again after a reload, and takes no focus", async () => {
  await visit(TAG);
  await launcher().click();
  await page.getByRole("textbox", { name: "Message" }).waitFor();
  await page.reload();
  await page.getByRole("textbox", { name: "Message" }).waitFor();
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
});

test("a file that was changed on the way does not run", async () => {
  const entry = chat()[0]!;
  pages.instead.set(entry, `${await readFile(join(folder, entry), "utf8")}\nglobalThis.changed = true;`);
  await visit(TAG);
  await launcher().click();
  await until(() => complaints.join()).toContain("Chat not available");
  expect(await page.evaluate(() => "changed" in globalThis)).toBe(false);
  expect(await isDefined()).toBe(false);
});

test("when the rest cannot be loaded it is said, and another press tries again", async () => {
  const entry = chat()[0]!;
  pages.instead.set(entry, undefined);
  await visit(TAG);
  await launcher().click();
  await until(() => complaints.join()).toContain(`${pages.desk}/frontdesk.js Chat not available`);
  pages.instead.delete(entry);
  await page.getByRole("button", { name: "Chat not available" }).click();
  await page.getByRole("textbox", { name: "Message" }).waitFor();
});

test("sizes stay within what was promised", () => {
  const sum = files.filter((file) => file.chat).reduce((bytes, file) => bytes + file.brotliBytes, 0);
  expect(files.find(({ file }) => file === "frontdesk.js")!.brotliBytes).toBeLessThanOrEqual(2_600);
  expect(sum).toBeLessThanOrEqual(43_900);
});
