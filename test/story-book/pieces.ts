import type {
  ApprovalCard,
  CallPart,
  ConnectionCard,
  CustomerMessage,
  InputCard,
  TextPart,
  ThreadState,
  Turn,
} from "../../widget/thread/state.ts";

/** The moment at which every story plays: 12 March 2026, 14:00 UTC. */
export const NOW = Date.UTC(2026, 2, 12, 14, 0);

export const emptyThread: ThreadState = {
  conversationId: "conversation-1",
  lastSeq: 0,
  firstSeq: 0,
  more: false,
  connection: "connecting",
  turns: [],
  waiting: [],
  queued: [],
  clockOffsetMs: 0,
  opened: false,
  ledger: { events: [], heardSeq: 0, textMissed: false, outbox: [] },
};

export function threadOf(more: Partial<ThreadState> = {}): ThreadState {
  return {
    ...emptyThread,
    connection: "online",
    opened: true,
    assistant: {
      name: "Anna",
      greeting: "Hello, I am Anna. Ask me about your orders, returns and our lamps.",
      starters: ["Where is my order?", "Track my parcel", "I want to return a lamp"],
      trace: "full",
      messageCharacters: 2000,
    },
    ...more,
  };
}

export function messageOf(text: string, more: Partial<CustomerMessage> = {}): CustomerMessage {
  return { messageId: `message-${text.slice(0, 20).replace(/\W+/g, "-")}`, text, at: NOW - 120_000, status: "stored", ...more };
}

export function textOf(text: string, more: Partial<TextPart> = {}): TextPart {
  return { kind: "text", step: 1, text, open: false, ...more };
}

export function turnOf(question: string, parts: Turn["parts"], more: Partial<Turn> = {}): Turn {
  return {
    turnId: `turn-${question.slice(0, 20).replace(/\W+/g, "-")}`,
    message: messageOf(question),
    parts,
    status: "done",
    endedAt: NOW - 60_000,
    stopping: false,
    ...more,
  };
}

const lookUp = {
  source: "mcp",
  server: "orders",
  serverName: "Orders",
  tool: "lookup_order",
  title: "Look up order",
  readOnly: true,
} as const;
const refund = {
  source: "mcp",
  server: "orders",
  serverName: "Orders",
  tool: "refund_order",
  title: "Refund order",
  destructive: true,
} as const;

export function callOf(more: Partial<CallPart> = {}): CallPart {
  return {
    kind: "call",
    callId: "call-look-up",
    step: 0,
    tool: lookUp,
    status: "ended",
    outcome: "ok",
    durationMs: 412,
    cards: [],
    media: [],
    ...more,
  };
}

export function cardOf(more: Partial<ApprovalCard> = {}): ApprovalCard {
  return {
    type: "approval-requested",
    seq: 7,
    at: NOW - 55_000,
    turnId: "turn-2",
    callId: "call-refund",
    approvalId: "approval-1",
    approver: "customer",
    arguments: {
      order_id: "1042",
      amount: 4900,
      currency: "EUR",
      refund_on: "2026-03-14",
      notify: true,
      reason: "The lamp arrived with a crack in its shade.",
    },
    fields: [
      { name: "order_id", title: "Order", value: "1042" },
      { name: "amount", title: "Amount", value: 4900, format: "money", currency: "EUR" },
      { name: "refund_on", title: "Refund on", value: "2026-03-14", format: "date" },
      { name: "notify", title: "Tell me by mail", value: true },
      { name: "reason", title: "Reason", value: "The lamp arrived with a crack in its shade." },
    ],
    argumentsHash: "hash",
    rememberable: false,
    expiresAt: NOW + 14 * 60_000 - 5000,
    status: "waiting",
    ...more,
  };
}

export function refundOf(card: Partial<ApprovalCard> = {}, more: Partial<CallPart> = {}): CallPart {
  const call = callOf({ callId: "call-refund", tool: refund, status: "waiting", step: 1, cards: [cardOf(card)], ...more });
  const { outcome, durationMs, ...waiting } = call;
  return call.status === "ended"
    ? { ...waiting, ...(outcome === undefined ? {} : { outcome }), ...(durationMs === undefined ? {} : { durationMs }) }
    : waiting;
}

const asked = { seq: 7, at: NOW - 55_000, turnId: "turn-2", callId: "call-card", requestId: "request-1" };

export function connectionOf(more: Partial<ConnectionCard> = {}): ConnectionCard {
  return {
    ...asked,
    type: "connection-requested",
    server: "calendar",
    serverName: "Calendar",
    scopes: ["openid", "email", "calendar.events:read", "calendar.events:write"],
    reason: "first",
    expiresAt: NOW + 14 * 60_000 - 5000,
    status: "waiting",
    ...more,
  };
}

export function formOf(more: Partial<InputCard> = {}): InputCard {
  return {
    ...asked,
    type: "input-requested",
    server: "workshop",
    serverName: "Workshop",
    mode: "form",
    message: "Tell us about the lamp, so that we can repair it.",
    fields: [
      { kind: "text", name: "name", title: "Your name", required: true },
      { kind: "text", name: "email", title: "Email", description: "We write when it is ready.", required: true, format: "email" },
      { kind: "number", name: "age", title: "Age of the lamp in years", required: false, integer: true, minimum: 0, maximum: 99 },
      {
        kind: "choice",
        name: "colour",
        title: "Colour",
        required: true,
        options: [
          { value: "oak", title: "Oak" },
          { value: "ash", title: "Ash" },
        ],
        default: "oak",
      },
      { kind: "boolean", name: "warranty", title: "It is still under warranty", required: false },
    ],
    expiresAt: NOW + 9 * 60_000 - 5000,
    status: "waiting",
    ...more,
  };
}

export function pageOf(more: Partial<InputCard> = {}): InputCard {
  const { fields: _fields, ...rest } = formOf();
  return {
    ...rest,
    mode: "url",
    message: "Please confirm the payment of €12.00 for the repair.",
    url: "https://pay.workshop.example/confirm/3f1c9a?amount=12.00&currency=EUR",
    ...more,
  };
}

/** A call that waits for these cards, or goes on after them. */
export function askingOf(cards: CallPart["cards"], more: Partial<CallPart> = {}): CallPart {
  const tool = { ...lookUp, server: cards[0]?.type === "connection-requested" ? "calendar" : "workshop" };
  const isConnection = cards[0]?.type === "connection-requested";
  const {
    outcome: _outcome,
    durationMs: _duration,
    ...call
  } = callOf({
    callId: "call-card",
    step: 1,
    status: "waiting",
    cards,
    tool: {
      ...tool,
      serverName: isConnection ? "Calendar" : "Workshop",
      tool: isConnection ? "find_time" : "repair",
      title: isConnection ? "Find a free time" : "Book a repair",
    },
    ...more,
  });
  return call.status === "ended" ? { ...call, outcome: more.outcome ?? "ok", durationMs: 2400 } : call;
}
