/** Calls that wait for the staff, and calls that were sent and never answered, written while no server runs. */
import type { EventDraft } from "../../../protocol/events.ts";
import { databasePath } from "../../../server/start/open-store.ts";
import { openSqliteStore } from "../../../server/store/sqlite/sqlite-store.ts";
import { type Desk, restart, startDesk } from "./desk.ts";
import { makePots, startOrders } from "./peers.ts";

export const askStaff = { permission: "needs_approval", approver: "staff" };

const HOUR = 60 * 60_000;
const by = { kind: "customer", id: "customer-1" } as const;
const STAFF = { kind: "staff", id: "kim", name: "Kim" } as const;

/** A call of a conversation of its own: one that waits for the staff, or one that was sent and never answered. */
async function seed(
  desk: Desk,
  calls: readonly { readonly id: string; readonly amount: number; readonly isUnknown?: boolean; readonly notesSince?: number }[],
): Promise<Desk> {
  return restart(desk, async (settings) => {
    const store = await openSqliteStore({ path: databasePath(settings) });
    for (const { id, amount, isUnknown = false, notesSince = 0 } of calls) {
      const turnId = `turn-of-${id}`;
      const callId = `call-of-${id}`;
      const input = { orderId: id, amount };
      const about = { turnId, callId } as const;
      const tool = { source: "mcp", server: "orders", serverName: "Orders", tool: "refund_order", title: "Refund order" } as const;
      const waits: EventDraft = {
        type: "approval-requested",
        ...about,
        approvalId: `approval-of-${id}`,
        approver: "staff",
        arguments: input,
        fields: [
          { name: "orderId", title: "Order", value: id },
          { name: "amount", title: "Amount", value: amount, format: "money", currency: "EUR" },
        ],
        argumentsHash: `hash-of-${id}`,
        rememberable: false,
        expiresAt: Date.now() + HOUR + amount,
      };
      const unknown = [
        { type: "tool-call-started", ...about, attempt: 1 },
        { type: "tool-call-ended", ...about, outcome: "unknown", text: "Nobody knows.", cause: "The line broke." },
        { type: "turn-ended", turnId, outcome: "done" },
      ] as const;
      await store.append({
        conversationId: `conversation-of-${id}`,
        create: { assistant: "pots", customerId: "customer-1" },
        at: Date.now(),
        events: [
          { type: "message-received", messageId: `message-of-${id}`, text: `Refund ${id}`, by },
          { type: "turn-started", turnId, messageId: `message-of-${id}` },
          { type: "step-ended", turnId, step: 0, text: "" },
          {
            type: "tool-call-proposed",
            ...about,
            step: 0,
            name: "orders__refund_order",
            tool,
            arguments: input,
            definitionHash: "as-it-was",
          },
          ...(isUnknown ? unknown : [waits]),
          ...Array.from({ length: notesSince }, (_, at): EventDraft => ({
            type: "note-written",
            noteId: `note-of-${id}-${at}`,
            text: `Since then ${at}`,
            by: STAFF,
          })),
        ],
      });
    }
    await store.close();
  });
}

/** A desk on which these calls stand. */
export async function seededDesk(calls: Parameters<typeof seed>[1]): Promise<Desk> {
  const desk = await startDesk();
  await makePots(desk);
  await desk.admin.api("POST", "/mcp-servers", { key: "orders", name: "Orders", url: await startOrders() });
  await desk.admin.api("POST", "/assistants/pots/connectors", { server: "orders", permissions: { "*": askStaff } });
  return seed(desk, calls);
}
