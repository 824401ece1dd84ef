/** A call: what was asked aloud, an answer that was interrupted, an approval by voice, and how it ended. */
import { openStore } from "../../../server/start/open-store.ts";
import type { Settings } from "../../../server/start/settings.ts";
import { toMuLaw } from "../../../server/voice/recording/mu-law.ts";
import { BEGUN, CUSTOMER, LOOK_UP, REFUND, type Told } from "./journal.ts";

export const voiceCallId = "voice-call-1";
export const VOICE_MS = 25_896;
const [first, second] = ["turn-0001", "turn-0002"];
const LOOK = { turnId: first, callId: "call-look" };
const PAY = { turnId: second, callId: "call-refund" };
const model = { model: "gpt-large", usage: { inputTokens: 1_480, outputTokens: 64 } } as const;

export const VOICE_STORY: Told = [
  [0, { type: "voice-call-started", voiceCallId, by: CUSTOMER, via: "page", recorded: true }],
  // Speaks from 1.2 s to 3.1 s; all is understood at 3.55 s.
  [
    3_550,
    {
      type: "message-received",
      messageId: "message-1",
      text: "Where is my order?",
      by: CUSTOMER,
      spoken: { voiceCallId, speechMs: 1_900, partialMs: 140, transcriptMs: 450, confidence: 0.93, engine: "deepgram nova-3" },
    },
  ],
  [5, { type: "turn-started", turnId: first, messageId: "message-1", version: 3 }],
  [600, { type: "step-ended", turnId: first, step: 1, text: "", ...model, durationMs: 590, firstTokenMs: 260 }],
  [5, { type: "tool-call-proposed", ...LOOK, step: 1, tool: LOOK_UP, arguments: { order: "1042" } }],
  [5, { type: "tool-call-started", ...LOOK, attempt: 1 }],
  [2_200, { type: "speech-heard", voiceCallId, kind: "filler", turnId: first, text: "One moment, I am looking.", heardMs: 1_150 }],
  [300, { type: "tool-call-ended", ...LOOK, outcome: "ok", text: "Order 1042 was delivered yesterday.", durationMs: 2_490 }],
  [
    1_400,
    {
      type: "step-ended",
      turnId: first,
      step: 2,
      text: "Your order **1042** was delivered yesterday at four. If anything is missing, I can refund it.",
      ...model,
      durationMs: 1_380,
      firstTokenMs: 410,
    },
  ],
  [3, { type: "turn-ended", turnId: first, outcome: "done" }],
  [
    2_100,
    {
      type: "speech-cut",
      voiceCallId,
      kind: "answer",
      turnId: first,
      step: 2,
      text: "Your order **1042** was delivered yesterday at four. If any",
      unheard: "thing is missing, I can refund it.",
      cutBy: "speech",
      firstAudioMs: 4_120,
      firstHeardMs: 4_260,
      heardMs: 2_800,
      underruns: 1,
      underrunMs: 180,
    },
  ],
  [
    2_600,
    {
      type: "message-received",
      messageId: "message-2",
      text: "Please refund it.",
      by: CUSTOMER,
      spoken: { voiceCallId, speechMs: 1_100, partialMs: 120, transcriptMs: 520 },
    },
  ],
  [5, { type: "turn-started", turnId: second, messageId: "message-2", version: 3 }],
  [700, { type: "step-ended", turnId: second, step: 1, text: "", ...model, durationMs: 690, firstTokenMs: 300 }],
  [5, { type: "tool-call-proposed", ...PAY, step: 1, tool: REFUND, arguments: { order: "1042", amount: 45 } }],
  [
    2,
    {
      type: "approval-requested",
      ...PAY,
      approvalId: "approval-voice",
      approver: "customer",
      arguments: { order: "1042", amount: 45 },
      fields: [{ name: "order", title: "Order", value: "1042" }],
      argumentsHash: "hash",
      rememberable: false,
      expiresAt: BEGUN + 86_400_000,
    },
  ],
  [
    4_900,
    {
      type: "speech-heard",
      voiceCallId,
      kind: "question",
      turnId: second,
      approvalId: "approval-voice",
      text: "Refund an order: order 1042, amount 45. Say “yes, approve it”.",
      firstAudioMs: 1_400,
      firstHeardMs: 1_560,
      heardMs: 4_300,
      underruns: 0,
    },
  ],
  [
    2_400,
    {
      type: "approval-decided",
      ...PAY,
      approvalId: "approval-voice",
      decision: "approved",
      scope: "once",
      by: CUSTOMER,
      spoken: { voiceCallId, transcript: "yes approve it" },
    },
  ],
  [4, { type: "tool-call-started", ...PAY, approvalId: "approval-voice", attempt: 1 }],
  [800, { type: "tool-call-ended", ...PAY, outcome: "ok", text: "Refunded.", durationMs: 796 }],
  [900, { type: "step-ended", turnId: second, step: 2, text: "I have refunded 45.", ...model, durationMs: 890, firstTokenMs: 320 }],
  [2, { type: "turn-ended", turnId: second, outcome: "done" }],
  [
    1_900,
    {
      type: "speech-heard",
      voiceCallId,
      kind: "answer",
      turnId: second,
      step: 2,
      text: "I have refunded 45.",
      heardMs: 1_300,
      underruns: 0,
    },
  ],
  [1_500, { type: "speech-cut", voiceCallId, kind: "notice", text: "", unheard: "Are you still there?", cutBy: "lost" }],
  [10, { type: "voice-call-ended", voiceCallId, reason: "hung-up", durationMs: VOICE_MS }],
];

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Of the call of the story, as far as the customer's first words. While no server runs on it. */
export async function writeRecording(settings: Settings, conversationId: string): Promise<void> {
  const store = await openStore(settings, silent);
  const place = { conversationId, voiceCallId };
  const samples = Int16Array.from({ length: 2 * 16_000 }, (_, index) => 6_000 * Math.sin((2 * Math.PI * 440 * index) / 16_000));
  await store.recordings.begin(place, BEGUN);
  await store.recordings.append(place, [{ side: "customer", from: 1_200 * 16, audio: toMuLaw(new Uint8Array(samples.buffer)) }]);
  await store.recordings.end(place, BEGUN + VOICE_MS, VOICE_MS);
  await store.close();
}
