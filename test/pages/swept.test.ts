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

/** A page on which the script has done what it puts off until the page is idle. */
async function arrive(tag = ""): Promise<Visit> {
  const visit = await site.visit({ tag });
  await visit.page.waitForLoadState();
  await visit.page.evaluate(() => new Promise((done) => requestIdleCallback(() => requestIdleCallback(done))));
  return visit;
}
const count = (visit: Visit): Promise<number> => visit.page.locator("front-desk").count();
const nextFrame = (visit: Visit): Promise<unknown> => visit.page.evaluate(() => new Promise(requestAnimationFrame));

describe("swept away with everything else, the chat is put back", () => {
  for (const [how, sweep] of Object.entries({
    "the body is emptied": "document.body.replaceChildren()",
    "the body is written anew": "document.body.innerHTML = '<h1>Another</h1>'",
    "the body is replaced": "document.body.replaceWith(document.createElement('body'))",
    "the body goes, and another comes later":
      "document.body.remove(); setTimeout(() => document.documentElement.append(document.createElement('body')))",
    "the whole page is put together anew": "document.documentElement.replaceChildren(document.head, document.createElement('body'))",
    "the whole page is written anew": "document.documentElement.innerHTML = '<head><title>Another</title></head><body></body>'",
  }))
    for (const tag of ["", 'data-mode="inline"'])
      test(`${how}${tag && ", inline"}`, async () => {
        const visit = await arrive(tag);
        await visit.scope.evaluate((element) => element.setAttribute("data-same", ""));
        await visit.page.evaluate(sweep);
        await expect.poll(() => visit.page.locator("front-desk[data-same]").count()).toBe(1);
        expect(await count(visit)).toBe(1);
        if (tag === "") await visit.openPanel();
        await visit.ask("Hello");
        await visit.answered("I am the scripted model of this demo");
      });
});

describe("taken out alone, the chat stays out", () => {
  for (const [how, take] of Object.entries({
    "by itself": "element.remove()",
    "by its parent, as jQuery does": "element.parentNode.removeChild(element)",
    "while much else is changed":
      "document.querySelector('h1').remove(); element.remove(); document.body.append(document.createElement('main'))",
    "for another element": "element.replaceWith(document.createElement('p'))",
  }))
    for (const tag of ["", 'data-mode="inline"'])
      test(`${how}${tag && ", inline"}`, async () => {
        const visit = await arrive(tag);
        await visit.page.evaluate(`{ const element = document.querySelector("front-desk"); ${take}; globalThis.kept = element; }`);
        await nextFrame(visit);
        expect(await count(visit)).toBe(0);
        await visit.page.evaluate(`document.querySelector("script").remove(); document.body.append(document.createElement("nav"))`);
        await nextFrame(visit);
        expect(await count(visit)).toBe(0);
        await visit.page.evaluate("document.body.append(kept)");
        await (tag === "" ? visit.openChat : visit.message).waitFor();
      });
});

test("a copy that a page brings along goes", async () => {
  const visit = await arrive();
  await visit.page.evaluate(() => {
    const body = document.createElement("body");
    body.append(document.querySelector("front-desk")!.cloneNode(true));
    document.body.replaceWith(body);
  });
  await expect.poll(() => count(visit)).toBe(1);
  await visit.openPanel();
});

test("a page that React takes over as a whole, while it loads, is left as the server wrote it", async () => {
  const take = `
    const written = (node) => node.localName !== "front-desk" && node.data !== "";
    const react = (node) => node.nodeType === 3 ? node.data
      : React.createElement(node.localName, { suppressHydrationWarning: true }, ...[...node.childNodes].filter(written).map(react));
    globalThis.errors = [];
    // The window hears it after the document, and so after the script.
    addEventListener("DOMContentLoaded", () => {
      document.querySelector("h1").isWritten = true;
      globalThis.found = document.querySelectorAll("front-desk").length;
      ReactDOM.hydrateRoot(document, react(document.documentElement), { onRecoverableError: (error) => errors.push(String(error)) });
    });`;
  const visit = await site.visit({
    peers: ["react/umd/react.production.min.js", "react-dom/umd/react-dom.production.min.js"],
    script: take,
  });
  await visit.page.waitForLoadState("networkidle");
  expect(await visit.page.evaluate("[found, document.querySelector('h1').isWritten, errors]")).toEqual([1, true, []]);
  await visit.openPanel();
});
