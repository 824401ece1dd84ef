/** A call in the console: read like what was written, timed in the trace, heard from any step. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { writeConversations } from "../support/written-conversations.ts";
import { type Desk, restart, startDesk } from "./stage/desk.ts";
import { makePots } from "./stage/peers.ts";
import { axeFaults, settled } from "./stage/sound.ts";
import { openConsole } from "./stage/tab.ts";
import { numbered } from "./trace/journal.ts";
import { VOICE_MS, VOICE_STORY, voiceCallId, writeRecording } from "./trace/voice-journal.ts";

const ID = "conversation-0001";

async function deskWithCall({ recorded }: { readonly recorded: boolean }): Promise<Desk> {
  const desk = await startDesk();
  await makePots(desk);
  return restart(desk, async (settings) => {
    await writeConversations(settings, [{ id: ID, assistant: "pots", events: numbered(VOICE_STORY) }]);
    if (recorded) await writeRecording(settings, ID);
  });
}

const row = (page: Page, text: string) => page.locator(".trace-row").filter({ hasText: text });
const detailsOf = (page: Page, name: string | RegExp) => page.getByRole("region", { name });

test("what was said is marked as spoken, the call has its beginning and its end, and an interruption says what was heard", async () => {
  const page = await openConsole(await deskWithCall({ recorded: false }), `/inbox/${ID}`);
  const thread = page.getByRole("log", { name: "Conversation" });
  const read = async () => (await thread.textContent())?.replaceAll(/\s+/g, " ");
  await thread.getByText("Call ended").waitFor();
  for (const text of [
    "Call began from the page · recorded",
    "· spoken Where is my order?",
    "Filler, spoken One moment, I am looking.",
    "Spoken interrupted heard up to “Your order 1042 was delivered yesterday at four. If any”",
    "Approval approved by the customer aloud",
    "Notice, spoken voice broke off Nothing of it was heard.",
    "Call ended the customer hung up 25.9s",
  ])
    expect(await read()).toContain(text);
  // What an answer said aloud is there as its text, once.
  expect(await thread.getByText("I have refunded 45.").count()).toBe(1);
  await thread.getByRole("link", { name: /^Customer, spoken Where is my order/ }).click();
  await detailsOf(page, "Customer, spoken Where is my order?").getByText("140ms after the end of speech").waitFor();
  await page.getByText("The recording is not kept any longer.").waitFor();
  expect(await page.getByRole("button", { name: "Play from here" }).count()).toBe(0);
});

test("where an answer was interrupted stands below its text, though it was known first", async () => {
  const first = await startDesk();
  await makePots(first);
  const [turnId, messageId] = ["turn-0009", "message-9"];
  const by = { kind: "customer", id: "customer-one" } as const;
  const spoken = { voiceCallId };
  const events = numbered([
    [0, { type: "voice-call-started", voiceCallId, by, via: "device" }],
    [5, { type: "message-received", messageId, text: "When are you open?", by, spoken }],
    [5, { type: "turn-started", turnId, messageId }],
    [900, { type: "speech-cut", voiceCallId, kind: "answer", turnId, step: 1, text: "The shop", unheard: " is open", cutBy: "speech" }],
    [5, { type: "step-ended", turnId, step: 1, text: "The shop is open: Tues", cut: "stopped" }],
    [1, { type: "turn-ended", turnId, outcome: "stopped" }],
    [9, { type: "voice-call-ended", voiceCallId, reason: "left", durationMs: 925 }],
  ]);
  const desk = await restart(first, (settings) => writeConversations(settings, [{ id: ID, assistant: "pots", events }]));
  const page = await openConsole(desk, `/inbox/${ID}`);
  const thread = page.getByRole("log", { name: "Conversation" });
  await thread.getByText("Call ended").waitFor();
  const text = (await thread.textContent())?.replaceAll(/\s+/g, " ");
  expect(text).toMatch(/from a device.*The shop is open: Tues.*interrupted heard up to “The shop”.*the customer's page was gone/);
});

test("a conversation whose customer is on a call is marked, in the list and where it is read", async () => {
  const first = await startDesk();
  await makePots(first);
  const desk = await restart(first, (settings) =>
    writeConversations(settings, [{ id: ID, assistant: "pots", events: numbered(VOICE_STORY.slice(0, 4), 1, Date.now() - 60_000) }]),
  );
  const page = await openConsole(desk, "/inbox");
  const list = page.getByRole("list", { name: "Conversations" });
  await list.getByRole("listitem").filter({ hasText: "On a call" }).getByRole("link").first().click();
  await page.locator(".conversation-head").getByText("On a call").waitFor();
  await page.getByRole("log", { name: "Conversation" }).getByText("under way").waitFor();
});

test("each step of a spoken turn says when it was, counted from the end of speech", async () => {
  const page = await openConsole(await deskWithCall({ recorded: false }), `/inbox/${ID}?step=2`);
  const message = detailsOf(page, /^Customer, spoken/);
  for (const text of ["1.9s", "140ms after the end of speech", "450ms after the end of speech", "93%", "deepgram nova-3", voiceCallId])
    await message.getByText(text, { exact: true }).first().waitFor();
  await row(page, "interrupted").click();
  const cut = detailsOf(page, /^Spoken Your order/);
  for (const text of ["4.1s after the end of speech", "4.3s after the end of speech", "once, for 180ms", "the customer, who spoke"])
    await cut.getByText(text, { exact: true }).first().waitFor();
  await cut.getByRole("region", { name: "Heard", exact: true }).getByText("four. If any").waitFor();
  await cut.getByRole("region", { name: "Heard", exact: true }).getByText("Your order 1042 was delivered").waitFor();
  await cut.getByRole("region", { name: "Not heard" }).getByText("thing is missing").waitFor();
  await row(page, "Approval").click();
  await detailsOf(page, /^Approval/)
    .getByText("yes approve it")
    .first()
    .waitFor();
  await row(page, "Voice call").click();
  await detailsOf(page, /^Voice call/)
    .getByText("the customer's page")
    .waitFor();
});

test("a recording is heard from the step that is chosen, by the keys, and a line goes over the trace", async () => {
  const page = await openConsole(await deskWithCall({ recorded: true }), `/inbox/${ID}`);
  const fetched: string[] = [];
  page.on("request", (request) => void (request.url().endsWith(".wav") && fetched.push(request.headers()["range"] ?? "")));
  await page.getByText("Recording of the call at").waitFor();
  await row(page, "Voice call").focus();
  for (let step = 0; step < 7; step += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const play = page.getByRole("button", { name: "Play from here" });
  await play.waitFor();
  expect(fetched).toEqual([]);
  await play.press("Enter");
  const audio = page.locator("audio");
  const heard = () => audio.evaluate((one) => (one as HTMLAudioElement).currentTime);
  // The first audio of the answer was heard 4.26 s after the customer had spoken, 3.1 s after the call began.
  await expect.poll(heard).toBeGreaterThan(7.36);
  expect(await heard()).toBeLessThan(20);
  expect(fetched.length).toBeGreaterThan(0);
  await expect.poll(() => page.locator(".trace-playhead").count()).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Play the recording" }).waitFor();
  const place = page.getByRole("slider", { name: "Place in the recording" });
  await place.press("End");
  expect(await place.getAttribute("aria-valuetext")).toBe("0:25 / 0:25");
  await expect.poll(heard).toBeGreaterThan(25);
  expect(await audio.evaluate((one) => (one as HTMLAudioElement).duration)).toBeCloseTo(VOICE_MS / 1000, 2);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download the recording" }).click()]);
  expect(download.suggestedFilename()).toBe(`${voiceCallId}.wav`);
  // All of that was one listening, and the audit log says whose.
  await page.goto(new URL("/console/audit-log?words=listen", page.url()).href);
  const listened = page.getByRole("grid").getByRole("link", { name: "Ada listened to the recording of a call" });
  await listened.click();
  await page.getByRole("complementary").getByText(voiceCallId, { exact: true }).waitFor();
  expect(await listened.count()).toBe(1);
});

test("where a step can be heard has its room before it is known, and nothing below it moves", async () => {
  const page = await openConsole(await deskWithCall({ recorded: true }), "/");
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route("**/recordings", async (route) => {
    await promise;
    await route.continue();
  });
  await page.goto(new URL(`inbox/${ID}?tab=trace&step=2`, page.url()).href);
  const play = page.getByRole("button", { name: "Play from here" });
  await play.waitFor();
  const below = page.locator("desk-step dl.pairs").first();
  const before = await below.boundingBox();
  expect(await play.isEnabled()).toBe(false);
  resolve();
  await expect.poll(() => play.isEnabled()).toBe(true);
  expect(await below.boundingBox()).toEqual(before);
});

test.each([
  { width: 1440, colorScheme: "light", locale: "en-GB" },
  { width: 390, colorScheme: "dark", locale: "de-DE" },
] as const)("a call can be looked at by everybody, at $width in $locale", async (look) => {
  const desk = await deskWithCall({ recorded: true });
  const page = await openConsole(desk, `/inbox/${ID}`, look);
  const faults: string[] = [];
  for (const query of ["", "?tab=trace", "?tab=trace&step=1", "?tab=trace&step=2", "?tab=trace&step=11", "?tab=trace&step=16"]) {
    await page.goto(`${desk.url}/console/inbox/${ID}${query}`);
    await settled(page);
    faults.push(...(await axeFaults(page)).map((fault) => `${query}: ${fault}`));
  }
  expect(faults).toEqual([]);
  if (look.locale === "de-DE") await page.getByText("Laut gesagt").waitFor();
});
