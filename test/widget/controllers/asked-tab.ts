import type { Card } from "../../../widget/thread/state.ts";
import type { Desk, Tab } from "./tab.ts";

export const customer = { kind: "customer", id: "customer-1" } as const;
export const turnId = "turn-0001";
export const ids = { turnId, callId: "call-0001", approvalId: "approval-0001" } as const;
const tool = { source: "mcp", server: "orders", serverName: "Orders", tool: "refund_order", title: "Refund an order" } as const;

/** Writes a message here; the call that answers it asks for approval. */
export async function ask(desk: Desk, tab: Tab): Promise<void> {
  const messageId = tab.thread.send("Refund order 1042")!;
  await tab.settle();
  desk.say(
    tab.id,
    { type: "turn-started", turnId, messageId },
    { type: "tool-call-proposed", turnId, step: 0, callId: ids.callId, tool },
    {
      type: "approval-requested",
      ...ids,
      approver: "customer",
      arguments: {},
      fields: [],
      argumentsHash: "hash",
      rememberable: false,
      expiresAt: 99_000,
    },
  );
  await tab.settle();
}

/** The first card of the first turn. */
export function card(tab: Tab): Card {
  return tab.thread.state.turns[0]!.parts.flatMap((part) => (part.kind === "call" ? part.cards : []))[0]!;
}

export function decide(tab: Tab, decision: "approved" | "rejected"): void {
  const frame = { approvalId: ids.approvalId, decision, argumentsHash: "hash", scope: "once" } as const;
  tab.thread.decide({ name: "approval-decide", frame, deciding: decision });
}
