/** Outcomes that nobody knows: settled under Approvals, and in the trace of their conversation. */
import { expect, test } from "vitest";
import { seededDesk } from "./stage/calls.ts";
import { picture } from "./stage/picture.ts";
import { expectSound } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";

test("an unknown outcome is left with a note, and settled later; the list has it no more", async () => {
  const desk = await seededDesk([{ id: "1009", amount: 9, isUnknown: true }]);
  const page = await openConsole(desk, "/approvals");
  await page.getByRole("tab", { name: "Unknown outcomes" }).click();
  const form = page.getByRole("article", { name: "How did Refund order end?" });
  await form.getByText("The line broke.").waitFor();
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText("Choose how it ended.").waitFor();
  await form.getByRole("radio", { name: /Leave it unknown/ }).check();
  await form.getByRole("textbox", { name: "Note" }).fill("The bank answers on Monday.");
  await expectSound(page);
  await picture(page, "unknown-1440");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText("The bank answers on Monday.").waitFor();
  await form.getByRole("radio", { name: /It did not happen/ }).check();
  await form.getByRole("checkbox", { name: "The assistant may try again" }).check();
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByText("No outcome is unknown").waitFor();
  const { items } = await desk.admin.api<{ items: Record<string, unknown>[] }>("GET", "/conversations/conversation-of-1009/events");
  expect(items.filter(({ type }) => type === "tool-call-settled")).toMatchObject([
    { outcome: "unknown", note: "The bank answers on Monday." },
    { outcome: "failed", mayRetry: true },
  ]);
});

test("beside an unknown outcome stands what was said before the call, however much was written since", async () => {
  const desk = await seededDesk([{ id: "1009", amount: 9, isUnknown: true, notesSince: 300 }]);
  const page = await openConsole(desk, "/approvals/unknown");
  const around = page.getByRole("article", { name: "How did Refund order end?" }).getByRole("list").first();
  await around.getByText("Refund 1009").waitFor();
  expect(await around.innerText()).not.toContain("Since then");
});

/** `Node.DOCUMENT_POSITION_FOLLOWING`. */
const FOLLOWING = 4;

test("an unknown outcome is settled where it is seen, in the trace of its conversation", async () => {
  const desk = await seededDesk([{ id: "1009", amount: 9, isUnknown: true }]);
  const page = await openConsole(desk, "/inbox/conversation-of-1009?step=4", { who: await desk.person("Olive", ["support"]) });
  const form = page.getByRole("form", { name: "How did Refund order end?" });
  // Before all that is long.
  const above = await form.evaluate((element) => element.compareDocumentPosition(document.querySelector("desk-step desk-json")!));
  expect(above).toBe(FOLLOWING);
  await form.getByRole("radio", { name: /It happened/ }).check();
  await form.getByRole("textbox", { name: "Note" }).fill("Seen in the bank's list.");
  const listed = page.getByRole("list", { name: "Conversations" }).getByRole("listitem");
  await listed.getByText("Outcome unknown").waitFor();
  for (const [width, scheme] of [
    [1440, "light"],
    [390, "dark"],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: scheme });
    await form.getByRole("button", { name: "Save" }).scrollIntoViewIfNeeded();
    await expectSound(page);
    await picture(page, `trace-settle-${width}`);
  }
  await page.setViewportSize({ width: 1440, height: 800 });
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByText("Settled: Refund order happened").waitFor();
  await expect.poll(() => form.count()).toBe(0);
  await expect.poll(() => listed.getByText("Outcome unknown").count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("step-title");
  const thread = page.getByRole("log", { name: "Conversation" });
  await thread.getByText("outcome unknown, settled later").waitFor();
  const settled = thread.locator(".spoken-line").filter({ hasText: "Settled as done by Olive" });
  await settled.getByText("Seen in the bank's list.").waitFor();
  await picture(page, "thread-settled-1440");
  await settled.getByRole("link").click();
  await page
    .getByRole("region", { name: /Settled as done by Olive/ })
    .getByRole("definition")
    .filter({ hasText: "Seen in the bank's list." })
    .waitFor();
  await expectSound(page);
  await picture(page, "trace-settled-1440");
  expect((await desk.admin.api<{ items: unknown[] }>("GET", "/activity?outcome=unknown")).items).toEqual([]);
});
