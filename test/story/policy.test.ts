import { readFileSync } from "node:fs";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { callWords } from "../../widget/words/call-words.ts";
import { german } from "../../widget/words/german/words.ts";
import { openStage, type Stage } from "./stage.ts";
import type { Visit } from "./visit.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(async ({ task }) => {
  expect(await stage.endVisits(task)).toEqual([]);
});
afterAll(() => stage.close());

/** Directives by name, their sources sorted. */
function directives(policy: string): Readonly<Record<string, readonly string[]>> {
  const parts = policy.split(";").map((part) => part.trim().split(/\s+/u));
  return Object.fromEntries(parts.filter(([name]) => name !== "").map(([name = "", ...sources]) => [name, sources.toSorted()]));
}

/** The policy that the README promises to be enough, for the desk of this stage. */
function readmePolicy(): Readonly<Record<string, readonly string[]>> {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const block = /### Content Security Policy.*?```\n(.*?)```/su.exec(readme)?.[1];
  if (block === undefined) throw new Error("The README has no block below its heading Content Security Policy.");
  const { host } = new URL(stage.demo.deskUrl);
  return directives(block.replaceAll("https://desk.example.com", `http://${host}`).replaceAll("wss://desk.example.com", `ws://${host}`));
}

/** Every address that pages of the context ask for, their sockets too. */
function watchRequests(context: BrowserContext): { readonly addresses: string[]; readonly watch: (page: Page) => void } {
  const addresses: string[] = [];
  context.on("request", (request) => void addresses.push(request.url()));
  return { addresses, watch: (page) => void page.on("websocket", (socket) => void addresses.push(socket.url())) };
}

test("the README's policy is what the shop sends, beside what the shop needs for itself", async () => {
  const response = await fetch(stage.demo.shopUrl);
  const sent = directives(response.headers.get("content-security-policy") ?? "");
  expect(sent["default-src"]).toEqual(["'none'"]);
  const promised = readmePolicy();
  expect(Object.keys(promised).toSorted()).toEqual(["connect-src", "img-src", "media-src", "script-src"]);
  // What the shop's own files need is 'self'; nothing of it is for the widget, which comes from elsewhere.
  const forWidget = Object.fromEntries(Object.keys(promised).map((name) => [name, sent[name]?.filter((source) => source !== "'self'")]));
  expect(forWidget).toEqual(promised);
  const others = Object.entries(sent).filter(([name]) => !Object.hasOwn(promised, name));
  for (const [name, sources] of others) expect(["'none'", "'self'"], name).toContain(sources.join(" "));
  expect(sent["style-src"]).toEqual(["'self'"]);
});

test("a violation would be seen", async () => {
  const visit = await stage.visit("/");
  await visit.page.evaluate(() => document.body.setAttribute("style", "color: red"));
  const troubles = await stage.endVisits();
  expect(troubles.join("\n")).toContain("style-src");
});

test("before anybody presses the launcher, and before the page is idle, there is nothing but frontdesk.js", async () => {
  let asked: readonly string[] = [];
  const visit = await stage.visit("/", {
    prepare: async (context) => {
      asked = watchRequests(context).addresses;
      // A page that is never idle.
      await context.addInitScript(() => {
        globalThis.requestIdleCallback = () => 0;
      });
    },
  });
  await visit.openChat.waitFor();
  await visit.page.waitForLoadState("networkidle");
  const ofDesk = (): string[] => asked.filter((address) => address.startsWith(stage.demo.deskUrl));
  expect(ofDesk()).toEqual([`${stage.demo.deskUrl}/frontdesk.js`]);
  await visit.openPanel();
  await visit.log.getByText("Hello, this is the Lull assistant.").waitFor();
  expect(ofDesk().length).toBeGreaterThan(1);
});

/** Everything a customer can bring onto the screen: calls, a table, a card, a picture, the details, the menu. */
async function wholeStory(visit: Visit, words: { where: string; refund: string; photo: string; refunded: string }): Promise<void> {
  await visit.message.waitFor();
  await visit.ask(words.where);
  await visit.log.getByRole("table").first().waitFor();
  await visit.settled();
  const sources = visit.log.locator("[part=sources]");
  await sources.click();
  await visit.log.locator("front-desk-sources .row").first().click();
  await visit.log.locator("front-desk-call-details pre").first().waitFor();
  await visit.ask(words.refund);
  await visit.log.locator("[part=approval] summary").first().click();
  await visit.log.locator("[part=approve]").click();
  await visit.answered(words.refunded);
  await visit.ask(words.photo);
  const picture = visit.log.getByRole("img").last();
  await picture.waitFor();
  expect(await picture.getAttribute("src")).toMatch(/^blob:/);
  expect(await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBeGreaterThan(100);
}

const ENGLISH = { refunded: "goes back to your card", photo: "Show me a photo of the teapot" };

describe("the whole story under the strict policy, with requests to nobody but the shop and its desk", () => {
  async function begin(path: string, options: Parameters<Stage["visit"]>[1] = {}): Promise<{ visit: Visit; foreign: () => string[] }> {
    let seen: ReturnType<typeof watchRequests> | undefined;
    const visit = await stage.visit(path, {
      ...options,
      prepare: async (context) => {
        seen = watchRequests(context);
        context.on("page", seen.watch);
        await options.prepare?.(context);
      },
    });
    const known = [stage.demo.shopUrl, stage.demo.deskUrl, stage.demo.deskUrl.replace(/^http/u, "ws")].map((url) => `${url}/`);
    const foreign = (): string[] =>
      (seen?.addresses ?? []).filter(
        (address) => !known.some((start) => address.startsWith(start) || address.startsWith(`blob:${stage.demo.shopUrl}`)),
      );
    return { visit, foreign };
  }

  test("floating, light", async () => {
    const orderId = stage.newOrder();
    const { visit, foreign } = await begin(`/orders/${orderId}`);
    await visit.openPanel();
    await wholeStory(visit, { ...ENGLISH, where: `Where is order ${orderId}?`, refund: `Refund order ${orderId}` });
    await visit.scope.getByRole("button", { name: "Menu" }).click();
    await visit.scope.getByRole("radio", { name: "Dark" }).check();
    expect(foreign()).toEqual([]);
  });

  test("as a part of the page, dark", async () => {
    const orderId = stage.newOrder();
    const { visit, foreign } = await begin("/inline", { colorScheme: "dark" });
    await wholeStory(visit, { ...ENGLISH, where: `Where is order ${orderId}?`, refund: `Refund order ${orderId}` });
    expect(foreign()).toEqual([]);
  });

  test("in German, on a phone, from right to left", async () => {
    const orderId = stage.newOrder();
    const { visit, foreign } = await begin("/", {
      viewport: { width: 375, height: 740 },
      hasTouch: true,
      isMobile: true,
      prepare: (context) =>
        context.addInitScript(() => {
          new MutationObserver(() => {
            document.documentElement.lang = "de";
            document.documentElement.dir = "rtl";
          }).observe(document, { childList: true });
        }),
    });
    const inGerman = visit.speaking(callWords(german));
    await inGerman.openPanel();
    await wholeStory(inGerman, {
      where: `Wo ist Bestellung ${orderId}?`,
      refund: `Erstatte Bestellung ${orderId}`,
      refunded: "zurück auf Ihre Karte",
      photo: "Zeig mir ein Bild der Teekanne",
    });
    expect(foreign()).toEqual([]);
  });
});
