import { expect, test } from "vitest";
import { say } from "../../support/desk-scripts.ts";
import { CALL, CONVERSATION, startVoiceServer } from "./server-stage.ts";

test("a customer calls, asks, is answered aloud, and hangs up", async () => {
  const { hearing, customer, event, journal, speaking } = await startVoiceServer({
    script: () => say("Your order is on its way. It comes tomorrow."),
  });
  const { welcome, call } = await customer();
  expect(welcome.assistant.voice).toEqual({ hearing: "server", speaking: "server" });
  hearing.understands = () => "where is my order";
  const page = await call();
  expect(page.told[0]).toEqual({
    type: "call-ready",
    voiceCallId: CALL,
    conversationId: CONVERSATION,
    codec: "pcm",
    hearing: "server",
    speaking: "server",
  });

  page.listen();
  page.say({ type: "speech", event: "started", atMs: 1000 });
  page.send(600, 1000);
  page.say({ type: "speech", event: "paused", atMs: 1700, sinceMs: 1600 });
  const { messageId } = await page.hear("understood");
  const heard = await event("speech-heard");
  page.say({ type: "call-end" });
  expect(await page.hear("call-end")).toEqual({ type: "call-end", reason: "hung-up" });
  await event("voice-call-ended");

  expect(page.of("understood")).toEqual([{ type: "understood", turn: 0, text: "where is my order", final: true, messageId }]);
  expect(page.of("saying").map(({ text }) => text)).toEqual(["Your order is on its way.", "It comes tomorrow."]);
  expect(speaking.said).toEqual(["Your order is on its way.", "It comes tomorrow."]);
  const bytes = page.frames.reduce((sum, { audio }) => sum + audio.length, 0);
  expect(page.of("said").at(-1)?.untilMs).toBeCloseTo(bytes / 32, 0);
  const { turnId } = heard;
  expect((await journal()).map(({ type }) => type)).toEqual([
    "voice-call-started",
    "message-received",
    "turn-started",
    "step-ended",
    "turn-ended",
    "speech-heard",
    "voice-call-ended",
  ]);
  const spoken = { voiceCallId: CALL, speechMs: 600, transcriptMs: expect.any(Number), confidence: 0.9, engine: "scripted ears" };
  expect(await event("message-received")).toMatchObject({ text: "where is my order", messageId, spoken });
  expect(heard).toMatchObject({
    voiceCallId: CALL,
    kind: "answer",
    turnId,
    text: "Your order is on its way. It comes tomorrow.",
    firstAudioMs: expect.any(Number),
    firstHeardMs: expect.any(Number),
  });
  expect(hearing.session.isClosed).toBe(true);
});
