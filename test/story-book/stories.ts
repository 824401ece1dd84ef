import type { WireError } from "../../protocol/errors.ts";
import type { CallDetails, Replies } from "../../protocol/frames.ts";
import type { CallPart, ThreadState } from "../../widget/thread/state.ts";
import { arabicAnswer, codeAnswer, longWord, richAnswer, shortAnswer, tableAnswer } from "./answers.ts";
import { photograph } from "./photograph.ts";
import {
  askingOf,
  callOf,
  connectionOf,
  emptyThread,
  formOf,
  messageOf,
  NOW,
  pageOf,
  refundOf,
  textOf,
  threadOf,
  turnOf,
} from "./pieces.ts";

/** One state that people may see, with what is pressed to get there. */
export interface Story {
  readonly state: ThreadState;
  /** Closed unless told otherwise: most stories play in the open panel. */
  readonly closed?: boolean;
  readonly unread?: number;
  /** Accessible names of buttons to press, in order. */
  readonly press?: readonly string[];
  readonly draft?: string;
  readonly details?: CallDetails;
  /** Answers the list of connections. */
  readonly connections?: Replies["connections-list"]["connections"];
  /** Why no sign-in can begin, and what becomes of a window that the story opens. */
  readonly signIn?: WireError;
  readonly opens?: "window" | "nothing" | "closed";
  /** What is typed into the fields of a form, by their names. */
  readonly typed?: { readonly [label: string]: string };
}

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

const asks = (...cards: CallPart["cards"]): ThreadState =>
  threadOf({
    turns: [
      answered,
      turnOf(
        cards[0]?.type === "connection-requested" ? "When can I bring the lamp in?" : "Please repair my lamp.",
        [textOf("Let me see.", { step: 0 }), askingOf(cards)],
        { status: "waiting" },
      ),
    ],
  });
const afterwards = (cards: CallPart["cards"], said: string, more: Partial<CallPart> = {}): ThreadState =>
  threadOf({
    turns: [
      answered,
      turnOf(cards[0]?.type === "connection-requested" ? "When can I bring the lamp in?" : "Please repair my lamp.", [
        askingOf(cards, { status: "ended", ...more }),
        textOf(said, { step: 2 }),
      ]),
    ],
  });
const me = { by: { kind: "customer", id: "c" }, decidedAt: NOW + 60_000 } as const;
const notDone = { outcome: "refused", refusal: "not-connected" } as const;
const connectedAt = NOW - 40 * 24 * 60 * 60_000;

export const stories: Readonly<Record<string, Story>> = {
  closed: { state: threadOf(), closed: true },
  "closed with unread messages": { state: threadOf({ turns: [answered] }), closed: true, unread: 2 },
  connecting: { state: emptyThread },
  "greeting with starters": { state: threadOf() },
  "empty without a greeting": { state: threadOf({ assistant: { name: "Anna", starters: [], trace: "full", messageCharacters: 2000 } }) },
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
  connect: { state: asks(connectionOf()) },
  "connect again": { state: asks(connectionOf({ reason: "expired", scopes: [] })) },
  "connect for more": {
    state: asks(connectionOf({ reason: "scope", scopes: ["https://api.calendar.example/auth/calendar.events.readonly"] })),
  },
  "connect elsewhere": { state: asks(connectionOf()), opens: "window", press: ["Connect"] },
  "connect blocked": { state: asks(connectionOf()), opens: "nothing", press: ["Connect"] },
  "connect left": { state: asks(connectionOf()), opens: "closed", press: ["Connect"] },
  "connect unavailable": { state: asks(connectionOf()), opens: "nothing", press: ["Connect"], signIn: slow },
  "connect sent": { state: asks(connectionOf({ deciding: "skipped" })) },
  "connect too late": { state: asks(connectionOf({ expiresAt: NOW - 1000 })) },
  "connect failed": {
    state: asks(
      connectionOf({ error: { code: "sign-in-unavailable", message: "The other service's sign-in cannot be reached right now." } }),
    ),
  },
  connected: {
    state: afterwards([connectionOf({ status: "connected", ...me })], "You are free on Tuesday at 10:00. Shall I note it down?"),
  },
  "connect skipped": {
    state: afterwards([connectionOf({ status: "skipped", ...me })], "All right. Tell me a day, then I look at our own times.", notDone),
  },
  "connect expired": {
    state: afterwards([connectionOf({ status: "expired", by: { kind: "system", id: "s" } })], "I could not see your calendar.", notDone),
  },
  form: { state: asks(formOf()) },
  "form of all kinds": {
    state: asks(
      formOf({
        message: "All that a form may hold.",
        fields: [
          { kind: "text", name: "note", title: "What is wrong with it?", required: true, maxLength: 400, default: "It flickers." },
          { kind: "text", name: "page", title: "Where did you buy it?", required: false, format: "uri" },
          { kind: "text", name: "day", title: "Bring it on", required: true, format: "date", default: "2026-03-16" },
          { kind: "text", name: "moment", title: "Call me at", required: false, format: "date-time", default: "2026-03-16T10:30:00Z" },
          { kind: "number", name: "price", title: "Most it may cost", required: false, integer: false, minimum: 10, default: 24.5 },
          {
            kind: "choice",
            name: "branch",
            title: "Workshop",
            required: true,
            options: ["Berlin", "Bremen", "Dresden", "Essen", "Hamburg", "Leipzig"].map((title) => ({ value: title.toLowerCase(), title })),
          },
          {
            kind: "choices",
            name: "parts",
            title: "Parts to look at",
            description: "As many as you like, at most three.",
            required: false,
            maxItems: 3,
            options: ["Shade", "Bulb", "Cable", "Switch"].map((title) => ({ value: title.toLowerCase(), title })),
            default: ["shade"],
          },
          {
            kind: "choice",
            name: "size",
            title: "Size",
            required: false,
            options: ["Small", "Large"].map((title) => ({ value: title.toLowerCase(), title })),
          },
        ],
      }),
    ),
  },
  "form with faults": { state: asks(formOf()), typed: { "Age of the lamp in years optional": "twelve" }, press: ["Submit"] },
  "form refused by the server": {
    state: asks(
      formOf({
        error: { code: "unfit-answer", message: "Something in the form does not fit.", detail: '"Email" has to be an email address.' },
      }),
    ),
  },
  "form sent": { state: asks(formOf({ deciding: "accept" })) },
  "form too late": { state: asks(formOf({ expiresAt: NOW - 1000 })) },
  "two forms": {
    state: asks(
      formOf({ fields: [{ kind: "text", name: "name", title: "Your name", required: true }] }),
      formOf({
        requestId: "request-2",
        message: "And when may we call?",
        fields: [{ kind: "text", name: "when", title: "Day", required: true, format: "date" }],
      }),
    ),
  },
  "form answered": { state: afterwards([formOf({ status: "accept", ...me })], "Booked. We write when the lamp is ready.") },
  "form declined": { state: afterwards([formOf({ status: "decline", ...me })], "All right, I left it as it was.") },
  "form expired": { state: afterwards([formOf({ status: "expired", by: { kind: "system", id: "s" } })], "There was no answer in time.") },
  "call over before an answer": { state: afterwards([formOf()], "The workshop hung up.", { outcome: "failed" }) },
  page: { state: asks(pageOf()) },
  "page with a misleading address": {
    state: asks(
      pageOf({ url: `https://www.bank.example@xn--pypal-4ve.example:8443/${"very-long-path/".repeat(12)}?next=https://bank.example/` }),
    ),
  },
  "page that is none": { state: asks(pageOf({ url: "javascript:alert(1)" })) },
  "page opened": { state: afterwards([pageOf({ status: "accept", ...me })], "Thank you, the payment is confirmed.") },
  connections: {
    state: threadOf({ turns: [answered] }),
    connections: [
      { connectionId: "connection-1", server: "calendar", serverName: "Calendar", connectedAt, status: "connected" },
      {
        connectionId: "connection-2",
        server: "parcels",
        serverName: "Parcel North",
        connectedAt: NOW - 400 * 86_400_000,
        status: "expired",
      },
    ],
    press: ["Menu", "Connections"],
  },
  "connections asked": {
    state: threadOf({ turns: [answered] }),
    connections: [{ connectionId: "connection-1", server: "calendar", serverName: "Calendar", connectedAt, status: "connected" }],
    press: ["Menu", "Connections", "Disconnect Calendar"],
  },
  "no connections": { state: threadOf({ turns: [answered] }), connections: [], press: ["Menu", "Connections"] },
  reconnecting: { state: threadOf({ turns: [answered], connection: "reconnecting" }) },
  offline: { state: threadOf({ turns: [answered], connection: "offline", queued: [messageOf("And order 1043?", { status: "sending" })] }) },
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
