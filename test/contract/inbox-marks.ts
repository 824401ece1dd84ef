import { describe, expect, onTestFinished, test } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import type { OpenedInbox } from "./inbox.ts";
import { CUSTOMER, message, proposed, started } from "./store-drafts.ts";

const STAFF = { kind: "staff", id: "anna", name: "Anna" } as const;
const MEMBER = { id: "anna", groups: [] };
const unknown = (callId: string): EventDraft => ({ type: "tool-call-ended", turnId: "turn-0001", callId, outcome: "unknown" });

/** The law of what conversations are found by, and marked with, once its cause is gone, for every maker of `Inbox`. */
export function inboxMarksContract(name: string, open: () => Promise<OpenedInbox>): void {
  describe(`${name} forgets what conversations were found by`, () => {
    test("an unknown outcome: with the last such call that is settled; what else ended is found as before", async () => {
      const { store, inbox, cleanup } = await open();
      onTestFinished(cleanup);
      const append = (at: number, ...events: EventDraft[]) => store.append({ conversationId: "a", at, events });
      const settle = (at: number, callId: string, outcome: "ok" | "failed" | "unknown") =>
        append(at, { type: "tool-call-settled", callId, by: STAFF, outcome });
      const found = async (outcome: string) => ({
        listed: (await inbox.listInbox({ view: "all", filter: { outcome }, member: MEMBER, now: 9, limit: 9 })).map(({ id }) => id),
        few: await inbox.fewConversations({ outcome }, 9),
      });
      const [here, gone] = [
        { listed: ["a"], few: ["a"] },
        { listed: [], few: [] },
      ];
      const create = { assistant: "shop", customerId: "customer-1" };
      await store.append({ conversationId: "a", at: 1, create, events: [message("message-1")] });
      for (const callId of ["call-0001", "call-0002"]) await append(2, proposed(callId), started(callId), unknown(callId));
      await settle(3, "call-0001", "unknown");
      await settle(4, "call-0001", "failed");
      expect(await found("unknown")).toEqual(here);
      await settle(5, "call-0002", "ok");
      expect(await found("unknown")).toEqual(gone);
      expect([await found("ok"), await found("failed")]).toEqual([here, here]);
      await append(6, proposed("call-0003"), started("call-0003"), unknown("call-0003"));
      expect(await found("unknown")).toEqual(here);
    });

    test("a call: it is marked since when its customer is on one, until that call has ended", async () => {
      const { store, inbox, cleanup } = await open();
      onTestFinished(cleanup);
      const append = (at: number, ...events: EventDraft[]) => store.append({ conversationId: "a", at, events });
      const began = (voiceCallId: string): EventDraft => ({ type: "voice-call-started", voiceCallId, by: CUSTOMER, via: "page" });
      const over = (voiceCallId: string): EventDraft => ({ type: "voice-call-ended", voiceCallId, reason: "hung-up", durationMs: 1 });
      const entry = async () => (await inbox.listInbox({ view: "all", filter: {}, member: MEMBER, now: 9, limit: 9 }))[0];
      const create = { assistant: "shop", customerId: "customer-1" };
      await store.append({ conversationId: "a", at: 1, create, events: [message("message-1")] });
      await append(2, began("voice-call-1"));
      expect(await entry()).toMatchObject({ onCallSince: 2, activeAt: 2 });
      // Another tab took it over before the first one's end was written.
      await append(4, began("voice-call-2"), over("voice-call-1"));
      expect(await entry()).toMatchObject({ onCallSince: 4 });
      await append(5, over("voice-call-2"));
      expect(await entry()).not.toHaveProperty("onCallSince");
    });
  });
}
