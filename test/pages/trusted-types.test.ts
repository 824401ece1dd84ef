import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openStage, type Stage } from "../story/stage.ts";
import type { Visit } from "../story/visit.ts";
import { peer } from "../support/peers.ts";
import { pageWith, pastedTag, type GivenPage } from "./given-page.ts";

let stage: Stage;
let purify: string;
beforeAll(async () => {
  stage = await openStage({ assistant: { allowedOrigins: ["*"] } });
  purify = await peer("dompurify/dist/purify.js");
});
let told: string[];
beforeEach(() => (told = []));
afterEach(async ({ task }) => {
  await stage.endVisits(task);
});
afterAll(() => stage.close());

const LIT = join(import.meta.dirname, "../../node_modules/lit-html/lit-html.js");
/** What `import "frontdesk"` leads to. */
const { entry: ENTRY } = JSON.parse(readFileSync(join(import.meta.dirname, "../../dist/widget/assets.json"), "utf8")) as {
  readonly entry: string;
};
/** Says with its own Lit that it is here. */
const OWN_LIT = `import { html, render } from "/lit.js";
render(html\`<p>The page's own Lit</p>\`, document.body.appendChild(document.createElement("div")));`;

/** A page whose policy wants Trusted Types, with this list of names, and names no other policy of ours. */
async function arrive(list: string | undefined, page: GivenPage = {}): Promise<Visit> {
  const policy = `require-trusted-types-for 'script'${list === undefined ? "" : `; trusted-types ${list}`}`;
  const address = await pageWith({
    body: pastedTag(stage.demo.deskUrl),
    ...page,
    headers: { "content-security-policy": policy },
    files: { "/lit.js": { file: LIT }, "/own.js": OWN_LIT, "/purify.js": { file: purify }, ...page.files },
  });
  return stage.visit(address, {
    prepare: (context) => {
      context.on("console", (message) => message.type() === "error" && told.push(message.text()));
      return Promise.resolve();
    },
  });
}

/** The chat does what it is for, its late parts too. */
async function talks(visit: Visit): Promise<void> {
  const orderId = stage.newOrder();
  await visit.openPanel();
  await visit.askRefund(orderId);
  await visit.approve.click();
  await visit.answered("goes back to your card");
  await visit.sources.first().click();
  await visit.log.locator("front-desk-sources .row").first().click();
  await visit.log.locator("front-desk-call-details").first().waitFor();
}

/** What the page's own Lit has drawn. */
const ownText = ({ page }: Visit): Promise<string | null> => page.locator("body > div > p").textContent();

test("a page that wants Trusted Types and lists no names is enough", async () => {
  await talks(await arrive(undefined));
  expect(told).toEqual([]);
  expect(await stage.endVisits()).toEqual([]);
});

test("one name in the list is enough, for all that the widget loads", async () => {
  await talks(await arrive("frontdesk"));
  expect(told).toEqual([]);
  expect(await stage.endVisits()).toEqual([]);
});

test("the page's own Lit and the chat leave each other their names", async () => {
  const visit = await arrive("lit-html frontdesk", {
    head: '<script type="module" src="/own.js"></script>',
    body: pastedTag(stage.demo.deskUrl),
  });
  await expect.poll(() => ownText(visit)).toBe("The page's own Lit");
  await talks(visit);
  expect(told).toEqual([]);
});

test("the page's own Lit may come later, too", async () => {
  const visit = await arrive("lit-html frontdesk");
  await visit.openPanel();
  await visit.page.evaluate('import("/own.js")');
  await expect.poll(() => ownText(visit)).toBe("The page's own Lit");
  expect(told).toEqual([]);
});

test("the script pasted twice, run again by a soft navigation, and a second copy of everything: one chat, which talks", async () => {
  const { deskUrl } = stage.demo;
  const { revision } = (await (await fetch(`${deskUrl}/frontdesk.json`)).json()) as { readonly revision: string };
  const other = `${deskUrl}/v/${revision}`;
  const again = `const own = trustedTypes.createPolicy("own", { createScriptURL: (url) => url });
    export const again = () => {
      const script = document.createElement("script");
      script.src = own.createScriptURL("${deskUrl}/frontdesk.js");
      script.dataset.assistant = "shop";
      document.body.replaceChildren(script);
      return new Promise((done) => (script.onload = done));
    };`;
  const visit = await arrive("frontdesk own", {
    body: `${pastedTag(deskUrl)}${pastedTag(deskUrl)}${pastedTag(other)}`,
    files: { "/again.js": again },
  });
  await visit.openPanel();
  await visit.page.evaluate(`import("${other}/${ENTRY}")`);
  await visit.page.evaluate('import("/again.js").then(({ again }) => again())');
  await visit.message.waitFor();
  await visit.ask("Where is order 1042?");
  await visit.answered("1042");
  expect(await visit.page.locator("front-desk").count()).toBe(1);
  expect(told).toEqual([]);
});

test("with a list that lacks the name, the customer reads so on the launcher, and the owner what to add", async () => {
  const visit = await arrive("dompurify default", { head: '<script src="/purify.js"></script>' });
  await visit.openChat.click();
  const launcher = visit.scope.getByRole("button", { name: "Chat not available" });
  await launcher.waitFor();
  expect(await launcher.textContent()).toBe("Chat not available");
  const advice = 'Add "frontdesk" to "trusted-types" in the Content-Security-Policy of this page.';
  await expect.poll(() => told.join("\n")).toContain(advice);
  expect(told.find((text) => text.includes(advice))).toContain(`${stage.demo.deskUrl}/frontdesk.js Chat not available`);
});

test("the owner of a page that bundles the element reads the same", async () => {
  const visit = await arrive("'none'", { body: "" });
  const failure = await visit.page.evaluate(`import("${stage.demo.deskUrl}/${ENTRY}").catch(String)`);
  expect(failure).toContain('Add "frontdesk" to "trusted-types"');
});
