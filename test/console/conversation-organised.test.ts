/** What the team does with a conversation while it is read: tags, priority, whom it is given to, and who else is there. */
import { expect, test } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import { writeConversations } from "../support/written-conversations.ts";
import { restart, startDesk } from "./stage/desk.ts";
import { makePots } from "./stage/peers.ts";
import { expectSound, settled } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";
import { numbered, REFUND_STORY, type Told } from "./trace/journal.ts";

const ID = "conversation-0001";

async function deskWith(story: Told) {
  const desk = await startDesk();
  await makePots(desk);
  return restart(desk, (settings) => writeConversations(settings, [{ id: ID, assistant: "pots", events: numbered(story) }]));
}

test("tags, priority and whom it is given to are changed where it is read, and it is put off and brought back", async () => {
  const page = await openConsole(await deskWith(REFUND_STORY.slice(0, 3)), `/inbox/${ID}?tab=details`);
  const head = page.locator(".conversation-head");
  const details = page.getByRole("region", { name: "Details" });
  await details.getByText("Nobody").waitFor();
  await details.getByRole("button", { name: "Tags and priority …" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Tags").fill("refund, kettle");
  await dialog.getByLabel("Priority").selectOption("urgent");
  await dialog.getByLabel("Given to").selectOption({ label: "Ada" });
  await dialog.getByRole("button", { name: "Save" }).click();
  for (const text of ["Given to Ada", "Urgent", "refund", "kettle"]) await head.getByText(text, { exact: true }).waitFor();
  await details.getByText("kettle, refund").or(details.getByText("refund, kettle")).waitFor();

  await head.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Put off for an hour" }).click();
  await head.getByText(/^Until /).waitFor();
  await settled(page);
  await expectSound(page);
  await head.getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Bring back now" }).click();
  await head.getByText(/^Until /).waitFor({ state: "detached" });
});

test("who else looks at it is said, and who writes", async () => {
  const desk = await deskWith(REFUND_STORY);
  const kim = await desk.person("Kim", ["support"]);
  const page = await openConsole(desk, `/inbox/${ID}`);
  const answer = page.getByRole("region", { name: "Answer", exact: true });
  await answer.waitFor();
  expect(await answer.getByText("Kim is here").count()).toBe(0);
  const theirs = await openConsole(desk, `/inbox/${ID}`, { who: kim });
  await answer.getByText("Kim is here").waitFor();
  await theirs.getByRole("region", { name: "Answer", exact: true }).getByText("Ada is here").waitFor();
  await theirs.getByRole("tab", { name: "Note" }).click();
  await theirs.getByRole("textbox", { name: "Note for the team" }).pressSequentially("A thing");
  await answer.getByText(/Kim is writing/).waitFor();
  await theirs.goto(`${desk.url}/console/inbox`);
  await answer.getByText("Kim is here").waitFor({ state: "detached" });
});

test("a step has what it cost, all of them their sum, and what nobody knows is no part of it", async () => {
  const priced = (step: EventDraft): EventDraft =>
    step.type === "step-ended" && step.step === 1 ? { ...step, cost: { amount: 0.0164, currency: "EUR" } } : step;
  const page = await openConsole(await deskWith(REFUND_STORY.map(([ms, event]) => [ms, priced(event)])), `/inbox/${ID}?step=3`);
  const cost = page.getByRole("region", { name: "Model gpt-large" }).locator("dl > div", { hasText: "Cost" });
  await expect.poll(() => cost.textContent()).toContain("€0.0164");
  await page.getByRole("status").filter({ hasText: "cost at least €0.0164" }).waitFor();
  await page.locator(".trace-row").filter({ hasText: "gpt-large" }).nth(1).click();
  await expect.poll(() => cost.textContent()).toContain("unknown");
});
