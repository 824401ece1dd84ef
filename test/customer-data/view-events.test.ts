import { expect, test } from "vitest";
import type { JournalEvent } from "../../protocol/events.ts";
import { stripEvent } from "../../server/customer-data/strip-event.ts";

const TOOL = { source: "mcp", server: "orders", serverName: "Orders", tool: "track", title: "Track" } as const;
const numbered = { seq: 7, at: 1 };

test("what a view said and did is gone with the traces, that it did something stays, and results alone touch neither", () => {
  const context: JournalEvent = {
    ...numbered,
    type: "view-context",
    callId: "call-0001",
    tool: TOOL,
    text: "The customer lives at 5 Mill Lane",
  };
  const noted: JournalEvent = {
    ...numbered,
    type: "view-noted",
    callId: "call-0001",
    what: "link-asked",
    detail: "https://mill.example/5",
  };
  expect(stripEvent(context, "traces")).toEqual({ ...context, text: "" });
  expect(stripEvent(noted, "traces")).toEqual({ ...numbered, type: "view-noted", callId: "call-0001", what: "link-asked" });
  expect([stripEvent(context, "results"), stripEvent(noted, "results")]).toEqual([context, noted]);
});

test("a view's call loses its arguments and its result like any other, and keeps whose it was", () => {
  const call: JournalEvent = {
    ...numbered,
    type: "tool-call-proposed",
    turnId: "turn-0001",
    step: 0,
    callId: "call-0002",
    tool: TOOL,
    arguments: { street: "Mill Lane" },
    byView: "call-0001",
  };
  const stripped = stripEvent(call, "traces");
  expect(stripped).not.toHaveProperty("arguments");
  expect(stripped).toMatchObject({ byView: "call-0001" });
});
