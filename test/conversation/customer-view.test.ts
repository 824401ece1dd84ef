import { expect, test } from "vitest";
import type { JournalEvent } from "../../protocol/events.ts";
import { customerView } from "../../server/conversation/customer-view.ts";

const place = { seq: 7, at: 1, turnId: "turn-0001", callId: "call-0001" } as const;
const by = { kind: "customer", id: "customer-1" } as const;

test("a customer sees who asks for a sign-in, what for, and how it was decided", () => {
  const asked: JournalEvent = {
    ...place,
    type: "connection-requested",
    requestId: "request-1",
    server: "orders",
    serverName: "Orders",
    scopes: ["read"],
    reason: "first",
    expiresAt: 9,
  };
  expect(customerView(asked)).toEqual(asked);
  const decided: JournalEvent = { ...place, type: "connection-decided", requestId: "request-1", decision: "connected", by };
  expect(customerView(decided)).toEqual(decided);
});

test("a customer sees a question with its fields, and of an answer only that it was given", () => {
  const asked: JournalEvent = {
    ...place,
    type: "input-requested",
    requestId: "request-1",
    server: "orders",
    serverName: "Orders",
    mode: "form",
    message: "Seats?",
    fields: [],
    expiresAt: 9,
  };
  expect(customerView(asked)).toEqual(asked);
  const answered: JournalEvent = { ...place, type: "input-decided", requestId: "request-1", action: "accept", content: { seats: 2 }, by };
  const { content: _content, ...seen } = answered;
  expect(customerView(answered)).toEqual(seen);
});

test.each<JournalEvent>([
  { ...place, type: "tool-call-paused", requestState: "state", inputs: { a: "request-1" } },
  { ...place, type: "tool-call-resumed" },
  { ...place, type: "tool-call-task", taskId: "task-1", pollMs: 5 },
  { ...place, type: "sampling-ended", requestId: "request-2", server: "orders", outcome: "ok", prompt: "say", text: "said" },
])("a customer sees of $type only its number, so a call that began is running until it ends", (event) => {
  expect(customerView(event)).toEqual({ seq: 7, at: 1, type: "hidden" });
});

test("a customer does not see what is kept of a result", () => {
  const ended: JournalEvent = {
    ...place,
    type: "tool-call-ended",
    outcome: "ok",
    text: '{"card":"[text]"}',
    keep: "redacted",
    bytes: 3,
    durationMs: 4,
  };
  expect(customerView(ended)).toEqual({ ...place, type: "tool-call-ended", outcome: "ok", durationMs: 4 });
});

test("staff are known by name only, whatever they decided", () => {
  const staff = { kind: "staff", id: "kim@shop.example", name: "Kim" } as const;
  const decided: JournalEvent = { ...place, type: "connection-decided", requestId: "request-1", decision: "withdrawn", by: staff };
  expect(customerView(decided)).toMatchObject({ by: { kind: "staff", id: "staff", name: "Kim" } });
  // What a key is called is for staff: without a name, the chat says that it was the team.
  const byKey: JournalEvent = { ...decided, by: { kind: "staff", id: "key-1", name: "nightly job", program: true } };
  expect(customerView(byKey)).toMatchObject({ by: { kind: "staff", id: "staff" } });
  expect(JSON.stringify(customerView(byKey))).not.toMatch(/nightly|program|key-1/);
});
