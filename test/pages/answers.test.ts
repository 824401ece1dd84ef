/** How the built widget draws answers: its style sheet and its elements have been through the build. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerOf } from "../story-book/text-sides.ts";
import { startScriptedModel, type ScriptedModel } from "../story/scripted-model.ts";
import type { Visit } from "../story/visit.ts";
import { openSite, type Site } from "./page-with.ts";

let model: ScriptedModel;
let site: Site;
beforeAll(async () => {
  model = await startScriptedModel((question) => ({ pieces: answerOf(question, "Lamp").match(/[^]{1,7}/g) ?? [], calls: [] }));
  site = await openSite({ environment: { FRONTDESK_MODEL_URL: model.url, FRONTDESK_MODEL: "scripted" } });
});
afterAll(async () => {
  await site?.close();
  await model?.close();
});

/** Where each of these elements aligns its text, as the browser computes it. */
function aligned(visit: Visit, selector: string): Promise<readonly string[]> {
  return visit.answers.locator(selector).evaluateAll((found) =>
    found.map((element) => {
      const { textAlign, direction } = getComputedStyle(element);
      return textAlign === "start" ? { ltr: "left", rtl: "right" }[direction]! : textAlign;
    }),
  );
}

test.each([
  { page: "ltr", word: "Hello", side: "left" },
  { page: "rtl", word: "Hello", side: "left" },
  { page: "ltr", word: "שלום", side: "right" },
  { page: "rtl", word: "שלום", side: "right" },
])("$word on a page that reads $page: blocks are aligned by their language, columns as they are told", async ({ page, word, side }) => {
  const visit = await site.visit({ htmlAttributes: `dir="${page}"` });
  await visit.openPanel();
  await visit.ask(word);
  const row = [side, "left", "center", "right"];
  await expect.poll(() => aligned(visit, "td")).toEqual([...row, ...row]);
  expect(await aligned(visit, "th")).toEqual(row);
  expect(new Set(await aligned(visit, "h4, p, li"))).toEqual(new Set([side]));
  expect(await site.stage.endVisits()).toEqual([]);
});
