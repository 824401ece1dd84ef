import { describe, expect, test } from "vitest";
import type { WaitingApprovalFilter, WaitingPlace } from "../../server/inbox/waiting-approvals.ts";
import type { OpenedStore } from "./opened-store.ts";
import { approvalRequested, ask, CONVERSATION, decided, message, proposed, started } from "./store-drafts.ts";

export function storeListsWaitingApprovals(opened: () => OpenedStore): void {
  describe("the list of waiting approvals", () => {
    const list = async (filter: WaitingApprovalFilter = {}, more: { after?: WaitingPlace; limit?: number; now?: number } = {}) =>
      opened().waiting.listWaiting({ limit: 10, now: 10, filter, ...more });
    const ids = async (...query: Parameters<typeof list>) => (await list(...query)).map(({ approvalId }) => approvalId);

    /** An approval that waits in a conversation of its own, asked for at `at`. */
    async function waits(approvalId: string, at: number, { assistant = "shop", ...changes }: Parameters<typeof asked>[1] = {}) {
      await opened().store.append({
        conversationId: `conversation-of-${approvalId}`,
        at,
        create: { assistant, customerId: "customer-1" },
        events: asked(approvalId, changes),
      });
    }

    test("gives all that a decision needs", async () => {
      const { store } = opened();
      await ask(store, "approval-1", { approver: "staff", arguments: { order: "1042", why: "Ünïcode 🙂" }, rememberable: false });
      expect(await list()).toEqual([
        {
          approvalId: "approval-1",
          conversationId: CONVERSATION,
          assistant: "shop",
          customer: "customer-1",
          preview: false,
          callId: "call-0001",
          server: "orders",
          serverName: "Orders",
          tool: "refund_order",
          title: "Refund an order",
          arguments: { order: "1042", why: "Ünïcode 🙂" },
          fields: [],
          argumentsHash: "arguments-1",
          approver: "staff",
          rememberable: false,
          requestedAt: 2,
          expiresAt: 1_000,
          given: [],
        },
      ]);
    });

    test("has whoever waits longest first, page by page, also of one moment", async () => {
      await waits("approval-c", 4);
      await waits("approval-b", 3);
      await waits("approval-a", 3);
      await waits("approval-d", 5);
      expect(await ids()).toEqual(["approval-a", "approval-b", "approval-c", "approval-d"]);
      const paged: string[] = [];
      for (let after: WaitingPlace | undefined; ;) {
        const page = await list({}, { limit: 1, ...(after === undefined ? {} : { after }) });
        if (page[0] === undefined) break;
        paged.push(page[0].approvalId);
        after = page[0];
      }
      expect(paged).toEqual(["approval-a", "approval-b", "approval-c", "approval-d"]);
    });

    test("is filtered by assistant, and by who may decide", async () => {
      await waits("approval-1", 1, { approver: "staff" });
      await waits("approval-2", 2, { approver: "customer" });
      await waits("approval-3", 3, { approver: "either", assistant: "help" });
      expect(await ids({ assistant: "shop" })).toEqual(["approval-1", "approval-2"]);
      expect(await ids({ approver: "staff" })).toEqual(["approval-1", "approval-3"]);
      expect(await ids({ approver: "customer" })).toEqual(["approval-2", "approval-3"]);
      expect(await ids({ approver: "staff", assistant: "shop" })).toEqual(["approval-1"]);
      expect(await ids({ assistant: "nobody" })).toEqual([]);
    });

    for (const decision of ["approved", "rejected", "expired", "withdrawn"] as const)
      test(`has none that was ${decision}`, async () => {
        const { store } = opened();
        await ask(store);
        await store.append({ conversationId: CONVERSATION, at: 3, events: [decided("approval-1", "call-0001", { decision })] });
        expect(await ids()).toEqual([]);
      });

    test("has none that was consumed, and none whose time is over", async () => {
      const { store } = opened();
      await ask(store);
      await store.append({
        conversationId: CONVERSATION,
        at: 3,
        events: [decided("approval-1", "call-0001"), started("call-0001", "approval-1")],
      });
      await waits("approval-2", 4, { expiresAt: 20 });
      expect(await ids({}, { now: 19 })).toEqual(["approval-2"]);
      expect(await ids({}, { now: 20 })).toEqual([]);
    });

    test("is there after the store was opened anew", async () => {
      await ask(opened().store);
      await opened().reopen();
      expect(await ids()).toEqual(["approval-1"]);
    });
  });
}

function asked(approvalId: string, changes: NonNullable<Parameters<typeof approvalRequested>[2]> & { assistant?: string }) {
  return [message("message-1"), proposed("call-0001"), approvalRequested(approvalId, "call-0001", changes)];
}
