import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Visit } from "../story/visit.ts";
import { openSite, type PageParts, type Site } from "./page-with.ts";

/** A way in which libraries make one page out of another; `go` runs in the page and ends when it is done. */
interface Way extends Pick<PageParts, "peers" | "head" | "bodyAttributes"> {
  readonly name: string;
  readonly go: string;
  /** Whether the cursor is the library's to place: a visit is a new page to it. */
  readonly takesFocus?: boolean;
}

const fetched = `const next = await (await fetch("/two")).text(); const parsed = new DOMParser().parseFromString(next, "text/html");`;
const until = (event: string, start: string): string =>
  `await new Promise((done) => { addEventListener("${event}", done, { once: true }); ${start} });`;
const TURBO = "@hotwired/turbo/dist/turbo.es2017-umd.js";
const HTMX = "htmx.org/dist/htmx.js";
const refresh = {
  peers: [TURBO],
  head: '<meta name="turbo-refresh-method" content="morph"><meta name="turbo-refresh-scroll" content="preserve">',
};

const MORPHS: readonly Way[] = [
  { name: "Turbo's refresh", ...refresh, go: until("turbo:render", `Turbo.visit(location.href, { action: "replace" });`) },
  { name: "htmx, innerMorph of the body", peers: [HTMX], go: `await htmx.ajax("GET", "/two", { target: "body", swap: "innerMorph" });` },
  { name: "htmx, outerMorph of the body", peers: [HTMX], go: `await htmx.ajax("GET", "/two", { target: "body", swap: "outerMorph" });` },
  { name: "idiomorph of the body", peers: ["idiomorph/dist/idiomorph.js"], go: `${fetched} Idiomorph.morph(document.body, parsed.body);` },
  { name: "morphdom of the body", peers: ["morphdom/dist/morphdom-umd.js"], go: `${fetched} morphdom(document.body, parsed.body);` },
  {
    name: "idiomorph of the whole page",
    peers: ["idiomorph/dist/idiomorph.js"],
    go: `${fetched} Idiomorph.morph(document.documentElement, parsed.documentElement);`,
    takesFocus: true,
  },
  {
    name: "morphdom of the whole page",
    peers: ["morphdom/dist/morphdom-umd.js"],
    go: `${fetched} morphdom(document.documentElement, parsed.documentElement);`,
    takesFocus: true,
  },
];

const VISITS: readonly Way[] = [
  { name: "Turbo", peers: [TURBO], go: until("turbo:load", `Turbo.visit("/two");`), takesFocus: true },
  {
    name: "Turbolinks",
    peers: ["turbolinks/dist/turbolinks.js"],
    go: until("turbolinks:load", `Turbolinks.visit("/two");`),
    takesFocus: true,
  },
  {
    name: "a boosted link of htmx",
    peers: [HTMX],
    bodyAttributes: 'hx-boost:inherited="true"',
    go: until("htmx:after:swap", `document.querySelector("a").click();`),
    takesFocus: true,
  },
  { name: "Unpoly", peers: ["unpoly/unpoly.js"], go: `await up.render({ url: "/two", target: "body", history: true });`, takesFocus: true },
  {
    name: "pjax",
    peers: ["pjax/pjax.js"],
    go: until("pjax:success", `new Pjax({ selectors: ["title", "body"] }).loadUrl("/two");`).replace(
      "addEventListener",
      "document.addEventListener",
    ),
    takesFocus: true,
  },
  { name: "the body's text written anew", go: `document.body.innerHTML = "<h1>Another page</h1>";` },
];

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterEach(async ({ task }) => {
  expect(await site.stage.endVisits(task)).toEqual([]);
});
afterAll(() => site.close());

async function arrive({ peers, head, bodyAttributes }: Way): Promise<Visit> {
  const parts = { ...(peers && { peers }), ...(head && { head }), ...(bodyAttributes && { bodyAttributes }) };
  site.put("/two", { ...parts, body: "<main><h1>Another page</h1><p>With more.</p><a href='/two'>Another</a></main>" });
  return site.visit({ ...parts, body: '<main><h1>A page</h1><a href="/two">Another</a></main>' });
}

const go = (visit: Visit, way: Way): Promise<void> => visit.page.evaluate(`(async () => { ${way.go} })()`);

describe.each([...MORPHS, ...VISITS])("$name keeps the chat", (way) => {
  test("open, the very one, with what was being written", async () => {
    const visit = await arrive(way);
    await visit.openPanel();
    await visit.scope.evaluate((element) => element.setAttribute("data-same", ""));
    await visit.message.pressSequentially("Half a th");
    for (let times = 0; times < 2; times += 1) {
      await go(visit, way);
      await expect.poll(() => visit.page.locator("front-desk[data-same]").count()).toBe(1);
      expect(await visit.page.locator("front-desk").count()).toBe(1);
      if (way.takesFocus === true) await visit.message.focus();
    }
    await visit.page.keyboard.type("ought");
    expect(await visit.message.inputValue()).toBe("Half a thought");
    await visit.send.click();
    await expect.poll(() => visit.said()).toEqual(["Half a thought"]);
  });

  test("closed, before anybody pressed it", async () => {
    const visit = await arrive(way);
    await visit.openChat.waitFor();
    for (let times = 0; times < 2; times += 1) {
      await go(visit, way);
      await expect.poll(() => visit.page.locator("front-desk").count()).toBe(1);
    }
    await visit.openPanel();
  });
});

describe.each(VISITS.slice(0, 2))("$name", (way) => {
  test("keeps the chat when the customer goes back and forth", async () => {
    const visit = await arrive(way);
    await visit.openPanel();
    await visit.scope.evaluate((element) => element.setAttribute("data-same", ""));
    await go(visit, way);
    for (const step of ["goBack", "goForward", "goBack"] as const) {
      await visit.page[step]();
      await expect.poll(() => visit.page.locator("front-desk[data-same]").count()).toBe(1);
      await expect.poll(() => visit.page.locator("front-desk").count()).toBe(1);
      expect(await visit.message.isVisible()).toBe(true);
    }
  });
});
