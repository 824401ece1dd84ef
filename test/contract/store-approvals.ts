import { describe, expect, test } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import { ApprovalTakenError } from "../../server/conversation/ports/errors.ts";
import type { Store } from "../../server/conversation/ports/store.ts";
import type { OpenedStore } from "./opened-store.ts";
import { approvalRequested, ask, CONVERSATION, CREATE, decided, message, proposed, started, TURN } from "./store-drafts.ts";

export function storeKeepsApprovals(opened: () => OpenedStore): void {
  describe("an approval", () => {
    test("is kept as it was asked for", async () => {
      const { store } = opened();
      await ask(store, "approval-1", { approver: "staff", rememberable: false, expiresAt: 1_000.5 });
      expect(await store.findApproval("approval-1")).toEqual({
        approvalId: "approval-1",
        conversationId: CONVERSATION,
        callId: "call-0001",
        turnId: TURN,
        status: "waiting",
        approver: "staff",
        argumentsHash: "arguments-1",
        rememberable: false,
        expiresAt: 1_000.5,
        given: [],
      });
      expect(await store.findApproval("approval-2")).toBeUndefined();
    });

    test("takes one of many decisions at once, and tells the others what it is", async () => {
      const { store } = opened();
      await ask(store);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          write(store, [decided("approval-1", "call-0001", { decision: index % 2 === 0 ? "approved" : "rejected" })]),
        ),
      );
      const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
      const { status } = (await store.findApproval("approval-1"))!;
      expect(refused).toHaveLength(19);
      for (const error of refused) {
        expect(error).toBeInstanceOf(ApprovalTakenError);
        expect(error.status).toBe(status);
      }
      expect((await store.find(CONVERSATION))!.lastSeq).toBe(4);
    });

    test("starts its call once, whoever tries at once", async () => {
      const { store } = opened();
      await ask(store);
      await write(store, [decided("approval-1", "call-0001")]);
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => write(store, [started("call-0001", "approval-1")])));
      expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
      expect((await store.findApproval("approval-1"))!.status).toBe("consumed");
      expect((await store.readFrom(CONVERSATION, 1, 100)).filter((event) => event.type === "tool-call-started")).toHaveLength(1);
    });

    for (const decision of ["rejected", "expired", "withdrawn"] as const)
      test(`that was ${decision} neither starts a call nor is decided again`, async () => {
        const { store } = opened();
        await ask(store);
        await write(store, [decided("approval-1", "call-0001", { decision })]);
        await refuses(store, [started("call-0001", "approval-1")]);
        await refuses(store, [decided("approval-1", "call-0001")]);
        expect((await store.findApproval("approval-1"))!.status).toBe(decision);
      });

    test("does not start a call before a decision", async () => {
      const { store } = opened();
      await ask(store);
      await refuses(store, [started("call-0001", "approval-1")]);
    });

    test("is approved until the last moment before it expires, and rejected or expired even later", async () => {
      const { store } = opened();
      await ask(store, "approval-1");
      await write(store, [proposed("call-0002"), approvalRequested("approval-2", "call-0002")]);
      await refuses(store, [decided("approval-1", "call-0001")], 1_000);
      await refuses(store, [decided("approval-1", "call-0001")], 1_001);
      expect((await store.findApproval("approval-1"))!.status).toBe("waiting");
      await write(store, [decided("approval-1", "call-0001", { decision: "expired" })], 1_000);
      await write(store, [decided("approval-2", "call-0002")], 999);
      await write(store, [started("call-0002", "approval-2")], 2_000);
      expect((await store.findApproval("approval-2"))!.status).toBe("consumed");
    });

    test("is good for its own call and its own conversation only", async () => {
      const { store } = opened();
      await ask(store);
      await store.append({
        conversationId: "conversation-2",
        at: 1,
        create: CREATE,
        events: [message("message-1"), proposed("call-0001")],
      });
      await write(store, [proposed("call-0002")]);

      await refuses(store, [decided("approval-1", "call-0001")], 3, "conversation-2");
      await refuses(store, [decided("approval-1", "call-0002")]);
      await refuses(store, [decided("approval-9", "call-0001")]);
      await write(store, [decided("approval-1", "call-0001")]);
      await refuses(store, [started("call-0001", "approval-1")], 3, "conversation-2");
      await refuses(store, [started("call-0002", "approval-1")]);
      await refuses(store, [started("call-0001", "approval-9")]);
      expect((await store.findApproval("approval-1"))!.status).toBe("approved");
    });

    test("for the conversation leaves a grant for exactly the definition that was shown", async () => {
      const { store } = opened();
      await ask(store, "approval-1", { definitionHash: "definition-7" });
      await write(store, [decided("approval-1", "call-0001", { scope: "conversation" })]);
      await write(store, [proposed("call-0002"), approvalRequested("approval-2", "call-0002", { definitionHash: "definition-7" })]);
      await write(store, [decided("approval-2", "call-0002", { scope: "conversation" })]);

      expect(await store.grants(CONVERSATION)).toEqual([{ server: "orders", tool: "refund_order", definitionHash: "definition-7" }]);
      expect(await store.grants("conversation-2")).toEqual([]);
    });

    test("of several people keeps who gave theirs, for which arguments, until it is decided", async () => {
      const { store, waiting } = opened();
      const fields = [{ name: "order", title: "Order", value: "7" }];
      await ask(store, "approval-1", { approver: "staff", people: 2, groups: ["billing"], because: "amount > 100", escalated: true });
      await write(store, [given("ada", "arguments-1")], 3);
      await write(store, [given("kim", "arguments-2", { arguments: { order: "7" }, fields })], 4);
      const all = [
        { by: "ada", name: "ada", at: 3, argumentsHash: "arguments-1" },
        { by: "kim", name: "kim", at: 4, argumentsHash: "arguments-2" },
      ];
      expect(await store.findApproval("approval-1")).toMatchObject({
        status: "waiting",
        people: 2,
        groups: ["billing"],
        escalated: true,
        given: all,
        argumentsHash: "arguments-2",
        argumentsSeq: 5,
      });
      expect(await waiting.findWaiting("approval-1", 10)).toMatchObject({
        arguments: { order: "7" },
        requestedArguments: { order: "1042" },
        argumentsHash: "arguments-2",
        given: all,
        people: 2,
        groups: ["billing"],
        because: "amount > 100",
        escalated: true,
      });
      expect(await waiting.findWaiting("approval-1", 1_000)).toBeUndefined();
      await refuses(store, [given("eve", "arguments-2")], 1_000);
      expect(await store.findEdit(CONVERSATION, "call-0001")).toBeUndefined();
      await write(store, [decided("approval-1", "call-0001", { arguments: { order: "7" }, argumentsHash: "arguments-2", fields })], 5);
      await refuses(store, [given("eve", "arguments-2")], 6);
      expect(await store.findEdit(CONVERSATION, "call-0001")).toMatchObject({ seq: 6, arguments: { order: "7" } });
      expect(await waiting.findWaiting("approval-1", 10)).toBeUndefined();
    });

    test("reminds the staff at half and at four fifths of its time, each once, whoever asks at once", async () => {
      const { store, reminders } = opened();
      if (reminders === undefined) return;
      await ask(store, "approval-1", { approver: "staff", expiresAt: 1_002, groups: ["billing"] });
      await write(
        store,
        [proposed("call-0002"), approvalRequested("approval-2", "call-0002", { approver: "customer", expiresAt: 1_002 })],
        2,
      );
      const due = async (now: number) => {
        const all = await Promise.all(Array.from({ length: 5 }, () => reminders.takeReminders(now, 10)));
        return all.flat();
      };
      expect(await due(501)).toEqual([]);
      const reminder = { approvalId: "approval-1", conversationId: CONVERSATION, callId: "call-0001", groups: ["billing"] };
      expect(await due(502)).toEqual([{ ...reminder, requestedAt: 2, expiresAt: 1_002 }]);
      expect(await due(801)).toEqual([]);
      expect(await due(802)).toHaveLength(1);
      expect(await due(1_001)).toEqual([]);
    });

    test("that is decided, or whose time is over, reminds nobody", async () => {
      const { store, reminders } = opened();
      if (reminders === undefined) return;
      await ask(store, "approval-1", { approver: "staff", expiresAt: 1_002 });
      await write(
        store,
        [proposed("call-0002"), approvalRequested("approval-2", "call-0002", { approver: "either", expiresAt: 1_002 })],
        2,
      );
      await write(store, [decided("approval-1", "call-0001", { decision: "rejected" })], 3);
      expect(await reminders.takeReminders(1_002, 10)).toEqual([]);
      expect(await reminders.takeReminders(1_002, 10)).toEqual([]);
    });

    test("for once, or rejected for the conversation, leaves no grant", async () => {
      const { store } = opened();
      await ask(store);
      await write(store, [decided("approval-1", "call-0001", { scope: "once" })]);
      await write(store, [proposed("call-0002"), approvalRequested("approval-2", "call-0002")]);
      await write(store, [decided("approval-2", "call-0002", { scope: "conversation", decision: "rejected" })]);
      expect(await store.grants(CONVERSATION)).toEqual([]);
    });
  });
}

function given(by: string, argumentsHash: string, more: Partial<EventDraft & { type: "approval-given" }> = {}): EventDraft {
  const actor = { kind: "staff", id: by, name: by } as const;
  return { type: "approval-given", turnId: TURN, callId: "call-0001", approvalId: "approval-1", argumentsHash, by: actor, ...more };
}

type Drafts = Parameters<Store["append"]>[0]["events"];

function write(store: Store, events: Drafts, at = 3): ReturnType<Store["append"]> {
  return store.append({ conversationId: CONVERSATION, at, events });
}

/** The refusal is an `ApprovalTakenError`, and nothing was written, not even what stood before the refused event. */
async function refuses(store: Store, events: Drafts, at = 3, conversationId = CONVERSATION): Promise<void> {
  const before = await store.find(conversationId);
  await expect(store.append({ conversationId, at, events: [message("message-9"), ...events] })).rejects.toThrow(ApprovalTakenError);
  expect(await store.find(conversationId)).toEqual(before);
  expect(await store.readFrom(conversationId, before!.lastSeq + 1, 10)).toEqual([]);
}
