import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openSite, type PageParts, type Site } from "./page-with.ts";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterEach(async ({ task }) => {
  expect(await site.stage.endVisits(task)).toEqual([]);
});
afterAll(() => site.close());

/** What the console said until the page was idle and `text` was said, if there is one to wait for. */
async function told(parts: PageParts, act?: string): Promise<string[]> {
  const said: string[] = [];
  const { page } = await site.visit(
    { ...parts, tag: false },
    {
      prepare: async (context) =>
        void context.on("console", (message) => ["warning", "error"].includes(message.type()) && said.push(message.text())),
    },
  );
  if (act !== undefined) await page.evaluate(act);
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => new Promise((done) => requestIdleCallback(() => requestIdleCallback(done))));
  return said;
}

const address = (): string => `${site.stage.demo.deskUrl}/frontdesk.js`;
const NO_CHAT = /frontdesk\.js: no chat\. .*data-assistant.*<front-desk>.*import "frontdesk"/;

describe("a page without a chat is told what it needs", () => {
  test("a tag without data-assistant, and no element", async () => {
    expect(await told({ body: `<script src="${address()}"></script>` })).toEqual([expect.stringMatching(NO_CHAT)]);
  });

  test("a consent tool that puts the script in without its attributes", async () => {
    const body = `<script type="text/plain" src="${address()}" data-assistant="shop"></script>`;
    const consent = `{ const old = document.querySelector("[type='text/plain']"); const script = document.createElement("script");
      script.src = old.getAttribute("src"); old.replaceWith(script); new Promise((done) => script.addEventListener("load", done)) }`;
    expect(await told({ body }, consent)).toEqual([expect.stringMatching(NO_CHAT)]);
  });

  for (const [name, body] of Object.entries({
    "an import in the page": (url: string) => `<script type="module">import "${url}"</script>`,
    "an import when it is wanted": (url: string) => `<script type="module">await import("${url}")</script>`,
    "a module whose tag is taken out before it runs": (url: string) =>
      `<script>{ const script = document.createElement("script"); script.type = "module"; script.src = "${url}"; document.head.append(script); script.remove(); }</script>`,
  }))
    test(name, async () => {
      await expect.poll(() => told({ body: body(address()) })).toEqual([expect.stringMatching(NO_CHAT)]);
    });
});

describe("a page with a chat is told nothing", () => {
  for (const [name, body] of Object.entries({
    "a tag with data-assistant": () => `<script src="${address()}" data-assistant="shop"></script>`,
    "an element of the page's own": () => `<front-desk assistant="shop"></front-desk><script src="${address()}"></script>`,
    "a whole tag, then one without": () =>
      `<script src="${address()}" data-assistant="shop"></script><script src="${address()}?again"></script>`,
    "a module": () => `<script type="module" src="${address()}" data-assistant="shop"></script>`,
  }))
    test(name, async () => {
      expect(await told({ body: body() })).toEqual([]);
    });
});
