import type { WireError } from "../../protocol/errors.ts";
import type { CallPart, ThreadState } from "../../widget/thread/state.ts";
import { shortAnswer } from "./answers.ts";
import { askingOf, callOf, connectionOf, formOf, NOW, pageOf, textOf, threadOf, turnOf } from "./pieces.ts";
import type { Story } from "./story.ts";

const slow: WireError = { code: "rate-limited", message: "Too many messages in a short time.", retryAfterMs: 12_000 };
const answered = turnOf("Where is order 1042?", [callOf(), textOf(shortAnswer)]);
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

/** Sign-ins, forms, pages and connections. */
export const cardStories: Readonly<Record<string, Story>> = {
  connect: { state: asks(connectionOf()) },
  "connect again": { state: asks(connectionOf({ reason: "expired", scopes: [] })) },
  "connect for more": {
    state: asks(connectionOf({ reason: "scope", scopes: ["https://api.calendar.example/auth/calendar.events.readonly"] })),
  },
  "connect elsewhere": { state: asks(connectionOf()), opens: "window", press: ["Connect"] },
  "connect blocked": { state: asks(connectionOf()), opens: "nothing", press: ["Connect"] },
  "connect left": { state: asks(connectionOf()), opens: "closed", press: ["Connect"] },
  "connect declined": { state: asks(connectionOf()), opens: "closed", declined: true, press: ["Connect"] },
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
};
