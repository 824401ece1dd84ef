/** Journals for the trace: one with everything that a step may be, and ones of any length. */
import type { EventDraft, JournalEvent, ToolReference } from "../../../protocol/events.ts";

export const BEGUN = Date.UTC(2026, 10, 29, 9, 0, 0);
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const ADA = { kind: "staff", id: "ada", name: "Ada" } as const;
export const CUSTOMER = { kind: "customer", id: "customer-one" } as const;
export const REFUND: ToolReference = {
  source: "mcp",
  server: "orders",
  serverName: "Orders",
  tool: "refund_order",
  title: "Refund an order",
  destructive: true,
  trusted: true,
};
export const LOOK_UP: ToolReference = { ...REFUND, tool: "look_up", title: "Look up an order", destructive: false, readOnly: true };

/** Events and how long after the one before each was written, in milliseconds. */
export type Told = readonly (readonly [afterMs: number, event: EventDraft])[];

export function numbered(told: Told, from = 1, begun = BEGUN): readonly JournalEvent[] {
  let at = begun;
  return told.map(([afterMs, event], index) => {
    at += afterMs;
    return { ...event, seq: from + index, at } as JournalEvent;
  });
}

export const turnId = "turn-0001";
const CALL = { turnId, callId: "call-refund" };
const CHANGED = { order: "1042", amount: 45, note: "kettle lid only" };

/** A refund that waits two hours for staff, who change the amount; a sign-in, a question, and a turn that fails. */
export const REFUND_STORY: Told = [
  [
    0,
    {
      type: "message-received",
      messageId: "message-1",
      text: "Where is order **1042**? I want my money back.",
      by: CUSTOMER,
      sessionId: "session-one",
    },
  ],
  [20, { type: "turn-started", turnId, messageId: "message-1", version: 3 }],
  [
    2_400,
    {
      type: "step-ended",
      turnId,
      step: 1,
      text: "I look it up.",
      model: "gpt-large",
      usage: { inputTokens: 12_480, outputTokens: 64 },
      durationMs: 2_380,
      firstTokenMs: 610,
    },
  ],
  [
    5,
    {
      type: "tool-call-proposed",
      turnId,
      step: 1,
      callId: "call-look",
      name: "orders__look_up",
      tool: LOOK_UP,
      arguments: { order: "1042" },
    },
  ],
  [5, { type: "tool-call-started", turnId, callId: "call-look", attempt: 1 }],
  [
    840,
    {
      type: "tool-call-ended",
      turnId,
      callId: "call-look",
      outcome: "ok",
      text: '{"order":"1042","status":"delivered"}',
      bytes: 38,
      durationMs: 838,
    },
  ],
  [
    1_900,
    {
      type: "step-ended",
      turnId,
      step: 2,
      text: "",
      model: "gpt-large",
      usage: { inputTokens: 12_730, outputTokens: 41 },
      durationMs: 1_890,
      firstTokenMs: 540,
    },
  ],
  [
    4,
    { type: "tool-call-proposed", ...CALL, step: 2, name: "orders__refund_order", tool: REFUND, arguments: { order: "1042", amount: 145 } },
  ],
  [
    2,
    {
      type: "approval-requested",
      ...CALL,
      approvalId: "approval-1",
      approver: "staff",
      arguments: { order: "1042", amount: 145 },
      fields: [
        { name: "order", title: "Order", value: "1042" },
        { name: "amount", title: "Amount", value: 145 },
      ],
      argumentsHash: "hash",
      rememberable: false,
      expiresAt: BEGUN + 86_400_000,
      because: "amount > 100",
      people: 2,
    },
  ],
  [3_600_000, { type: "note-written", noteId: "note-0001", text: "Asked the warehouse: only the lid came back.", by: ADA }],
  [
    3_000_000,
    { type: "approval-given", ...CALL, approvalId: "approval-1", argumentsHash: "hash", by: { kind: "staff", id: "grace", name: "Grace" } },
  ],
  [
    600_000,
    {
      type: "approval-decided",
      ...CALL,
      approvalId: "approval-1",
      decision: "approved",
      scope: "once",
      by: ADA,
      reason: "Lid only",
      arguments: CHANGED,
    },
  ],
  [10, { type: "tool-call-started", ...CALL, approvalId: "approval-1", attempt: 1 }],
  [
    300,
    {
      type: "connection-requested",
      ...CALL,
      requestId: "request-1",
      server: "orders",
      serverName: "Orders",
      scopes: ["refunds"],
      reason: "first",
      expiresAt: BEGUN + 90_000_000,
    },
  ],
  [45_000, { type: "connection-decided", ...CALL, requestId: "request-1", decision: "connected", by: CUSTOMER }],
  [10, { type: "tool-call-started", ...CALL, attempt: 2 }],
  [
    400,
    {
      type: "input-requested",
      ...CALL,
      requestId: "request-2",
      server: "orders",
      serverName: "Orders",
      mode: "form",
      message: "Which card?",
      fields: [],
      expiresAt: BEGUN + 90_000_000,
    },
  ],
  [30_000, { type: "input-decided", ...CALL, requestId: "request-2", action: "accept", content: { card: "4242" }, by: CUSTOMER }],
  [
    700,
    {
      type: "sampling-ended",
      ...CALL,
      requestId: "request-3",
      server: "orders",
      outcome: "ok",
      prompt: "Summarise",
      text: "A refund of 45.",
      model: "gpt-large",
    },
  ],
  [
    900,
    {
      type: "tool-call-ended",
      ...CALL,
      outcome: "unknown",
      cause: "The connection broke after the request had been sent.",
      durationMs: 2_300,
    },
  ],
  [
    1_300,
    {
      type: "step-ended",
      turnId,
      step: 3,
      text: "I could not see whether the refund",
      cut: "broken",
      model: "gpt-large",
      durationMs: 1_290,
    },
  ],
  [
    10,
    { type: "turn-ended", turnId, outcome: "failed", error: "model-unavailable", cause: "The model's server answered 503: overloaded." },
  ],
  [60_000, { type: "tool-call-settled", callId: "call-refund", by: ADA, outcome: "ok", note: "Seen in the bank's list." }],
  [5_000, { type: "person-asked", by: CUSTOMER, open: true }],
  [40_000, { type: "person-joined", by: ADA }],
  [20_000, { type: "reply-sent", messageId: "reply-0001", text: "Hello, the 45 are on their way.", by: ADA }],
  [30_000, { type: "handed-back", by: ADA, summary: "Refund confirmed." }],
  [10_000, { type: "summary-written", throughSeq: 20, text: "The customer got 45 back for order 1042." }],
  [5_000, { type: "feedback-given", turnId, rating: "down", comment: "Slow", by: CUSTOMER }],
  [1_000, { type: "conversation-closed", by: ADA }],
];

/** What its calls gave back. */
export const REFUND_RESULTS = {
  "call-look": {
    content: [
      {
        kind: "text",
        text: '{"order":"1042","status":"delivered","items":[{"name":"Kettle","price":100},{"name":"Kettle lid","price":45}]}',
      },
      { kind: "image", mimeType: "image/png", data: PIXEL },
    ],
    structured: { order: "1042", status: "delivered", address: { city: "Bremen", street: "Am Wall 1" } },
  },
} as const;

/** As many turns of six steps each: a message, the turn, two model steps, a call, the end. */
export function longStory(turns: number): Told {
  return Array.from({ length: turns }, (_, number): Told => {
    const id = `turn-${String(number).padStart(6, "0")}`;
    const callId = `call-${String(number).padStart(6, "0")}`;
    const messageId = `message-${String(number).padStart(6, "0")}`;
    return [
      [30_000, { type: "message-received", messageId, text: `Where is order ${number}?`, by: CUSTOMER }],
      [10, { type: "turn-started", turnId: id, messageId }],
      [
        900,
        {
          type: "step-ended",
          turnId: id,
          step: 1,
          text: "",
          model: "gpt-small",
          usage: { inputTokens: 900 + number, outputTokens: 20 },
          durationMs: 890,
          firstTokenMs: 300,
        },
      ],
      [2, { type: "tool-call-proposed", turnId: id, step: 1, callId, tool: LOOK_UP, arguments: { order: String(number) } }],
      [2, { type: "tool-call-started", turnId: id, callId, attempt: 1 }],
      [250, { type: "tool-call-ended", turnId: id, callId, outcome: "ok", text: `Order ${number} is under way.`, durationMs: 248 }],
      [
        700,
        {
          type: "step-ended",
          turnId: id,
          step: 2,
          text: `Order ${number} is **under way**.`,
          model: "gpt-small",
          usage: { inputTokens: 980 + number, outputTokens: 30 },
          durationMs: 690,
          firstTokenMs: 280,
        },
      ],
      [1, { type: "turn-ended", turnId: id, outcome: "done" }],
    ];
  }).flat();
}
