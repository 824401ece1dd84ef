import type { WireError } from "../../protocol/errors.ts";
import type { CallDetails } from "../../protocol/frames.ts";
import type { ThreadState } from "../../widget/thread/state.ts";
import { arabicAnswer, codeAnswer, longWord, richAnswer, shortAnswer, tableAnswer } from "./answers.ts";
import { cardStories } from "./card-stories.ts";
import { peopleStories } from "./people-stories.ts";
import { photograph } from "./photograph.ts";
import { callOf, emptyThread, messageOf, NOW, refundOf, textOf, threadOf, turnOf } from "./pieces.ts";
import type { Story } from "./story.ts";
import { voiceStories } from "./voice-stories.ts";

const look = callOf();
const track = callOf({ callId: "call-track", tool: { ...look.tool, tool: "track_parcel", title: "Track parcel" }, durationMs: 4210 });
const photo = callOf({
  callId: "call-photo",
  tool: { ...look.tool, tool: "product_photo", title: "Product photo" },
  media: [{ index: 0, kind: "image", mimeType: "image/svg+xml", bytes: 900 }],
});
const { outcome: _outcome, durationMs: _duration, ...unfinished } = track;
const running = { ...unfinished, status: "running" } as const;
const slow: WireError = { code: "rate-limited", message: "Too many messages in a short time.", retryAfterMs: 12_000 };

const rateable = { name: "Anna", starters: [], trace: "full", messageCharacters: 2000 } as const;
const answered = turnOf("Where is order 1042?", [look, textOf(shortAnswer)]);
const asksRefund = (part: ReturnType<typeof refundOf>): ThreadState =>
  threadOf({
    turns: [
      answered,
      turnOf(
        "The shade is cracked. Please refund it.",
        [textOf("I am sorry about that. I can refund it right away.", { step: 0 }), part],
        part.status === "waiting" ? { status: "waiting" } : {},
      ),
    ],
  });
const wasRefunded = textOf("Done. The money is on its way to your card and takes two to three days.", { step: 2 });
const decided = (card: Parameters<typeof refundOf>[0], more: Parameters<typeof refundOf>[1], said = wasRefunded): ThreadState =>
  threadOf({
    turns: [
      answered,
      turnOf("The shade is cracked. Please refund it.", [
        refundOf({ decidedAt: NOW + 120_000, ...card }, { status: "ended", ...more }),
        said,
      ]),
    ],
  });

const lookDetails: CallDetails = {
  callId: "call-look-up",
  arguments: { order_id: "1042" },
  content: [
    {
      kind: "text",
      text: '{"id":"1042","status":"shipped","carrier":"Parcel North","eta":"2026-03-13","lines":[{"sku":"LULL-OAK","title":"Lull, oak","quantity":1,"price":4900}]}',
    },
  ],
};

export const stories: Readonly<Record<string, Story>> = {
  closed: { state: threadOf(), closed: true },
  "closed with unread messages": { state: threadOf({ turns: [answered] }), closed: true, unread: 2 },
  connecting: { state: emptyThread },
  "greeting with starters": { state: threadOf() },
  "empty without a greeting": { state: threadOf({ assistant: { name: "Anna", starters: [], trace: "full", messageCharacters: 2000 } }) },
  "answer to rate": { state: threadOf({ turns: [answered], assistant: { ...rateable, feedback: true } }) },
  "answer rated": { state: threadOf({ turns: [answered], assistant: { ...rateable, feedback: true } }), press: ["Bad answer"] },
  "menu open": { state: threadOf({ turns: [answered] }), press: ["Menu"] },
  sending: { state: threadOf({ queued: [messageOf("Where is order 1042?", { status: "sending" })] }) },
  "sending later": { state: threadOf({ queued: [messageOf("Where is order 1042?", { status: "sending", error: slow })] }) },
  "sending failed": { state: threadOf({ turns: [answered], queued: [messageOf("And order 1043?", { status: "failed", error: slow })] }) },
  queued: {
    state: threadOf({
      turns: [turnOf("Where is order 1042?", [textOf("Order **1042** left our", { open: true })], { status: "running" })],
      queued: [messageOf("And when does it arrive?", { status: "queued" })],
    }),
  },
  thinking: { state: threadOf({ turns: [turnOf("Where is order 1042?", [], { status: "running" })] }) },
  streaming: {
    state: threadOf({
      turns: [turnOf("How do I return a lamp?", [textOf(richAnswer.slice(0, 260), { open: true })], { status: "running" })],
    }),
  },
  stopping: {
    state: threadOf({
      turns: [turnOf("How do I return a lamp?", [textOf(richAnswer.slice(0, 260), { open: true })], { status: "running", stopping: true })],
    }),
  },
  stopped: {
    state: threadOf({
      turns: [turnOf("How do I return a lamp?", [textOf(richAnswer.slice(0, 260), { cut: "stopped" })], { status: "stopped" })],
    }),
  },
  "answer failed": {
    state: threadOf({
      turns: [
        answered,
        turnOf("And order 1043?", [textOf("Order **1043** is", { cut: "broken" })], { status: "failed", error: "model-busy" }),
      ],
    }),
  },
  "tool running": {
    state: threadOf({
      turns: [
        turnOf(
          "Track my parcel",
          [
            look,
            {
              ...running,
              progress: { conversationId: "c", callId: "call-track", progress: 3, total: 5, message: "Leipzig: loaded onto the van" },
            },
          ],
          { status: "running" },
        ),
      ],
    }),
  },
  "tool running without progress": { state: threadOf({ turns: [turnOf("Track my parcel", [running], { status: "running" })] }) },
  "tool failed": {
    state: threadOf({
      turns: [
        turnOf("Track my parcel", [
          { ...track, outcome: "failed" },
          textOf("I could not reach the carrier just now. Please try again in a few minutes."),
        ]),
      ],
    }),
    press: ["Sources (1)"],
  },
  "outcome unknown": {
    state: decided(
      { status: "approved", by: { kind: "customer", id: "c" } },
      { outcome: "unknown" },
      textOf("I lost the connection while the refund was on its way.", { step: 2 }),
    ),
  },
  "outcome settled": {
    state: decided(
      { status: "approved", by: { kind: "customer", id: "c" } },
      { outcome: "unknown", settled: { outcome: "ok", by: { kind: "staff", id: "s", name: "Mira" }, note: "Refunded on 12 March." } },
      textOf("I lost the connection while the refund was on its way.", { step: 2 }),
    ),
  },
  answered: { state: threadOf({ turns: [answered] }) },
  "answered at length": { state: threadOf({ turns: [turnOf("How do I return a lamp?", [textOf(richAnswer)])] }) },
  sources: { state: threadOf({ turns: [turnOf("Where is order 1042?", [look, track, textOf(shortAnswer)])] }), press: ["Sources (2)"] },
  "sources opened": { state: threadOf({ turns: [answered] }), press: ["Sources (1)", "Look up order"], details: lookDetails },
  "sources summarised": {
    state: { ...threadOf({ turns: [answered] }), assistant: { name: "Anna", starters: [], trace: "summary", messageCharacters: 2000 } },
    press: ["Sources (1)", "Look up order"],
  },
  "sources hidden": {
    state: { ...threadOf({ turns: [answered] }), assistant: { name: "Anna", starters: [], trace: "hidden", messageCharacters: 2000 } },
    press: ["Sources (1)"],
  },
  picture: {
    state: threadOf({ turns: [turnOf("Show me a photo of Lull", [photo, textOf("Here is Lull in oak.")])] }),
    details: { callId: "call-photo", content: [{ kind: "image", mimeType: "image/svg+xml", data: btoa(photograph) }] },
  },
  approval: { state: asksRefund(refundOf()) },
  "approval with memory": { state: asksRefund(refundOf({ rememberable: true })), press: [] },
  "approval sent": { state: asksRefund(refundOf({ deciding: "approved" })) },
  "approval by the team": { state: asksRefund(refundOf({ approver: "staff" })) },
  "approval too late": { state: asksRefund(refundOf({ expiresAt: NOW - 1000 })) },
  "approval refused": {
    state: asksRefund(
      refundOf({ error: { code: "approval-changed", message: "The request changed since it was shown. Nothing was done." } }),
    ),
  },
  "queued behind a card": {
    state: { ...asksRefund(refundOf()), queued: [messageOf("And where is order 1043?", { status: "queued" })] },
  },
  "leaving a card": { state: asksRefund(refundOf()), press: ["New conversation"] },
  approved: { state: decided({ status: "approved", by: { kind: "customer", id: "c" } }, {}) },
  rejected: {
    state: decided(
      { status: "rejected", by: { kind: "customer", id: "c" }, reason: "I would rather have a new shade." },
      { outcome: "refused", refusal: "rejected" },
      textOf("All right, nothing was refunded. I can order a new shade for you.", { step: 2 }),
    ),
  },
  expired: {
    state: decided(
      { status: "expired", by: { kind: "system", id: "s" } },
      { outcome: "refused", refusal: "expired" },
      textOf("The time to approve ran out, so I did nothing.", { step: 2 }),
    ),
  },
  "decided elsewhere": {
    state: decided(
      {
        status: "approved",
        by: { kind: "staff", id: "s", name: "Mira" },
        error: { code: "already-decided", message: "This was already decided." },
      },
      {},
    ),
  },
  ...cardStories,
  ...peopleStories,
  ...voiceStories,
  reconnecting: { state: threadOf({ turns: [answered], connection: "reconnecting" }) },
  offline: { state: threadOf({ turns: [answered], connection: "offline", queued: [messageOf("And order 1043?", { status: "sending" })] }) },
  unreached: { state: { ...emptyThread, connection: "unreached", queued: [messageOf("Is anybody there?", { status: "sending" })] } },
  limited: {
    state: threadOf({
      connection: "refused",
      refusal: { code: "rate-limited", message: "Too many messages in a short time.", retryAfterMs: 40_000 },
    }),
  },
  "reload needed": {
    state: threadOf({
      turns: [answered],
      connection: "refused",
      refusal: { code: "not-signed-in", message: "This chat is not signed in any more. Reload the page to start again." },
    }),
  },
  "wrong set-up": {
    state: {
      ...emptyThread,
      connection: "refused",
      refusal: { code: "origin-refused", message: "This website is not allowed to use this assistant." },
    },
  },
  "near the limit": { state: threadOf(), draft: "My lamp flickers. ".repeat(106) },
  "over the limit": { state: threadOf(), draft: "My lamp flickers. ".repeat(112) },
  "long code": { state: threadOf({ turns: [turnOf("How do I script it?", [textOf(codeAnswer)])] }) },
  "wide table": { state: threadOf({ turns: [turnOf("Which lamps do you have?", [textOf(tableAnswer)])] }) },
  "long word": { state: threadOf({ turns: [turnOf("W".repeat(200), [textOf(longWord)])] }) },
  "right to left": {
    state: threadOf({
      turns: [turnOf("أين طلبي 1042؟", [look, textOf(arabicAnswer)]), turnOf("Refund it, please", [refundOf()], { status: "waiting" })],
    }),
  },
};
