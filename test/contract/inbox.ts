import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import { ConversationMissingError } from "../../server/conversation/ports/errors.ts";
import type { Append, Store } from "../../server/conversation/ports/store.ts";
import type { AuditDraft, AuditEntry } from "../../server/documents/ports.ts";
import {
  AssigneeChangedError,
  type Inbox,
  type InboxChange,
  type InboxFilter,
  type InboxView,
  MOST_TAGS,
} from "../../server/inbox/inbox.ts";
import { approvalRequested, CUSTOMER, decided, message, proposed, started } from "./store-drafts.ts";

export interface OpenedInbox {
  readonly store: Store;
  readonly inbox: Inbox;
  audit(): Promise<readonly AuditEntry[]>;
  cleanup(): Promise<void>;
}

const ANNA = { id: "anna", groups: ["refunds"] };
const BEN = { id: "ben", groups: [] };
const STAFF = { kind: "staff", id: "anna", name: "Anna" } as const;
const TURN = "turn-0001";
const answer = (text: string): EventDraft => ({ type: "step-ended", turnId: TURN, step: 1, text });
const unknown = (callId: string): EventDraft => ({ type: "tool-call-ended", turnId: TURN, callId, outcome: "unknown" });
const ended = (callId: string, outcome: "ok" | "failed"): EventDraft => ({ type: "tool-call-ended", turnId: TURN, callId, outcome });

/** The law of `Inbox`, for every maker of it. */
export function inboxContract(name: string, open: () => Promise<OpenedInbox>): void {
  describe(`${name} keeps the inbox`, () => {
    let opened: OpenedInbox;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.cleanup());

    const begin = (id: string, at: number, create: Partial<NonNullable<Append["create"]>> = {}, text?: string) =>
      opened.store.append({
        conversationId: id,
        at,
        create: { assistant: "shop", customerId: `customer-${id}`, ...create },
        events: [message(`message-of-${id}`, text)],
      });
    const append = (id: string, at: number, ...events: EventDraft[]) => opened.store.append({ conversationId: id, at, events });
    const list = (view: InboxView, filter: InboxFilter = {}, more: { member?: typeof ANNA; now?: number; limit?: number } = {}) =>
      opened.inbox.listInbox({ view, filter, member: ANNA, now: 1000, limit: 50, ...more });
    const ids = async (...query: Parameters<typeof list>) => (await list(...query)).map(({ id }) => id).join("");
    const change = (id: string, what: InboxChange, at = 500, audit: readonly AuditDraft[] = []) =>
      opened.inbox.changeInbox(id, what, { at, audit });
    const entry = async (id: string, member: typeof ANNA = ANNA) => (await list("all", {}, { member })).find((one) => one.id === id)!;

    test("newest activity first, page by page, also of one moment", async () => {
      await begin("a", 1);
      await begin("b", 2);
      await begin("c", 2);
      await begin("d", 3);
      await append("a", 9, message("message-2"));
      expect(await ids("open")).toBe("adcb");
      const paged: string[] = [];
      for (let after: { activeAt: number; id: string } | undefined; ;) {
        const [found] = await opened.inbox.listInbox({
          view: "open",
          filter: {},
          member: ANNA,
          now: 1000,
          limit: 1,
          ...(after === undefined ? {} : { after }),
        });
        if (found === undefined) break;
        paged.push(found.id);
        after = found;
      }
      expect(paged.join("")).toBe("adcb");
    });

    test("an entry says who wrote last and what, and nothing that did not happen", async () => {
      await begin("a", 1, { language: "de-AT", page: "https://shop.example/cart" }, "Wo ist\nmeine  Bestellung?");
      expect(await entry("a")).toEqual({
        id: "a",
        assistant: "shop",
        customer: "customer-a",
        createdAt: 1,
        updatedAt: 1,
        events: 1,
        waitingApprovals: 0,
        preview: false,
        activeAt: 1,
        closed: false,
        unknownCalls: 0,
        tags: [],
        priority: "normal",
        language: "de-AT",
        page: "https://shop.example/cart",
        lastMessage: { seq: 1, at: 1, by: "customer", text: "Wo ist meine Bestellung?" },
        unread: true,
        seen: false,
        version: 1,
      });
      await append("a", 2, answer(""), answer("x".repeat(500)));
      expect((await entry("a")).lastMessage).toEqual({ seq: 3, at: 2, by: "assistant", text: `${"x".repeat(200)}…` });
      await append("a", 3, { type: "reply-sent", messageId: "reply-001", text: "Hello", by: STAFF });
      expect((await entry("a")).lastMessage).toMatchObject({ by: "staff", text: "Hello" });
    });

    test("conversations in previews are not in it", async () => {
      await begin("a", 1, { preview: "preview-1" });
      await append("a", 2, message("message-2"));
      expect(await ids("all")).toBe("");
      await expect(change("a", { priority: "high" })).rejects.toBeInstanceOf(ConversationMissingError);
    });

    describe("views", () => {
      test("approval: while staff may decide something", async () => {
        await begin("a", 1);
        await begin("b", 2);
        await append("a", 3, proposed("call-0001"), approvalRequested("approval-a", "call-0001", { approver: "either" }));
        await append("b", 4, proposed("call-0001"), approvalRequested("approval-b", "call-0001", { approver: "customer" }));
        expect(await ids("approval")).toBe("a");
        expect((await entry("a")).waitingApprovals).toBe(1);
        await append("a", 5, decided("approval-a", "call-0001"));
        expect(await ids("approval")).toBe("");
      });

      test("person: from the question until somebody joins", async () => {
        await begin("a", 1);
        await append("a", 5, { type: "person-asked", by: CUSTOMER, open: true });
        expect(await ids("person")).toBe("a");
        expect((await entry("a")).askedAt).toBe(5);
        await append("a", 6, { type: "person-joined", by: STAFF });
        expect(await ids("person")).toBe("");
        expect(await entry("a")).toMatchObject({
          person: { id: "anna", name: "Anna" },
          assignee: { kind: "person", id: "anna", name: "Anna" },
        });
        expect([await ids("mine"), await ids("mine", {}, { member: BEN })]).toEqual(["a", ""]);
      });

      test("unknown: until it is settled", async () => {
        await begin("a", 1);
        await append("a", 2, proposed("call-0001"), started("call-0001"), unknown("call-0001"));
        expect(await ids("unknown")).toBe("a");
        await append("a", 3, { type: "tool-call-settled", callId: "call-0001", by: STAFF, outcome: "ok" });
        expect(await ids("unknown")).toBe("");
      });

      test("closed: until the customer writes again", async () => {
        await begin("a", 1);
        await begin("b", 2);
        await append("a", 3, { type: "conversation-closed", by: STAFF });
        expect([await ids("open"), await ids("closed")]).toEqual(["b", "a"]);
        await append("a", 4, message("message-2"));
        expect([await ids("open"), await ids("closed")]).toEqual(["ab", ""]);
        expect((await entry("a")).closed).toBe(false);
      });

      test("snoozed: comes back by itself, on top, and at once when the customer writes", async () => {
        await begin("a", 1);
        await begin("b", 2);
        await change("a", { snoozedUntil: 600 });
        await change("b", { snoozedUntil: 2000 });
        await append("a", 501, answer("Still here"));
        expect([await ids("open", {}, { now: 599 }), await ids("snoozed", {}, { now: 599 })]).toEqual(["", "ba"]);
        await begin("c", 550);
        expect([await ids("open", {}, { now: 600 }), await ids("snoozed", {}, { now: 600 })]).toEqual(["ac", "b"]);
        await append("b", 700, message("message-2"));
        expect([await ids("open"), await ids("snoozed")]).toEqual(["bac", ""]);
        await change("c", { snoozedUntil: 5000 });
        await change("c", { snoozedUntil: null });
        expect(await ids("open")).toContain("c");
      });

      test("mine: what was given to the member, or to a group of theirs, also when they join it later", async () => {
        for (const [index, id] of ["a", "b", "c"].entries()) await begin(id, index + 1);
        await change("a", { assignee: { to: { kind: "person", id: "anna", name: "Anna" } } });
        await change("b", { assignee: { to: { kind: "group", id: "refunds", name: "Refunds" } } });
        await change("c", { assignee: { to: { kind: "person", id: "ben", name: "Ben" } } });
        expect(await ids("mine")).toBe("ba");
        expect(await ids("mine", {}, { member: BEN })).toBe("c");
        expect(await ids("mine", {}, { member: { ...BEN, groups: ["refunds"] } })).toBe("cb");
      });
    });

    test("filters go together with every view", async () => {
      await begin("a", 1, { language: "de-AT", page: "https://shop.example/cart" });
      await begin("b", 2, { assistant: "help", customerId: "customer-1", language: "de" });
      await begin("c", 3, { customerId: "customer-1", language: "en" });
      await append("b", 4, proposed("call-0001"), started("call-0001"), ended("call-0001", "failed"));
      await append("c", 5, { type: "feedback-given", turnId: TURN, rating: "down", by: CUSTOMER });
      await change("a", { addTags: ["vip"], priority: "urgent", assignee: { to: { kind: "person", id: "anna", name: "Anna" } } });
      const found = async (filter: InboxFilter) => [await ids("open", filter), await ids("mine", filter), await ids("closed", filter)];
      expect(await found({ assistant: "shop" })).toEqual(["ca", "a", ""]);
      expect(await found({ customer: "customer-1" })).toEqual(["cb", "", ""]);
      expect(await found({ language: "de" })).toEqual(["ba", "a", ""]);
      expect(await found({ language: "de", assistant: "shop" })).toEqual(["a", "a", ""]);
      expect(await found({ page: "/cart" })).toEqual(["a", "a", ""]);
      expect(await found({ page: "https://shop.example/cart" })).toEqual(["a", "a", ""]);
      expect(await found({ tool: "orders/refund_order" })).toEqual(["b", "", ""]);
      expect(await found({ tool: "refund_order" })).toEqual(["b", "", ""]);
      expect(await found({ outcome: "failed" })).toEqual(["b", "", ""]);
      expect(await found({ feedback: "down" })).toEqual(["c", "", ""]);
      expect(await found({ tag: "vip" })).toEqual(["a", "a", ""]);
      expect(await found({ tag: "vip", customer: "customer-1" })).toEqual(["", "", ""]);
      expect(await found({ priority: "urgent" })).toEqual(["a", "a", ""]);
      expect(await found({ assignee: { kind: "person", id: "anna" } })).toEqual(["a", "a", ""]);
      expect(await found({ assignee: "nobody" })).toEqual(["cb", "", ""]);
      expect(await found({ from: 2, to: 4 })).toEqual(["cb", "", ""]);
      const among = await opened.inbox.findInInbox(["a", "b", "z"], { view: "open", filter: { language: "de" }, member: ANNA, now: 1000 });
      expect(
        among
          .map(({ id }) => id)
          .toSorted()
          .join(""),
      ).toBe("ab");
      expect(await opened.inbox.fewConversations({ tag: "vip" }, 1)).toEqual(["a"]);
      expect(await opened.inbox.fewConversations({ language: "de" }, 1)).toBeUndefined();
      expect(await opened.inbox.fewConversations({}, 1)).toBeUndefined();
    });

    test("whoever takes first has it, and the other hears who", async () => {
      await begin("a", 1);
      const take = (id: string, name: string) => change("a", { assignee: { to: { kind: "person", id, name }, was: null } });
      const [first, second] = await Promise.allSettled([take("anna", "Anna"), take("ben", "Ben")]);
      expect(first.status).toBe("fulfilled");
      expect(second.status).toBe("rejected");
      const { reason } = second as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(AssigneeChangedError);
      expect((reason as AssigneeChangedError).holder).toEqual({ kind: "person", id: "anna", name: "Anna" });
      expect((await entry("a")).assignee?.id).toBe("anna");
    });

    test("tags that two members give at once are all kept; the same again is once; there is an end", async () => {
      await begin("a", 1);
      await Promise.all([change("a", { addTags: ["vip", "late"] }), change("a", { addTags: ["vip", "refund"] })]);
      expect((await entry("a")).tags).toEqual(["vip", "late", "refund"]);
      await change("a", { removeTags: ["late", "never"] });
      expect((await entry("a")).tags).toEqual(["vip", "refund"]);
      expect([await ids("open", { tag: "late" }), await ids("open", { tag: "refund" })]).toEqual(["", "a"]);
      await change("a", { addTags: Array.from({ length: 50 }, (_, index) => `tag-${index}`) });
      expect((await entry("a")).tags).toHaveLength(MOST_TAGS);
    });

    test("a change is in the audit log, and one that is refused is not", async () => {
      await begin("a", 1);
      const audit = [
        { by: { kind: "person", id: "anna", name: "Anna" }, action: "conversation.update", target: { kind: "conversation", id: "a" } },
      ] as const;
      await change("a", { priority: "high" }, 7, audit);
      await expect(change("a", { assignee: { to: null, was: { kind: "person", id: "ben" } } }, 8, audit)).rejects.toBeInstanceOf(
        AssigneeChangedError,
      );
      expect((await opened.audit()).map(({ at }) => at)).toEqual([7]);
      expect((await entry("a")).version).toBe(2);
    });

    test("unread is each member's own; beside it stands whether anybody saw it", async () => {
      await begin("a", 1);
      await append("a", 2, answer("Hello"));
      expect(await entry("a")).toMatchObject({ unread: true, seen: false });
      await opened.inbox.markSeen("a", "anna", 2);
      expect(await entry("a")).toMatchObject({ unread: false, seen: true });
      expect(await entry("a", BEN)).toMatchObject({ unread: true, seen: true });
      await opened.inbox.markSeen("a", "anna", 1);
      await append("a", 3, answer("More"));
      expect((await entry("a")).unread).toBe(false);
      // What is still to come cannot have been seen.
      await opened.inbox.markSeen("a", "anna", 1_000_000);
      await append("a", 4, message("message-2"));
      expect(await entry("a")).toMatchObject({ unread: true, seen: false });
      await expect(opened.inbox.markSeen("z", "anna", 1)).rejects.toBeInstanceOf(ConversationMissingError);
    });

    test("counts say how many each view has, and how many of them this member has not seen", async () => {
      for (const [index, id] of ["a", "b", "c"].entries()) await begin(id, index + 1);
      await append("a", 5, { type: "conversation-closed", by: STAFF });
      await append("b", 6, { type: "person-asked", by: CUSTOMER, open: false });
      await opened.inbox.markSeen("c", "anna", 1);
      expect(await opened.inbox.countInbox(ANNA, 1000)).toEqual({
        open: { count: 2, unread: 1 },
        approval: { count: 0, unread: 0 },
        person: { count: 1, unread: 1 },
        unknown: { count: 0, unread: 0 },
        mine: { count: 0, unread: 0 },
        closed: { count: 1, unread: 1 },
        snoozed: { count: 0, unread: 0 },
      });
    });

    test("a customer who becomes known is found by the new name alone", async () => {
      await begin("a", 1);
      await append("a", 2, { type: "customer-identified", customerId: "known-1", before: "customer-a" });
      expect([await ids("open", { customer: "known-1" }), await ids("open", { customer: "customer-a" })]).toEqual(["a", ""]);
    });
  });
}
