/** Calls that wait for a decision while a person answers: they run if approved, and the assistant keeps silent. */
import { describe, expect, test } from "vitest";
import type { ToolPermission } from "../../server/conversation/ports/assistant.ts";
import { needsApproval } from "../support/desk-assistant.ts";
import { CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { textResult } from "../support/desk-scripts.ts";
import { decision, heard, rested, send, written } from "../support/desk-waits.ts";
import { ANNA, BEN, handBack, join, read, refunds, saidBeside, types } from "./take-over-stage.ts";

const staff = { ...needsApproval, approver: "staff" } as const satisfies ToolPermission;

async function waiting(permission: ToolPermission, more: Partial<HarnessOptions> = {}) {
  const ran: unknown[] = [];
  const desk = await openDesk({
    script: refunds,
    tools: [{ tool: "refund", run: (input) => (ran.push(input), textResult("refunded 1042")) }],
    permissions: { refund: permission },
    ...more,
  });
  await send(desk, "Refund 1042");
  const asked = await heard(desk, "approval-requested");
  const { conversationId: _conversation, ...seen } = decision(asked);
  const decide = (by: typeof ANNA | typeof BEN, change: object = {}) => desk.staff.decideApproval(by, { ...seen, ...change });
  return { desk, asked, ran, decide };
}

/** The assistant was silent beside the person, knows the result after the hand-back, and answers then. */
async function isToldAtHandBack(desk: Harness, said: string): Promise<void> {
  await desk.turnsEnded(1);
  expect(desk.requests).toHaveLength(1);
  expect(saidBeside(await desk.journal())).toEqual([]);
  await handBack(desk, { answer: true });
  await desk.ask("And?");
  expect(read(desk.requests[1]).some((line) => line.startsWith("tool: ") && line.includes(said))).toBe(true);
  expect((await written(desk, "step-ended")).at(-1)).toMatchObject({ text: "Done." });
}

describe("a call that waits for an approval while a person answers", () => {
  test.each([
    ["a colleague", BEN],
    ["whoever answers", ANNA],
  ])("runs when %s approves it, and the model is told at the hand-back", async (_who, by) => {
    const { desk, ran, decide } = await waiting(staff);
    await join(desk);
    await rested(desk);
    await decide(by);
    await desk.turnsEnded(1);
    expect(ran).toHaveLength(1);
    expect((await written(desk, "tool-call-ended"))[0]).toMatchObject({ outcome: "ok" });
    expect((await written(desk, "turn-ended"))[0]).toMatchObject({ outcome: "stopped" });
    await isToldAtHandBack(desk, "refunded 1042");
  });

  test("does not run when it is rejected, and the model reads why at the hand-back", async () => {
    const { desk, ran, decide } = await waiting(staff);
    await join(desk);
    await rested(desk);
    await decide(BEN, { decision: "rejected", reason: "It was refunded in May." });
    await isToldAtHandBack(desk, "It was refunded in May.");
    expect(ran).toEqual([]);
  });

  test("where two have to approve, whoever joins in between changes nothing", async () => {
    const { desk, ran, decide } = await waiting({ ...staff, people: 2 });
    expect(await decide(BEN)).toMatchObject({ decided: false });
    await join(desk);
    await rested(desk);
    expect(await decide(ANNA)).toMatchObject({ decided: true });
    await isToldAtHandBack(desk, "refunded 1042");
    expect(ran).toHaveLength(1);
  });

  test("runs once when it is approved in the moment in which somebody joins, whichever comes first", async () => {
    for (const first of ["join", "decide"] as const) {
      const { desk, ran, decide } = await waiting(staff);
      await Promise.all(first === "join" ? [join(desk), decide(BEN)] : [decide(BEN), join(desk)]);
      await isToldAtHandBack(desk, "refunded 1042");
      expect(ran, first).toHaveLength(1);
    }
  });

  test("runs once when somebody joins right before its start, its end or its decision is written", async () => {
    for (const moment of ["approval-decided", "tool-call-started", "tool-call-ended"] as const) {
      let joined = false;
      const stage: Awaited<ReturnType<typeof waiting>> = await waiting(staff, {
        beforeAppend: async (events) => {
          if (joined || !events.some(({ type }) => type === moment)) return;
          joined = true;
          await join(stage.desk);
        },
      });
      await stage.decide(BEN);
      await stage.desk.turnsEnded(1);
      expect(stage.ran, moment).toHaveLength(1);
      await isToldAtHandBack(stage.desk, "refunded 1042");
    }
  });

  test("runs once when it is approved in the moment of the hand-back, and the assistant says so after it", async () => {
    for (const first of ["hand-back", "decide"] as const) {
      const { desk, ran, decide } = await waiting(staff);
      await join(desk);
      await rested(desk);
      const back = () => handBack(desk, { answer: true });
      await Promise.all(first === "hand-back" ? [back(), decide(BEN)] : [decide(BEN), back()]);
      await heard(desk, "tool-call-ended");
      await desk.ask("And?");
      await rested(desk);
      const events = await desk.journal();
      expect(ran, first).toHaveLength(1);
      expect(saidBeside(events), types(events).join(" ")).toEqual([]);
      expect(read(desk.requests.at(-1))).toContain("tool: refunded 1042");
    }
  });

  test("that nobody approved before the hand-back waits on, and runs then", async () => {
    const { desk, ran, decide } = await waiting(staff);
    await join(desk);
    await rested(desk);
    await handBack(desk);
    await rested(desk);
    expect(types(await desk.journal())).not.toContain("turn-ended");
    await decide(BEN);
    await desk.turnsEnded(1);
    expect(ran).toHaveLength(1);
  });

  test("is the customer's to decide as before", async () => {
    const { desk, asked, ran } = await waiting(needsApproval);
    await join(desk);
    await rested(desk);
    await desk.desk.decide(CUSTOMER, "approval-decide", decision(asked));
    await isToldAtHandBack(desk, "refunded 1042");
    expect(ran).toHaveLength(1);
  });
});
