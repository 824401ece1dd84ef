import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import type { OpenedStore } from "../../server/store/opened-store.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { approvalRequested, decided, message, proposed, started } from "../contract/store-drafts.ts";
import { countedFrom, type WholeJournal } from "../usage/counted.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const QUARTER_MS = 900_000;
const QUARTERS = 4;

async function openStore(): Promise<OpenedStore> {
  const folder = await temporaryFolder();
  const store = await openSqliteStore({ path: join(folder.path, "frontdesk.db") });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  return store;
}

const by = { kind: "customer", id: "customer-1" } as const;
const staff = { kind: "staff", id: "ada", name: "Ada" } as const;
const turnId = fc.constantFrom("turn-0001", "turn-0002");
const duration = fc.option(fc.integer({ min: 0, max: 500_000 }), { nil: undefined });

/** Events that the store takes in any order. */
const free: fc.Arbitrary<EventDraft> = fc.oneof(
  fc.record({
    type: fc.constant("step-ended" as const),
    turnId,
    step: fc.nat(3),
    text: fc.constant("Hello."),
    model: fc.constantFrom("gpt", "claude opus"),
    durationMs: fc.integer({ min: 0, max: 100_000 }),
    usage: fc.oneof(fc.constant({}), fc.record({ inputTokens: fc.nat(1_000), outputTokens: fc.nat(1_000), cachedTokens: fc.nat(10) })),
    cost: fc.constantFrom({ amount: 0.25, currency: "USD" }, { amount: 1.5, currency: "EUR" }),
  }),
  turnId.map((id): EventDraft => ({ type: "step-ended", turnId: id, step: 0, text: "", model: "gpt" })),
  fc.record({
    type: fc.constant("turn-ended" as const),
    turnId,
    outcome: fc.constantFrom("done" as const, "stopped" as const, "failed" as const),
  }),
  turnId.map((id): EventDraft => ({ type: "turn-ended", turnId: id, outcome: "failed", error: "budget-reached" })),
  fc
    .record({
      type: fc.constant("feedback-given" as const),
      turnId,
      rating: fc.constantFrom("up" as const, "down" as const, "none" as const),
    })
    .map((draft) => ({ ...draft, by })),
  fc.record({
    type: fc.constant("voice-call-ended" as const),
    voiceCallId: fc.constant("voice-call-1"),
    reason: fc.constantFrom("hung-up" as const, "left" as const),
    durationMs: fc.nat(600_000),
  }),
  fc.constantFrom<EventDraft>(
    { type: "person-asked", by, open: true },
    { type: "person-joined", by: staff },
    { type: "handed-back", by: staff },
    { type: "conversation-closed", by: staff },
  ),
);

/** A whole call, with a person asked or without. */
const call = (number: number): fc.Arbitrary<readonly EventDraft[]> =>
  fc
    .record({
      server: fc.constantFrom("orders", "http"),
      tool: fc.constantFrom("refund_order", "a/b", "look up"),
      source: fc.constantFrom("mcp" as const, "host" as const),
      outcome: fc.constantFrom("ok" as const, "failed" as const, "unknown" as const, "refused" as const, "cancelled" as const),
      durationMs: duration,
      decision: fc.constantFrom(undefined, "rejected" as const, "expired" as const, "approved" as const),
    })
    .map(({ server, tool, source, outcome, durationMs, decision }) => {
      const callId = `call-${String(number).padStart(4, "0")}`;
      const approvalId = `approval-${number}`;
      const reference = { source, server, serverName: server, tool, title: tool };
      const asked =
        decision === undefined
          ? []
          : [
              approvalRequested(approvalId, callId, { expiresAt: 1e15 }),
              decided(approvalId, callId, { decision, by: decision === "expired" ? { kind: "system", id: "frontdesk" } : staff }),
            ];
      const begun = outcome === "refused" ? [] : [started(callId)];
      const ended = { type: "tool-call-ended", turnId: "turn-0001", callId, outcome } as const;
      return [proposed(callId, { tool: reference }), ...asked, ...begun, durationMs === undefined ? ended : { ...ended, durationMs }];
    });

const pieces = fc
  .array(fc.oneof({ weight: 3, arbitrary: free.map((one) => [one]) }, { weight: 2, arbitrary: fc.nat(1e6).chain(call) }), { maxLength: 12 })
  .map((all) =>
    all.filter(
      (one, index) =>
        all.findIndex((other) => idOf(other) !== undefined && idOf(other) === idOf(one)) === -1 ||
        all.findIndex((other) => idOf(other) === idOf(one)) === index,
    ),
  );

function idOf([first]: readonly EventDraft[]): string | undefined {
  return first?.type === "tool-call-proposed" ? first.callId : undefined;
}

const conversations = fc.array(
  fc.record({
    assistant: fc.constantFrom("shop", "pots"),
    preview: fc.boolean(),
    pieces: fc.array(fc.record({ events: pieces.map((all) => all.flat()), quarter: fc.nat(QUARTERS - 1) }), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 4 },
);

async function countedIn({ usage }: OpenedStore): Promise<Readonly<Record<string, number>>> {
  const sums: Record<string, number> = {};
  for (const assistant of await usage.listAssistants())
    for (let quarter = 0; quarter < QUARTERS; quarter += 1) {
      const span = { from: quarter, to: quarter + 1 };
      const rows = [...(await usage.readCounts(assistant, span)), ...(await usage.readTimes(assistant, span))];
      for (const { measure, subject, amount } of rows) {
        const name = [assistant, quarter, measure, subject].join("|");
        sums[name] = (sums[name] ?? 0) + amount;
      }
    }
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0));
}

describe("what is counted", () => {
  test("is what a reading of all journals counts, whatever happened", async () => {
    await fc.assert(
      fc.asyncProperty(conversations, async (all) => {
        const folder = await temporaryFolder();
        const store = await openSqliteStore({ path: join(folder.path, "frontdesk.db") });
        try {
          const journals: WholeJournal[] = [];
          for (const [index, { assistant, preview, pieces: parts }] of all.entries()) {
            const conversationId = `conversation-${index}`;
            const create = { assistant, customerId: "customer-1", ...(preview ? { preview: "draft-1" } : {}) };
            await store.append({ conversationId, at: 5, events: [message("message-1")], create });
            const known = new Set<string>();
            for (const { events, quarter } of parts.toSorted((one, other) => one.quarter - other.quarter)) {
              // The same call again would be another call.
              const fresh = events.filter((event) => !("callId" in event) || !known.has(event.callId));
              for (const event of fresh) if (event.type === "tool-call-ended") known.add(event.callId);
              const owned = fresh.map((event) =>
                "approvalId" in event ? { ...event, approvalId: `${event.approvalId}-${index}` } : event,
              );
              for (const one of owned) await store.append({ conversationId, at: quarter * QUARTER_MS + 10, events: [one as EventDraft] });
            }
            journals.push({ assistant, preview, events: await store.readFrom(conversationId, 1, 1000) });
          }
          const expected = countedFrom(journals);
          const found = await countedIn(store);
          expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted());
          for (const [name, amount] of Object.entries(expected)) expect([name, found[name]]).toEqual([name, expect.closeTo(amount, 6)]);
        } finally {
          await store.close();
          await folder.remove();
        }
      }),
      { numRuns: 60 },
    );
  });

  test("does not count an append that is refused, nor a message that is repeated", async () => {
    const store = await openStore();
    const create = { assistant: "shop", customerId: "customer-1" };
    await store.append({ conversationId: "conversation-1", at: 5, events: [message("message-1")], create });
    await store.append({ conversationId: "conversation-1", at: 6, events: [message("message-1")], create });
    const step = { type: "step-ended", turnId: "turn-0001", step: 0, text: "", model: "gpt", usage: { inputTokens: 7 } } as const;
    await expect(store.append({ conversationId: "conversation-1", at: 7, events: [step], afterSeq: 9 })).rejects.toThrow();
    expect(await countedIn(store)).toEqual({ "shop|0|conversations|": 1 });
  });
});

describe("ratings", () => {
  test("the newest of each answer counts, and the conversation says whether any is bad", async () => {
    const store = await openStore();
    const conversationId = "conversation-1";
    await store.append({ conversationId, at: 5, events: [message("message-1")], create: { assistant: "shop", customerId: "customer-1" } });
    const rate = (id: string, rating: "up" | "down" | "none", at: number) =>
      store.append({ conversationId, at, events: [{ type: "feedback-given", turnId: id, rating, by }] });
    const ratings = async () => Object.fromEntries(Object.entries(await countedIn(store)).filter(([name]) => name.includes("feedback")));
    const found = async (feedback: "up" | "down") =>
      (await store.inbox.listInbox({ view: "open", filter: { feedback }, member: { id: "ada", groups: [] }, limit: 9, now: 20 })).length;
    await rate("turn-0001", "down", 10);
    await rate("turn-0002", "up", 10);
    expect(await ratings()).toEqual({ "shop|0|feedback|down": 1, "shop|0|feedback|up": 1 });
    expect([await found("down"), await found("up")]).toEqual([1, 1]);
    // Another quarter: it is taken back where it was counted.
    await rate("turn-0001", "up", QUARTER_MS + 1);
    expect(await ratings()).toEqual({ "shop|0|feedback|up": 1, "shop|1|feedback|up": 1 });
    await rate("turn-0001", "none", 2 * QUARTER_MS);
    await rate("turn-0002", "none", 2 * QUARTER_MS);
    expect(await ratings()).toEqual({});
    expect([await found("down"), await found("up")]).toEqual([0, 0]);
  });
});
