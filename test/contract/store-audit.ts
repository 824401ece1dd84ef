import { describe, expect, test } from "vitest";
import { ApprovalTakenError, JournalMovedError } from "../../server/conversation/ports/errors.ts";
import type { AppendAudit } from "../../server/conversation/ports/store.ts";
import type { OpenedStore } from "./opened-store.ts";
import { ask, begin, CONVERSATION, CREATE, decided, message } from "./store-drafts.ts";

const ENTRY: AppendAudit = {
  by: { kind: "person", id: "person-1", name: "Ada" },
  action: "approval.decide",
  target: { kind: "approval", id: "approval-1" },
  after: { decision: "approved" },
};

export function storeKeepsAuditEntries(opened: () => OpenedStore): void {
  describe("the audit entries of an append", () => {
    test("are kept with it, at its time", async () => {
      const { store, audit, reopen } = opened();
      await ask(store);
      const key: AppendAudit = { ...ENTRY, by: { kind: "key", id: "key-1", name: "nightly" } };
      await store.append({ conversationId: CONVERSATION, at: 3, events: [decided("approval-1", "call-0001")], audit: [ENTRY, key] });
      expect(await audit()).toMatchObject([
        { ...ENTRY, at: 3 },
        { ...key, at: 3 },
      ]);
      await reopen();
      expect(await audit()).toHaveLength(2);
    });

    test("are not kept when it is refused", async () => {
      const { store, audit } = opened();
      await ask(store);
      await store.append({ conversationId: CONVERSATION, at: 3, events: [decided("approval-1", "call-0001", { decision: "rejected" })] });
      const decision = { conversationId: CONVERSATION, at: 4, events: [decided("approval-1", "call-0001")], audit: [ENTRY] };
      await expect(store.append(decision)).rejects.toThrow(ApprovalTakenError);
      await expect(store.append({ ...decision, events: [message("message-2")], afterSeq: 1 })).rejects.toThrow(JournalMovedError);
      expect(await audit()).toEqual([]);
    });

    test("are not kept when it changes nothing, since the message is there already", async () => {
      const { store, audit } = opened();
      await begin(store);
      const again = { conversationId: CONVERSATION, at: 2, create: CREATE, events: [message("message-1")], audit: [ENTRY] };
      expect(await store.append(again)).toEqual({ events: [], repeated: 1 });
      expect(await audit()).toEqual([]);
    });
  });
}
