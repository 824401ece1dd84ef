/**
 * One turn with everything in it that a person is asked, its process killed before and after every append; the
 * customer, who is no part of it, goes on with whatever the journal shows them.
 */
import { expect, test } from "vitest";
import type { EventDraft } from "../../protocol/events.ts";
import { customerView } from "../../server/conversation/customer-view.ts";
import { alwaysAllow, needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { decision, send } from "../support/desk-waits.ts";

let desk: Harness;

const FIELDS = [{ kind: "number", name: "seats", title: "Seats", required: true, integer: true }] as const;
const CALLS = [
  { name: "orders__legacy", arguments: {} },
  { name: "orders__modern", arguments: {} },
  { name: "orders__task", arguments: {} },
];

interface World {
  signedIn: boolean;
  /** What the servers did for good, by tool. */
  readonly did: string[];
}

function optionsOf(world: World): HarnessOptions {
  const form = { kind: "form", message: "Seats?", fields: FIELDS } as const;
  return {
    pollMs: 5,
    script: (request) => (request.messages.some((message) => message.role === "tool") ? say("Done.") : callTools(...CALLS)),
    permissions: { modern: needsApproval, "*": alwaysAllow },
    tools: [
      {
        tool: "legacy",
        run: async (_input, context) => {
          const { action } = await context.ask(form);
          if (action === "accept") world.did.push("legacy");
          return textResult(action);
        },
      },
      {
        tool: "modern",
        needsConnection: () => (world.signedIn ? undefined : { server: "orders", serverName: "Orders", scopes: [], reason: "first" }),
        run: (_input, { continuation }) => {
          if (continuation === undefined) return { outcome: "paused", requestState: "state", inputs: { form } };
          world.did.push("modern");
          return textResult("booked");
        },
      },
      {
        tool: "task",
        run: async (_input, { continuation, onTask }) => {
          if (continuation === undefined) {
            world.did.push("task");
            await onTask({ taskId: "task-1", pollMs: 1 });
          }
          return textResult("polled");
        },
      },
    ],
  };
}

/** Answers whatever waits, until the turn has ended. */
async function play(harness: Harness, world: World): Promise<void> {
  const pressed = new Set<string>();
  for (;;) {
    const journal = await harness.journal();
    if (journal.some((event) => event.type === "turn-ended")) return;
    const decided = new Set(journal.flatMap((event) => ("by" in event && "requestId" in event ? [event.requestId] : [])));
    for (const event of journal) {
      const refused = () => {};
      if (event.type === "connection-requested" && !decided.has(event.requestId)) {
        world.signedIn = true;
        await harness.connected({ conversationId: CONVERSATION, requestId: event.requestId });
      }
      if (event.type === "input-requested" && !decided.has(event.requestId))
        await harness.desk
          .decide(CUSTOMER, "input-decide", {
            conversationId: CONVERSATION,
            requestId: event.requestId,
            action: "accept",
            content: { seats: 2 },
          })
          .catch(refused);
      if (event.type === "approval-requested" && !pressed.has(event.approvalId)) {
        await harness.desk.decide(CUSTOMER, "approval-decide", decision(event)).catch(refused);
        pressed.add(event.approvalId);
      }
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function runOnce(at: number, when: "before" | "after"): Promise<{ died: string | undefined; outcomes: readonly string[] }> {
  const world: World = { signedIn: false, did: [] };
  let died: string | undefined;
  const dieAt = (events: readonly EventDraft[], count: number) => {
    if (count !== at) return undefined;
    died = events.map((event) => event.type).join("+");
    return when;
  };
  const first = await openDesk({ ...optionsOf(world), dieAt });
  desk = first;
  const played = send(first).then(() => play(first, world));
  await Promise.race([played, first.died]);
  if (died !== undefined) {
    desk = await first.crash();
    // A page that had no acknowledgement sends again, with the same id.
    await send(desk);
    await play(desk, world);
  }
  const journal = await desk.journal();
  const outcomes = checked(journal, world);
  await desk.close();
  return { died, outcomes };
}

function checked(journal: Awaited<ReturnType<Harness["journal"]>>, world: World): readonly string[] {
  expect(journal.map((event) => event.seq)).toEqual(journal.map((_event, index) => index + 1));
  expect(journal.at(-1)).toMatchObject({ type: "turn-ended", outcome: "done" });
  expect(journal.map(customerView)).toHaveLength(journal.length);
  const ofType = (type: string) => journal.filter((event) => event.type === type);
  const requested = [...ofType("connection-requested"), ...ofType("input-requested")].map(
    (event) => "requestId" in event && event.requestId,
  );
  const decided = [...ofType("connection-decided"), ...ofType("input-decided")].map((event) => "requestId" in event && event.requestId);
  expect(decided).toHaveLength(requested.length);
  expect(new Set(decided)).toEqual(new Set(requested));
  expect(ofType("approval-decided")).toHaveLength(ofType("approval-requested").length);
  for (const tool of ["legacy", "modern", "task"]) expect(world.did.filter((done) => done === tool).length, tool).toBeLessThanOrEqual(1);
  return ofType("tool-call-proposed").map((call) => {
    if (call.type !== "tool-call-proposed") return "";
    const ends = journal.filter((event) => event.type === "tool-call-ended" && event.callId === call.callId);
    expect(ends).toHaveLength(1);
    const [end] = ends;
    return end?.type === "tool-call-ended" ? `${call.tool.tool} ${end.outcome}` : "";
  });
}

const KILLED_AT = ["connection-decided", "input-decided", "tool-call-paused", "tool-call-resumed", "tool-call-task"];
/** What comes in one moment is written in one append, so a sweep may meet fewer appends than another. */
const MOST_SWEEPS = 5;

test("a turn whose process dies at any append ends properly, does nothing twice, and leaves no card open", async () => {
  const seen = new Set<string>();
  const points: string[] = [];
  const isMet = (type: string) => points.some((point) => point.includes(type));
  for (let sweep = 0; sweep < MOST_SWEEPS && !(KILLED_AT.every(isMet) && seen.size === 6); sweep += 1)
    for (const when of ["before", "after"] as const) await killAtEach(when, { seen, points });
  expect(points.length).toBeGreaterThan(20);
  expect(KILLED_AT.filter((type) => !isMet(type))).toEqual([]);
  // What was under way is unknown or went on; what only waited always goes on.
  expect([...seen].toSorted()).toEqual(["legacy ok", "legacy unknown", "modern ok", "modern unknown", "task ok", "task unknown"]);
});

async function killAtEach(when: "before" | "after", found: { readonly seen: Set<string>; readonly points: string[] }): Promise<void> {
  for (let at = 1; ; at += 1) {
    const { died, outcomes } = await runOnce(at, when).catch((error: unknown) => {
      throw new Error(`Killed ${when} append ${at}: ${String(error)}`, { cause: error });
    });
    for (const outcome of outcomes) found.seen.add(outcome);
    if (died === undefined) return;
    found.points.push(died);
  }
}
