import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { JournalEvent } from "../../../protocol/events.ts";
import { say } from "../../support/desk-scripts.ts";
import { waitFor } from "../../support/wait-for.ts";
import { startVoiceServer } from "../../voice/call/server-stage.ts";
import { Pages } from "../embed/pages.ts";
import { CallBrowser } from "./call-browser.ts";

const SHORT = "It left our workshop on Tuesday.";
const LONG = "There is a lot to say about that. ".repeat(20).trim();

/** What is in the folder, by its path. */
async function filesOf(folder: string): Promise<Readonly<Record<string, Buffer>>> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.\w+$/.test(name));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}

test("the widget calls a real server: it is answered, interrupts, hangs up, and the thread tells all of it", async () => {
  const browser = await CallBrowser.open();
  onTestFinished(() => browser.close());
  const site = new Pages(browser.folder);
  await site.start();
  const { url, hearing, journal } = await startVoiceServer({
    widget: await filesOf(browser.folder),
    script: (_, number) => say(number === 1 ? SHORT : LONG),
    assistant: { allowedOrigins: [site.site] },
  });
  site.desk = url;
  const visit = await browser.visitDesk(site);
  onTestFinished(() => visit.end());
  const { page } = visit;
  hearing.understands = (turn) => (turn === 0 ? "where is my order" : "tell me more");
  await visit.openChat();
  await visit.button("Start call").click();
  await visit.button("Call settings").click();
  await page.getByRole("radio", { name: "Push to talk" }).click();

  const speak = async (): Promise<void> => {
    await visit.button("Hold to talk").click();
    await visit.button("Tap to send").click({ delay: 400 });
  };
  await speak();
  await visit.bar().getByText(SHORT).waitFor();
  const events = async (): Promise<readonly JournalEvent[]> => {
    const id = await page.evaluate(() =>
      sessionStorage.getItem(Object.keys(sessionStorage).find((name) => name.endsWith(":conversation"))!),
    );
    return journal(id!);
  };
  const happened = (type: JournalEvent["type"]): Promise<JournalEvent> =>
    waitFor(async () => (await events()).find((event) => event.type === type));
  expect(await happened("speech-heard")).toMatchObject({ text: SHORT, kind: "answer" });

  await speak();
  await visit.bar().getByText("There is a lot to say about that.").waitFor();
  await visit.bar().getByText("Speaking").waitFor();
  await waitFor(async () => (await visit.bar().getByText("Speaking").count()) > 0);
  await visit.button("Hold to talk").click();
  const cut = (await happened("speech-cut")) as Extract<JournalEvent, { type: "speech-cut" }>;
  expect(cut.cutBy).toBe("button");
  expect(`${cut.text}${cut.unheard}`.trim()).toBe(LONG);
  expect(cut.unheard).not.toBe("");
  await page.getByText(/^You stopped it/).waitFor();
  expect(await page.getByText("Spoken", { exact: true }).count()).toBe(2);

  expect(await visit.tracksRightAfter("End call")).toEqual(["ended"]);
  await page.getByText(/^Call ended · /).waitFor();
  expect(await happened("voice-call-ended")).toMatchObject({ reason: "hung-up" });
  expect(hearing.session.isClosed).toBe(true);
  expect(visit.complaints).toEqual([]);
});
