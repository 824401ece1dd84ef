import * as fc from "fast-check";
import type { EventDraft } from "../../protocol/events.ts";
import type { Store } from "../../server/conversation/ports/store.ts";
import { approvalRequested, decided, ended, heard, message, proposed, started, stop, summary } from "./store-drafts.ts";

/** One thing done to a store. Its answer, or its error's name, is what two makers must agree on. */
export interface Command {
  readonly what: string;
  run(store: Store): Promise<unknown>;
}

// Few ids and few moments, so that commands meet each other often.
const conversationId = fc.constantFrom("conversation-a", "conversation-b");
const callId = fc.constantFrom("call-0001", "call-0002");
const approvalId = fc.constantFrom("approval-1", "approval-2");
const time = fc.integer({ min: 0, max: 6 });
const seq = fc.integer({ min: 0, max: 8 });
const lease = fc.record({ conversationId, fence: fc.integer({ min: 0, max: 3 }) });
const definitionHash = fc.constantFrom("definition-1", "definition-2", undefined);
const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\0", "\ud800", "'; drop table events; --", "👩‍🚀"));

const draft: fc.Arbitrary<EventDraft> = fc.oneof(
  fc.tuple(fc.constantFrom("message-1", "message-2", "message-3"), text).map(([id, words]) => message(id, words)),
  fc.tuple(callId, definitionHash, fc.jsonValue()).map(([id, hash, value]) => proposed(id, { ...optional(hash), arguments: { value } })),
  fc.tuple(approvalId, callId, time, definitionHash).map(([id, call, expiresAt, hash]) => {
    const { definitionHash: _none, ...rest } = approvalRequested(id, call, { expiresAt }) as EventDraft & { definitionHash: string };
    return { ...rest, ...optional(hash) };
  }),
  fc
    .tuple(
      approvalId,
      callId,
      fc.constantFrom("approved", "approved", "approved", "rejected", "expired", "withdrawn"),
      fc.constantFrom("once", "conversation"),
    )
    .map(([id, call, decision, scope]) => decided(id, call, { decision, scope } as const)),
  fc.tuple(callId, fc.option(approvalId, { nil: undefined })).map(([call, approval]) => started(call, approval)),
  callId.map(ended),
  seq.map(summary),
  fc.constant(stop()),
  fc.constant(heard()),
);

function optional(hash: string | undefined): { definitionHash?: string } {
  return hash === undefined ? {} : { definitionHash: hash };
}

const append = fc
  .record({
    conversationId,
    at: time,
    events: fc.array(draft, { maxLength: 3 }),
    once: fc.option(fc.constantFrom("written once", "written once too"), { nil: undefined, freq: 1 }),
    lease: fc.option(lease, { nil: undefined, freq: 1 }),
    create: fc.constantFrom({ assistant: "shop", customerId: "customer-1" }, { assistant: "shop", customerId: "customer-2" }, undefined),
    release: fc.option(fc.record({ seenSeq: seq }), { nil: undefined }),
    results: fc.option(fc.dictionary(callId, fc.record({ content: fc.constant([]), structured: fc.jsonValue() })), { nil: undefined }),
  })
  .map((value) => {
    const entry = Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as unknown as Parameters<
      Store["append"]
    >[0];
    return command("append", [entry], (store) => store.append(entry));
  });

const write = fc.oneof(
  { weight: 6, arbitrary: append },
  {
    weight: 2,
    arbitrary: fc
      .record(
        { conversationId, holder: fc.constantFrom("node-1", "node-2"), now: time, untilMs: time, turnId: fc.constant("turn-begun") },
        { requiredKeys: ["conversationId", "holder", "now", "untilMs"] },
      )
      .map((request) => command("acquireLease", [request], (store) => store.acquireLease(request))),
  },
  { weight: 1, arbitrary: fc.tuple(lease, time).map((args) => command("renewLease", args, (store) => store.renewLease(...args))) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        lease,
        fc.oneof(
          fc.record({ seenSeq: seq, openSeq: seq, runnable: fc.boolean() }),
          fc.record({ seenSeq: seq, openSeq: seq, runnable: fc.boolean(), wakeAt: time }),
        ),
      )
      .map((args) => command("releaseLease", args, (store) => store.releaseLease(...args))),
  },
);

/** Sequences of writes, in groups that are asked for at once. */
export const commandGroups: fc.Arbitrary<Command[][]> = fc.array(fc.array(write, { minLength: 1, maxLength: 6 }), { maxLength: 14 });

function command(name: string, args: readonly unknown[], run: (store: Store) => Promise<unknown>): Command {
  return { what: `${name}(${JSON.stringify(args)})`, run };
}

/** The answer as something to compare: own errors by their words, the others only by having happened. */
export function answerOf(outcome: PromiseSettledResult<unknown>): unknown {
  if (outcome.status === "fulfilled") return { answer: JSON.stringify(outcome.value) };
  const cause: unknown = outcome.reason;
  const own = cause instanceof Error && cause.name.endsWith("Error") && /^(Approval|Conversation|Lease)/.test(cause.name);
  return { error: own ? cause.message : "another error" };
}

/** Everything that a store can tell about the ids that commands use. */
export async function everythingIn(store: Store): Promise<unknown> {
  const conversations = await Promise.all(
    ["conversation-a", "conversation-b"].map(async (id) => ({
      conversation: await store.find(id),
      events: (await store.readFrom(id, 1, 1_000)).map((event) => JSON.stringify(sorted(event))),
      middle: (await store.readBefore(id, 4, 2)).map((event) => event.seq),
      pages: [await store.readBefore(id, 9, 9, 200), await store.readFrom(id, 2, 9, 200)].map((page) => page.map((event) => event.seq)),
      turns: (await store.readTurns(id, 3)).map((event) => event.seq),
      requests: (await store.readRequests(id, 2)).map((event) => event.seq),
      grants: await store.grants(id),
      calls: await Promise.all(["call-0001", "call-0002"].map(async (call) => (await store.findCall(id, call))?.seq)),
      results: await Promise.all(["call-0001", "call-0002"].map(async (call) => JSON.stringify(await store.readResult(id, call)))),
    })),
  );
  const approvals = await Promise.all(["approval-1", "approval-2"].map((id) => store.findApproval(id)));
  const due = await Promise.all([0, 2, 4, 6].map(async (now) => (await store.listDue(now, 10)).toSorted()));
  return { conversations, approvals, due };
}

function sorted(event: object): object {
  return Object.fromEntries(Object.entries(event).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
