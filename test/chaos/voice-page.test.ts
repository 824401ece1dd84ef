/** A real page in a call whose server, engine or network is killed: no microphone stays open, and the next call works. */
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openWire, type CutWire } from "../support/cut-wire.ts";
import { waitFor } from "../support/wait-for.ts";
import { CallBrowser, type Visit } from "../widget/call/call-browser.ts";
import { Pages } from "../widget/embed/pages.ts";
import { type Peers, STORY, startPeers } from "./voice/peers.ts";
import { Server } from "./voice/server.ts";

let peers: Peers;
let server: Server;
let browser: CallBrowser;
let site: Pages;
let wire: CutWire;
beforeAll(async () => {
  [peers, browser, wire] = await Promise.all([startPeers(), CallBrowser.open(), openWire()]);
  site = new Pages(browser.folder);
  await site.start();
  server = await Server.open("chaos-voice-page", peers.configuration(site.site), browser.folder);
  wire.lead(Number(new URL(server.url).port));
  site.desk = wire.url;
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await server?.close();
  await wire?.close();
  await peers?.close();
});

/** On a call, by push-to-talk. */
async function called(): Promise<Visit> {
  await waitFor(() =>
    fetch(server.url).then(
      () => true,
      () => false,
    ),
  );
  const visit = await browser.visitDesk(site);
  onTestFinished(async () => {
    peers.mend();
    wire.mend();
    await visit.context.close();
  });
  await visit.openChat();
  await visit.button("Start call").click();
  await listens(visit);
  return visit;
}

async function listens(visit: Visit): Promise<void> {
  await visit.button("End call").waitFor();
  await visit.button("Call settings").click();
  await visit.page.getByRole("radio", { name: "Push to talk" }).click();
  await visit.button("Hold to talk").waitFor();
}

async function say(visit: Visit, text: string): Promise<void> {
  peers.understand(text);
  await visit.button("Hold to talk").click();
  await visit.button("Tap to send").click({ delay: 400 });
}

/** An answer is heard, and more of it is to come. */
async function hears(visit: Visit): Promise<void> {
  const reached = peers.gates.audio.close();
  await say(visit, "tell me a story");
  await reached;
  await visit.bar().getByText(STORY[0].trim()).waitFor();
}

const isOff = async (visit: Visit): Promise<boolean> => (await visit.tracks()).every((state) => state === "ended");

/** The call is over, and nothing listens any more. Then another one is begun, answered, and ended. */
async function callsAgain(visit: Visit): Promise<void> {
  await waitFor(() => isOff(visit));
  const again = visit.page.getByRole("button", { name: /^(Start call|Call again)$/ });
  // Where the connection is not back yet, a person presses once more.
  await waitFor(async () => {
    await again.evaluateAll(([button]) => (button as HTMLElement | undefined)?.click());
    return (await visit.tracks()).includes("live");
  });
  await listens(visit);
  await say(visit, "where is my order");
  await visit.bar().getByText("It will come tomorrow.").waitFor();
  expect(new Set(await visit.tracksRightAfter("End call"))).toEqual(new Set(["ended"]));
  await waitFor(() => peers.open() === 0);
}

/** Somebody who hears nobody, and says so. */
const over = (visit: Visit) => waitFor(async () => (await visit.button("End call").count()) === 0);

test("the server dies while it listens", async () => {
  const visit = await called();
  await server.killAndStart();
  await over(visit);
  await callsAgain(visit);
});

test("the server dies in the middle of an answer", async () => {
  const visit = await called();
  await hears(visit);
  await server.killAndStart();
  peers.mend();
  await over(visit);
  await callsAgain(visit);
});

test("the engine that hears is cut off: the call goes on, and ends when it is hung up", async () => {
  const visit = await called();
  peers.hearing.cut();
  await say(visit, "where is my order");
  await visit.bar().getByText("It will come tomorrow.").waitFor();
  expect(await visit.tracksRightAfter("End call")).toEqual(["ended"]);
  await callsAgain(visit);
});

test("the engine that speaks says nothing more: the customer hangs up", async () => {
  const visit = await called();
  await hears(visit);
  peers.hang("voice");
  expect(await visit.tracksRightAfter("End call")).toEqual(["ended"]);
  await waitFor(() => peers.open() === 0);
  peers.mend();
  await callsAgain(visit);
});

test("the network is lost for good: the call is given up, and the microphone with it", async () => {
  const visit = await called();
  await hears(visit);
  wire.cut();
  await over(visit);
  expect(await isOff(visit)).toBe(true);
  peers.mend();
  wire.mend();
  await callsAgain(visit);
});

test("the network comes back: the same call goes on", async () => {
  const visit = await called();
  await hears(visit);
  wire.cut();
  await visit.bar().getByText("Reconnecting").waitFor();
  peers.mend();
  wire.mend();
  await visit.bar().getByText(STORY[0].trim()).waitFor();
  expect(await visit.tracks()).toEqual(["live"]);
  expect(await visit.tracksRightAfter("End call")).toEqual(["ended"]);
});

test("the tab is closed in the middle of an answer: the engines are let go of, and another tab calls", async () => {
  const visit = await called();
  await hears(visit);
  await visit.page.close();
  peers.mend();
  await waitFor(() => peers.open() === 0);
  visit.page = await visit.tab();
  await visit.openChat();
  await callsAgain(visit);
});
