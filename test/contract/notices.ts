import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../server/conversation/ports/store.ts";
import type { NewDelivery, NoticeStore } from "../../server/notices/ports.ts";
import { approvalRequested, CONVERSATION, CREATE, CUSTOMER, decided, message, proposed } from "./store-drafts.ts";

export interface OpenedNotices {
  readonly store: Store;
  readonly notices: NoticeStore;
  /** Closes both and opens what they kept. */
  reopen(): Promise<OpenedNotices>;
  cleanup(): Promise<void>;
}

const delivery = (id: string, more: Partial<NewDelivery> = {}): NewDelivery => ({
  id,
  channel: "webhook",
  target: "hook",
  event: "person.asked",
  body: "{}",
  at: 10,
  ...more,
});
const ANSWER = { at: 20, durationMs: 3, status: 500, text: "no" };

/** The law of the `NoticeStore` port. Every maker runs it in its own test file. */
export function noticesContract(name: string, open: () => Promise<OpenedNotices>): void {
  describe(`${name}, as a NoticeStore`, () => {
    let opened: OpenedNotices;
    beforeEach(async () => void (opened = await open()));
    afterEach(() => opened.cleanup());

    const asked = { type: "person-asked", by: CUSTOMER, open: true } as const;
    const begin = () => opened.store.append({ conversationId: CONVERSATION, create: CREATE, at: 1, events: [message("message-1")] });
    const ids = (found: readonly { readonly id: unknown }[]) => found.map(({ id }) => id);

    test("keeps what an append raises with it, and nothing of an append that is refused", async () => {
      await begin();
      const refused = opened.store.append({ conversationId: CONVERSATION, at: 2, afterSeq: 0, events: [asked] });
      await expect(refused).rejects.toThrow();
      expect(await opened.notices.listRaised(10)).toEqual([]);
      await opened.store.append({ conversationId: CONVERSATION, at: 3, events: [asked] });
      opened = await opened.reopen();
      expect(await opened.notices.listRaised(10)).toMatchObject([{ at: 3, place: { conversationId: CONVERSATION, seq: 2 } }]);
    });

    test("raises what concerns the staff, and no other event", async () => {
      await begin();
      const append = (events: Parameters<Store["append"]>[0]["events"]) =>
        opened.store.append({ conversationId: CONVERSATION, at: 2, events });
      await append([proposed("call-0001"), approvalRequested("approval-1", "call-0001")]);
      expect(await opened.notices.listRaised(10)).toEqual([]);
      await append([approvalRequested("approval-2", "call-0001", { approver: "staff" })]);
      await append([decided("approval-2", "call-0001", { decision: "expired" })]);
      await append([{ type: "tool-call-ended", turnId: "turn-0001", callId: "call-0001", outcome: "unknown" }]);
      await append([{ type: "tool-call-ended", turnId: "turn-0001", callId: "call-0001", outcome: "ok" }]);
      expect((await opened.notices.listRaised(10)).map(({ place }) => place?.seq)).toEqual([4, 5, 6]);
    });

    test("tells listeners after the commit, until they end it", async () => {
      const heard: number[] = [];
      const end = opened.notices.onRaised(() => heard.push(heard.length));
      await begin();
      expect(heard).toEqual([]);
      await opened.store.append({ conversationId: CONVERSATION, at: 3, events: [asked] });
      await opened.notices.raise({ event: "budget.warning", data: {} }, 4);
      expect(heard).toEqual([0, 1]);
      end();
      await opened.notices.raise({ event: "budget.warning", data: {} }, 4);
      expect(heard).toEqual([0, 1]);
      expect((await opened.notices.listRaised(9)).at(-1)?.body).toEqual({ event: "budget.warning", data: {} });
    });

    test("forgets what was raised together with keeping its deliveries", async () => {
      await opened.notices.raise({}, 1);
      const [raised] = await opened.notices.listRaised(1);
      await opened.notices.giveOut([raised!.id], [delivery("d-1"), delivery("d-2", { dueAt: 50 })]);
      opened = await opened.reopen();
      expect(await opened.notices.listRaised(1)).toEqual([]);
      expect(ids(await opened.notices.listDue({ now: 49, limit: 9, except: [] }))).toEqual(["d-1"]);
      expect(ids(await opened.notices.listDue({ now: 50, limit: 9, except: [] }))).toEqual(["d-1", "d-2"]);
      expect(ids(await opened.notices.listDue({ now: 50, limit: 9, except: ["hook"] }))).toEqual([]);
      expect(await opened.notices.nextDue(10)).toBe(50);
      expect(await opened.notices.nextDue(50)).toBeUndefined();
    });

    test("an id is given out once: with a repeated one nothing of the transaction is kept", async () => {
      await opened.notices.giveOut([], [delivery("d-1")]);
      await opened.notices.raise({}, 1);
      const [raised] = await opened.notices.listRaised(1);
      await expect(opened.notices.giveOut([raised!.id], [delivery("d-2"), delivery("d-1")])).rejects.toThrow();
      expect(await opened.notices.listRaised(9)).toHaveLength(1);
      expect(await opened.notices.find("d-2")).toBeUndefined();
    });

    test("writes attempts down, and what ended waits no longer until it begins again", async () => {
      const { notices } = opened;
      await notices.giveOut([], [delivery("d-1")]);
      expect(await notices.attempted("d-1", { status: "waiting", dueAt: 70, answer: ANSWER })).toBe(true);
      expect(await notices.find("d-1")).toMatchObject({ status: "waiting", attempts: 1, dueAt: 70, answer: ANSWER });
      expect(await notices.again("d-1", 71)).toBe(false);
      expect(await notices.attempted("d-1", { status: "dead", answer: ANSWER })).toBe(true);
      expect(await notices.find("d-1")).toMatchObject({ status: "dead", attempts: 2, endedAt: 23 });
      expect(await notices.attempted("d-1", { status: "delivered", answer: ANSWER })).toBe(false);
      expect(await notices.listDue({ now: 1e9, limit: 9, except: [] })).toEqual([]);
      expect(await notices.again("d-1", 90)).toBe(true);
      expect(await notices.find("d-1")).toMatchObject({ status: "waiting", attempts: 0, dueAt: 90, at: 90 });
      expect(await notices.again("nothing", 90)).toBe(false);
    });

    test("lists those of a target, the newest first, page by page", async () => {
      const { notices } = opened;
      await notices.giveOut([], [delivery("d-1"), delivery("d-2"), delivery("d-3"), delivery("x", { target: "other" })]);
      await notices.giveOut([], [delivery("m", { channel: "mail" })]);
      const of = { channel: "webhook", target: "hook" } as const;
      expect(ids(await notices.listOf({ ...of, limit: 2 }))).toEqual(["d-3", "d-2"]);
      expect(ids(await notices.listOf({ ...of, limit: 2, before: "d-2" }))).toEqual(["d-1"]);
      expect(await notices.listOf({ ...of, limit: 2, before: "gone" })).toEqual([]);
    });

    test("deletes what ended long ago, in steps, and nothing that waits", async () => {
      const { notices } = opened;
      await notices.giveOut([], [delivery("d-1"), delivery("d-2"), delivery("d-3")]);
      for (const id of ["d-1", "d-2"]) await notices.attempted(id, { status: "delivered", answer: ANSWER });
      expect(await notices.purge(23, 9)).toBe(0);
      expect(await notices.purge(24, 1)).toBe(1);
      expect(await notices.purge(24, 9)).toBe(1);
      expect(await notices.find("d-3")).toBeDefined();
    });
  });
}
