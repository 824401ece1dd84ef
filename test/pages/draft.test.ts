import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "../story/stage.ts";
import type { Visit } from "../story/visit.ts";
import { pageWith, pastedTag } from "./given-page.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ assistant: { allowedOrigins: ["*"] } });
});
afterEach(async ({ task }) => {
  await stage.endVisits(task);
});
afterAll(() => stage.close());

const DRAFT = "Is the teapot\nas large as it looks";

async function arrive(): Promise<Visit> {
  const visit = await stage.visit(await pageWith({ body: `${pastedTag(stage.demo.deskUrl)}<a href="/next">Next page</a>` }));
  await visit.openPanel();
  return visit;
}

/** Follows a link of the page; the panel is open there as it was left. */
async function goOn(visit: Visit): Promise<void> {
  await visit.page.getByRole("link", { name: "Next page" }).click();
  await visit.message.waitFor();
}

/** The line is there, so what was kept has been put back. */
const greeted = (visit: Visit): Promise<void> => visit.log.getByText("Hello, this is the Lull assistant.").waitFor();

test("what was written and not sent is there on the next page, and can be sent", async () => {
  const visit = await arrive();
  await visit.message.fill(DRAFT);
  await goOn(visit);
  await expect.poll(() => visit.message.inputValue()).toBe(DRAFT);
  await visit.send.click();
  await expect.poll(() => visit.said()).toEqual([DRAFT]);
  expect(await visit.message.inputValue()).toBe("");
  await goOn(visit);
  await expect.poll(() => visit.said()).toEqual([DRAFT]);
  expect(await visit.message.inputValue()).toBe("");
});

test("what was taken away again stays away, and what is written first is not written over", async () => {
  const visit = await arrive();
  await visit.message.fill(DRAFT);
  await visit.message.fill("");
  await goOn(visit);
  await greeted(visit);
  expect(await visit.message.inputValue()).toBe("");
  await visit.message.fill(DRAFT);
  await visit.context.setOffline(true);
  await visit.notice.filter({ hasText: "No connection" }).waitFor();
  await visit.message.fill("Something else");
  await visit.context.setOffline(false);
  await visit.notice.waitFor({ state: "detached" });
  expect(await visit.message.inputValue()).toBe("Something else");
});

test("another tab has a text field of its own", async () => {
  const visit = await arrive();
  await visit.message.fill(DRAFT);
  const second = await stage.secondTab(visit, visit.page.url());
  await second.openPanel();
  await greeted(second);
  expect(await second.message.inputValue()).toBe("");
});

test("another customer in the same tab finds nothing of it", async () => {
  const visit = await arrive();
  // Before that, nobody knows which customer this is.
  await greeted(visit);
  await visit.message.fill(DRAFT);
  // The shop's logout takes the token; what belongs to the tab is still there.
  await visit.page.evaluate(() => localStorage.clear());
  await goOn(visit);
  await greeted(visit);
  expect(await visit.message.inputValue()).toBe("");
});
