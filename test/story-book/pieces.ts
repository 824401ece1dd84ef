import type { ApprovalCard, CallPart, CustomerMessage, TextPart, ThreadState, Turn } from "../../widget/thread/state.ts";

/** The moment at which every story plays: 12 March 2026, 14:00 UTC. */
export const NOW = Date.UTC(2026, 2, 12, 14, 0);

export const emptyThread: ThreadState = {
  conversationId: "conversation-1",
  lastSeq: 0,
  firstSeq: 0,
  more: false,
  connection: "connecting",
  turns: [],
  queued: [],
  clockOffsetMs: 0,
  opened: false,
  ledger: { events: [], heardSeq: 0, textMissed: false, waiting: [], outbox: [] },
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
    media: [],
    ...more,
  };
}

export function cardOf(more: Partial<ApprovalCard> = {}): ApprovalCard {
  return {
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
  const call = callOf({ callId: "call-refund", tool: refund, status: "waiting", step: 1, approval: cardOf(card), ...more });
  const { outcome, durationMs, ...waiting } = call;
  return call.status === "ended"
    ? { ...waiting, ...(outcome === undefined ? {} : { outcome }), ...(durationMs === undefined ? {} : { durationMs }) }
    : waiting;
}
