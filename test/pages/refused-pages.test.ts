import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openStage, type Stage } from "../story/stage.ts";
import { Visit } from "../story/visit.ts";
import { pageWith, pastedTag } from "./given-page.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterEach(async ({ task }) => {
  await stage.endVisits(task);
});
afterAll(() => stage.close());

const SENTENCE = "This chat is not available here. Please contact us another way.";

/** Opens the chat of a page that is set up wrongly. */
async function refused(
  address: string,
  within = (visit: Visit): Visit => visit,
  assistant = "shop",
): Promise<{ readonly visit: Visit; readonly told: () => string }> {
  const lines: string[] = [];
  const page = await stage.visit(address, {
    assistant,
    prepare: (context) => Promise.resolve(void context.on("console", (message) => lines.push(message.text()))),
  });
  const visit = within(page);
  await visit.openPanel();
  await visit.notice.waitFor();
  return { visit, told: () => lines.join("\n") };
}

test("an origin that is not allowed: the customer reads no word of consoles, the owner what to add, there and in the log", async () => {
  const address = await pageWith({ body: pastedTag(stage.demo.deskUrl) });
  const { origin } = new URL(address);
  const { visit, told } = await refused(address);
  await expect.poll(async () => (await visit.notice.textContent())?.trim()).toBe(SENTENCE);
  await expect.poll(told).toContain(`Frontdesk: ${stage.demo.deskUrl} refuses the assistant "shop" here:`);
  expect(told()).toContain(`Add "${origin}" to allowedOrigins of the assistant "shop".`);
  const logged = (): string[] => stage.demo.log.filter((line) => line.includes(`"origin":"${origin}"`));
  await expect.poll(logged).toContainEqual(expect.stringMatching(/"assistant":"shop".*allowedOrigins of the assistant/));
  expect(await visit.message.isDisabled()).toBe(true);
});

test("a sandboxed frame has no origin that could be added, and is told so", async () => {
  const frame = await pageWith({ body: pastedTag(stage.demo.deskUrl) });
  const address = await pageWith({ body: `<iframe sandbox="allow-scripts" width="900" height="700" src="${frame}"></iframe>` });
  const { told } = await refused(address, ({ page }) => new Visit(page, page.frameLocator("iframe").locator("front-desk")));
  await expect.poll(told).toContain('only "*" in allowedOrigins lets it in');
  expect(told()).not.toContain('Add "');
});

test("a key that none can be", async () => {
  const { visit, told } = await refused("/", undefined, "My Shop");
  await expect.poll(async () => (await visit.notice.textContent())?.trim()).toBe(SENTENCE);
  await expect.poll(told).toContain("expected a lower-case name such as shop or order_desk");
});

test("an assistant that is not there", async () => {
  const { visit, told } = await refused("/", undefined, "nobody");
  await expect.poll(async () => (await visit.notice.textContent())?.trim()).toBe(SENTENCE);
  await expect.poll(told).toContain('No assistant has the key "nobody". Write the key of one that is there');
  await expect.poll(() => stage.demo.log.join("\n")).toContain("A page was refused its assistant.");
});
