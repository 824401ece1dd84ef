/** A customer talks in a room in which the assistant's own voice comes back through the microphone. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { JournalEvent } from "../../../protocol/events.ts";
import { findSoundBrowser, launchInRoom } from "../../support/browser.ts";
import { findSoundRoom, NO_SOUND_ROOM, type SoundRoom, startSoundRoom } from "../../support/sound-room.ts";
import { findSpeechPrograms, NO_SPEECH_PROGRAMS } from "../../support/speech-programs.ts";
import { waitFor } from "../../support/wait-for.ts";
import { readOrder } from "../shop-orders.ts";
import type { Visit } from "../visit.ts";
import {
  ASSISTANT,
  call,
  CALL_PATIENCE_MS,
  CUSTOMER,
  hangUp,
  openVoiceStage,
  plain,
  recordAs,
  REFUNDED,
  SENTENCES,
  STORY,
  type VoiceStage,
} from "./voice-stage.ts";

const programs = findSpeechPrograms();
const roomPrograms = findSoundRoom();
const browser = findSoundBrowser();
const missing =
  programs === undefined ? NO_SPEECH_PROGRAMS : roomPrograms === undefined ? NO_SOUND_ROOM : "There is no Chromium with sound.";
const canRun = programs !== undefined && roomPrograms !== undefined && browser !== undefined;

describe.skipIf(!canRun)(canRun ? "in a room with an echo" : missing, () => {
  let room: SoundRoom;
  let stage: VoiceStage;
  beforeAll(async () => {
    room = await startSoundRoom(roomPrograms!);
    stage = await openVoiceStage(programs!, { launch: () => launchInRoom(browser!, room) });
  });
  afterEach(async ({ task }) => {
    expect(await stage.endVisits(task)).toEqual([]);
  });
  afterAll(async () => {
    await stage?.close();
    await room?.close();
  });

  /** After a moment, as people do: what is said at once with the end of a question counts as its echo. */
  async function say(text: string, voice = CUSTOMER): Promise<void> {
    await room.say(await recordAs(programs!, voice, { text, atMs: 1_000 }));
  }

  /**
   * Nobody speaks, and nothing is being done: it stays so for as long as anybody thinks before an answer. True: before
   * that it was done.
   */
  async function isQuiet(visit: Visit, isDone: () => Promise<boolean> = async () => false): Promise<boolean> {
    let since: number | undefined;
    let done = false;
    await waitFor(async () => {
      done = await isDone();
      const isListening = await visit.scope.getByText("Listening").isVisible();
      since = isListening ? (since ?? performance.now()) : undefined;
      return done || (since !== undefined && performance.now() - since > 3_000);
    }, CALL_PATIENCE_MS);
    return done;
  }

  /** What nobody heard, on a busy machine, a person says again. */
  async function sayUntil(visit: Visit, text: string, isDone: () => Promise<boolean>, voice = CUSTOMER): Promise<void> {
    for (let tries = 0; tries < 4; tries += 1) {
      await say(text, voice);
      if (await isQuiet(visit, isDone)) return;
    }
  }

  const hasEvent = async (visit: Visit, fits: (event: JournalEvent) => boolean): Promise<boolean> =>
    (await stage.journal(visit)).some(fits);
  const isDecided = (visit: Visit) => (): Promise<boolean> => hasEvent(visit, ({ type }) => type === "approval-decided");

  const refunds = async (orderId: string): Promise<number> => (await readOrder(stage.demo.ordersUrl, orderId)).refunds.length;

  /** On a call, with the read-back of a refund heard to its end. */
  async function asked(): Promise<{ readonly visit: Visit; readonly orderId: string; readonly question: string }> {
    const orderId = stage.newOrder();
    stage.speakOf(orderId);
    stage.audio.hearOnly(SENTENCES);
    const visit = await stage.visit("/", { permissions: ["microphone"] });
    await call(visit);
    await sayUntil(visit, "please refund my order", () => hasEvent(visit, ({ type }) => type === "approval-requested"));
    const { text } = await stage.event(visit, "speech-heard", ({ kind }) => kind === "question");
    expect(await refunds(orderId)).toBe(0);
    return { visit, orderId, question: text };
  }

  test("“yes approve it” approves what was read: exactly one refund", async () => {
    const { visit, orderId, question } = await asked();
    expect(plain(question)).toContain(orderId.split("").join(" "));
    await sayUntil(visit, "yes approve it", isDecided(visit));
    await stage.event(visit, "approval-decided", ({ decision }) => decision === "approved");
    const answer = await stage.event(visit, "speech-heard", ({ kind, text }) => kind === "answer" && text.includes("way back"));
    expect(answer.text.trim()).toBe(REFUNDED);
    await hangUp(visit);
    expect(await refunds(orderId)).toBe(1);
  });

  test.for(["do not approve it", "yes but not now"])("“%s”, in free dictation: no refund", async (refusal) => {
    const { visit, orderId } = await asked();
    stage.audio.hearOnly();
    await sayUntil(visit, refusal, isDecided(visit));
    const decided = await stage.event(visit, "approval-decided");
    expect(decided.decision).toBe("rejected");
    await hangUp(visit);
    expect(await refunds(orderId)).toBe(0);
  });

  test("the question's own words in the room, in free dictation: no refund", async () => {
    const { visit, orderId, question } = await asked();
    // Ears that know a few sentences make the phrase of anything, and then it is not these words that are heard.
    stage.audio.hearOnly();
    const heard = stage.audio.heard.length;
    // It came through the microphone, and was listened to.
    const isHeard = async (): Promise<boolean> => stage.audio.heard.length > heard;
    await sayUntil(visit, question.slice(question.indexOf("Say ")), isHeard, ASSISTANT);
    expect(await isHeard()).toBe(true);
    await isQuiet(visit);
    await hangUp(visit);
    expect((await stage.journal(visit)).filter(({ type }) => type === "tool-call-started")).toEqual([]);
    expect(await refunds(orderId)).toBe(0);
  });

  test("silence: it is asked once more and waits for the button, and then no voice approves it", async () => {
    const { visit, orderId } = await asked();
    // An echo may cut what is said: that it was begun is in the journal as well.
    const isSaid = (words: string): Promise<boolean> =>
      hasEvent(
        visit,
        (event) =>
          (event.type === "speech-heard" && event.text.includes(words)) ||
          (event.type === "speech-cut" && `${event.text}${event.unheard}`.includes(words)),
      );
    await waitFor(() => isSaid("Once more, about Refund order."), CALL_PATIENCE_MS);
    await waitFor(() => isSaid("Then approve or reject it on the screen, please."), CALL_PATIENCE_MS);
    const isMessage = (): Promise<boolean> =>
      hasEvent(visit, (event) => event.type === "message-received" && event.text === "yes approve it");
    await sayUntil(visit, "yes approve it", isMessage);
    expect(await isMessage(), stage.audio.heard.join("; ")).toBe(true);
    await visit.approve.waitFor();
    const decided = (await stage.journal(visit)).filter(({ type }) => type === "approval-decided" || type === "tool-call-started");
    expect(decided).toEqual([]);
    await hangUp(visit);
    expect(await refunds(orderId)).toBe(0);
  });

  /** What the customer heard of answers: one that its echo cut is said in two parts. */
  const heardOf = async (visit: Visit): Promise<string> =>
    (await stage.journal(visit))
      .flatMap((event) => ((event.type === "speech-heard" || event.type === "speech-cut") && event.kind === "answer" ? [event.text] : []))
      .join(" ")
      .replaceAll(/\s+/g, " ");
  const isAnswered = async (visit: Visit): Promise<boolean> => (await heardOf(visit)).includes("on the way");

  test("an interruption in the middle of an answer: the journal says what was heard", async () => {
    stage.audio.hearOnly(SENTENCES);
    const visit = await stage.visit("/", { permissions: ["microphone"] });
    await call(visit);
    await say("tell me the long story");
    await visit.scope.locator("front-desk-call-bar").getByText("part 2 of the long story").waitFor();
    await say("where is my order");
    // Its own echo may have made the assistant stop for a moment before: nothing was heard until there.
    const cut = await stage.event(visit, "speech-cut", ({ kind, text }) => kind === "answer" && text !== "");
    expect(STORY.startsWith(cut.text.trimEnd())).toBe(true);
    expect(cut.text.length).toBeLessThan(STORY.length);
    expect(cut.cutBy).toBe("speech");
    expect(STORY.startsWith(cut.text + cut.unheard)).toBe(true);
    // What was said over the assistant's voice may be heard badly: then a person says it again.
    for (let tries = 0; tries < 4 && !(await isAnswered(visit)); tries += 1) {
      await isQuiet(visit);
      if (!(await isAnswered(visit))) await say("where is my order");
    }
    await isQuiet(visit);
    expect(await heardOf(visit), stage.audio.heard.join("; ")).toContain("on the way");
    await hangUp(visit);
  });
});
