import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { FLAG_LAST } from "../../../protocol/voice-frame.ts";
import { waitFor } from "../../support/wait-for.ts";
import { CallBrowser, type Visit } from "./call-browser.ts";
import type { DeskCall } from "./voice-desk.ts";

let browser: CallBrowser;
let visit: Visit;
beforeAll(async () => {
  browser = await CallBrowser.open();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  visit = await browser.visit();
});
/** Sentence 3: the worklet loads under a policy without `blob:` and `data:`; and nothing else is refused. */
afterEach(async () => {
  await visit.end();
  expect(visit.complaints).toEqual([]);
});

/** A call that is on, by push-to-talk. */
async function call(): Promise<DeskCall> {
  await visit.openChat();
  await visit.button("Start call").click();
  const desk = await visit.desk.open(0);
  desk.ready();
  await visit.bar().getByText("Listening").or(visit.bar().getByText("Push to talk")).first().waitFor();
  return desk;
}

const late = (): readonly string[] => visit.pages.requested.filter((path) => /voice|silero/.test(path));

test("a chat in writing loads nothing of calls, and touches no microphone", async () => {
  await visit.openChat();
  await visit.page.getByRole("textbox", { name: "Message", exact: true }).fill("Hello");
  await visit.page.keyboard.press("Enter");
  await waitFor(() => visit.pages.messages.length > 0);
  expect(late()).toEqual([]);
  expect(await visit.tracks()).toEqual([]);
});

test("what is said while the button is held is sent, the answer is heard and told, and hanging up ends all of it", async () => {
  const desk = await call();
  expect(desk.said[0]).toEqual({ type: "call-open", token: "token-1", codecs: ["opus"], activity: true });
  expect(await visit.tracks()).toEqual(["live"]);
  await visit.button("Call settings").click();
  await visit.page.getByRole("radio", { name: "Push to talk" }).click();
  const talk = visit.button("Hold to talk");
  await talk.focus();
  await visit.page.keyboard.down("Space");
  await desk.hears("talk", ({ held }) => held);
  // Longer than a tap.
  await waitFor(() => desk.frames.length > 40);
  await visit.page.keyboard.up("Space");
  await desk.hears("talk", ({ held }) => !held);
  expect(desk.frames.at(-1)?.flags).toBe(FLAG_LAST);
  expect(desk.frames.map(({ seq }) => seq)).toEqual(desk.frames.map((_, index) => index));
  const times = desk.frames.map(({ timeMs }) => timeMs);
  expect(times).toEqual(times.toSorted((left, right) => left - right));

  desk.says({ type: "understood", turn: 0, text: "Where is my order?", final: true });
  await visit.bar().getByText("Where is my order?").waitFor();
  desk.says({ type: "phase", phase: "speaking" });
  desk.speaks("It left our workshop.", 600);
  desk.speaks("It comes on Friday.", 600);
  await visit.bar().getByText("It left our workshop.").waitFor();
  await visit.bar().getByText("Speaking").waitFor();
  await visit.bar().getByText("It comes on Friday.").waitFor();
  const { untilMs } = await desk.hears("heard", (message) => message.untilMs >= 1_190);
  expect(untilMs).toBeLessThanOrEqual(1_200);
  expect(desk.of("cut")).toEqual([]);

  expect(await visit.tracksRightAfter("End call")).toEqual(["ended"]);
  await desk.hears("call-end");
  await waitFor(() => desk.isClosed);
  await visit.button("Start call").waitFor();
});

test("pressing the button while the assistant speaks makes it silent, and tells until where it was heard", async () => {
  const desk = await call();
  await visit.button("Call settings").click();
  await visit.page.getByRole("radio", { name: "Push to talk" }).click();
  desk.speaks("A long story that nobody wants to hear to its end.", 20_000);
  await desk.hears("heard");
  await visit.button("Hold to talk").focus();
  await visit.page.keyboard.down("Space");
  const { untilMs, by } = await desk.hears("cut");
  expect(by).toBe("button");
  expect(untilMs).toBeGreaterThan(0);
  expect(untilMs).toBeLessThan(20_000);
  // What was on its way is not heard any more; what comes after the hush is.
  desk.speaks("Still of the old.", 300);
  desk.says({ type: "hush" });
  desk.speaks("Something new.", 300);
  await visit.bar().getByText("Something new.").waitFor();
  await desk.hears("heard", (message) => message.untilMs > 20_300);
  expect(await visit.bar().getByText("Still of the old.").count()).toBe(0);
});

test("hanging up while the sound opens leaves no track, and nothing is awaited for it", async () => {
  const held = Promise.withResolvers<void>();
  onTestFinished(() => held.resolve());
  await visit.page.route(/voice-worklet/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await visit.openChat();
  await visit.button("Start call").click();
  await waitFor(async () => (await visit.tracks()).length === 1);
  expect(await visit.tracksRightAfter("End call")).toEqual(["ended"]);
});

/** Sentence 1, where the assistant ends the call. */
test("a call that the server ends leaves no track, and says why", async () => {
  const desk = await call();
  await visit.page.evaluate(() => {
    // At the very moment at which the page is told.
    const bar = document.querySelector("front-desk")!.shadowRoot!.querySelector("front-desk-call-bar")!;
    new MutationObserver(() => {
      if (bar.textContent.includes("has ended"))
        document.title = streams.flatMap((stream) => stream.getTracks().map((track) => track.readyState)).join();
    }).observe(bar, { childList: true, characterData: true, subtree: true });
  });
  desk.says({ type: "call-end", reason: "limit" });
  await visit.bar().getByText("as long as a call may be").waitFor();
  expect(await visit.page.title()).toBe("ended");
});

test("a call goes on after a reload, with the microphone", async () => {
  const first = await call();
  await visit.button("Mute").click();
  await visit.page.reload();
  const second = await visit.desk.open(1);
  second.ready({ resumed: true });
  await visit.bar().getByText("You are muted").waitFor();
  expect(new Set(visit.desk.asked.map(({ voiceCallId }) => voiceCallId)).size).toBe(1);
  expect(first.of("call-end")).toEqual([]);
  expect(await second.hears("mute")).toEqual({ type: "mute", muted: true });
  expect(await visit.tracks()).toEqual(["live"]);
});

test("a call asks for a press after a reload, where the browser does not say that the microphone is allowed", async () => {
  await visit.end();
  visit = await browser.visit({}, false);
  await call();
  await visit.page.reload();
  await visit.bar().getByText("Your call goes on.").waitFor();
  expect(await visit.tracks()).toEqual([]);
  await visit.button("Continue call").click();
  (await visit.desk.open(1)).ready({ resumed: true });
  await visit.button("End call").waitFor();
  expect(await visit.tracks()).toEqual(["live"]);
});

test("a call with its panel closed goes on over a reload, and the launcher says so", async () => {
  await call();
  await visit.page.keyboard.press("Escape");
  await visit.button("Open chat. You are in a call").waitFor();
  await visit.page.reload();
  (await visit.desk.open(1)).ready({ resumed: true });
  await visit.button("Open chat. You are in a call").waitFor();
});

test("a connection that breaks is made again, and the call goes on", async () => {
  const first = await call();
  first.breaks();
  await visit.bar().getByText("Reconnecting").waitFor();
  (await visit.desk.open(1)).ready({ resumed: true });
  await visit.bar().getByText("Listening").or(visit.bar().getByText("Push to talk")).first().waitFor();
  expect(await visit.tracks()).toEqual(["live"]);
});

test("a call whose microphone goes is over for the desk too, and the next one takes its place and no other's", async () => {
  const desk = await call();
  await visit.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"));
    navigator.mediaDevices.enumerateDevices = () => Promise.resolve([]);
    const [track] = streams[0]!.getAudioTracks();
    track!.stop();
    track!.dispatchEvent(new Event("ended"));
  });
  await desk.hears("call-end");
  const [first] = visit.desk.asked;
  expect(first?.takeOver).toBe(false);
  // Another tab is in a call.
  visit.pages.replies.set("call-start", (frame) => {
    visit.desk.start(frame);
    return { ok: false, error: { code: "call-elsewhere", message: "You are in a call in another tab." } };
  });
  await visit.button("Call again").click();
  await visit.bar().getByText("You are in a call in another tab.").waitFor();
  expect(visit.desk.asked.at(-1)?.takeOver).toBe(first?.voiceCallId);
  await visit.button("Cancel").click();
  await visit.button("Start call").click();
  await visit.bar().getByText("You are in a call in another tab.").waitFor();
  // Who did not take it over has not taken it over.
  expect(visit.desk.asked.at(-1)?.takeOver).not.toBe(true);
});

test("a call in another tab is taken over", async () => {
  const first = await call();
  const other = await visit.tab();
  visit.pages.replies.set("call-start", () => ({
    ok: false,
    error: { code: "call-elsewhere", message: "You are in a call in another tab." },
  }));
  await visit.openChat(other);
  await visit.button("Start call", other).click();
  await visit.bar(other).getByText("You are in a call in another tab.").waitFor();
  expect(await visit.tracks(other)).toEqual([]);
  first.says({ type: "call-end", reason: "taken-over" });
  await visit.bar().getByText("The call was taken over by another tab.").waitFor();
  expect(await visit.tracks()).toEqual(["ended"]);
  // And back, without another question.
  visit.pages.replies.set("call-start", (frame) => visit.desk.start(frame));
  await visit.button("Take over here").click();
  await visit.desk.open(1);
  expect(visit.desk.asked.at(-1)).toMatchObject({ takeOver: true });
});

test("once the call that another tab took over has ended, a new one is offered", async () => {
  await visit.openChat();
  await visit.page.getByRole("textbox", { name: "Message", exact: true }).fill("Hello");
  await visit.page.keyboard.press("Enter");
  await waitFor(() => visit.pages.messages.length > 0);
  await visit.button("Start call").click();
  const desk = await visit.desk.open(0);
  desk.ready();
  const [{ voiceCallId: own } = { voiceCallId: "" }] = visit.desk.asked;
  desk.says({ type: "call-end", reason: "taken-over" });
  await visit.button("Take over here").waitFor();
  const [by, via] = [{ kind: "customer", id: "customer-1" }, "page"];
  visit.pages.tell({ type: "voice-call-started", voiceCallId: own, by, via });
  visit.pages.tell({ type: "voice-call-ended", voiceCallId: own, reason: "taken-over", durationMs: 1000 });
  visit.pages.tell({ type: "voice-call-started", voiceCallId: "other", by, via });
  await visit.button("Take over here").waitFor();
  visit.pages.tell({ type: "voice-call-ended", voiceCallId: "other", reason: "hung-up", durationMs: 1000 });
  await visit.button("Call again").waitFor();
  expect(await visit.button("Take over here").count()).toBe(0);
});

test("without the permission a call says how to give it, and nothing stays open", async () => {
  const denying = await CallBrowser.open({ isAllowed: false });
  onTestFinished(() => denying.close());
  await visit.end();
  visit = await denying.visit();
  await visit.openChat();
  await visit.button("Start call").click();
  await visit.bar().getByText("This page may not use your microphone.").waitFor();
  expect(visit.desk.calls).toEqual([]);
});

test("who is told that calls are recorded is asked before the microphone is opened", async () => {
  await visit.end();
  visit = await browser.visit({ recorded: true });
  await visit.openChat();
  await visit.button("Start call").click();
  await visit.bar().getByText("This call is recorded.").waitFor();
  expect(await visit.tracks()).toEqual([]);
  await visit.bar().getByRole("button", { name: "Start call" }).click();
  (await visit.desk.open(0)).ready();
  await visit.bar().getByText("Recorded", { exact: true }).waitFor();
  expect(await visit.tracks()).toEqual(["live"]);
});

test("without the weights of voice activity push-to-talk is offered, and works", async () => {
  const weights = await waitForWeights();
  visit.pages.instead.set(weights, undefined);
  await visit.page.reload();
  const desk = await callAgain();
  await visit.bar().getByText("Hands-free does not work here.").waitFor();
  await visit.button("Hold to talk").click();
  await desk.hears("talk", ({ held }) => held);
  await visit.button("Tap to send").click();
  await desk.hears("talk", ({ held }) => !held);
  // The request that broke.
  visit.complaints.length = 0;
});

/** Where they are: asked for by a call. */
async function waitForWeights(): Promise<string> {
  await call();
  await visit.button("End call").click();
  return waitFor(() => visit.pages.requested.find((path) => path.includes("silero")));
}

async function callAgain(): Promise<DeskCall> {
  await visit.button("Start call").waitFor();
  await visit.button("Start call").click();
  const desk = await visit.desk.open(1);
  desk.ready();
  return desk;
}
