import { expect, onTestFinished, test } from "vitest";
import { ApprovalReminding } from "../../server/conversation/approval-reminding.ts";
import type { ApprovalReminder } from "../../server/conversation/ports/approval-notices.ts";
import type { OpenedStore } from "../../server/store/opened-store.ts";
import { needsApproval } from "../support/desk-assistant.ts";
import { openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";
import { heard, send } from "../support/desk-waits.ts";

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

test("the staff is told of a call that waits at half of its time and at four fifths, and of a decided one no more", async () => {
  const harness = await openDesk({
    script: (request) => (request.messages.at(-1)?.role === "tool" ? say("Done.") : callTools({ name: "orders__refund", arguments: {} })),
    tools: [{ tool: "refund", run: () => textResult("refunded") }],
    permissions: { refund: { ...needsApproval, approver: "staff" } },
    assistant: { approvalTimeoutMs: 1_000_000 },
  });
  const told: ApprovalReminder[] = [];
  const { approvalReminders: reminders } = harness.store as OpenedStore;
  const notices = { stillWaits: async (reminder: ApprovalReminder) => void told.push(reminder) };
  const reminding = new ApprovalReminding({ reminders, notices, clock: harness.clock, log: quiet }, 5);
  reminding.start();
  onTestFinished(() => reminding.end());
  await send(harness);
  const { approvalId, callId } = await heard(harness, "approval-requested");
  harness.clock.forward(490_000);
  harness.clock.forward(20_000);
  await expect.poll(() => told.length).toBe(1);
  expect(told[0]).toMatchObject({ approvalId, callId });
  harness.clock.forward(300_000);
  await expect.poll(() => told.length).toBe(2);
});

test("what cannot be told is logged, and looked at again", async () => {
  let asked = 0;
  const logged: unknown[] = [];
  const callbacks: (() => void)[] = [];
  const reminding = new ApprovalReminding(
    {
      reminders: { takeReminders: async () => (asked++ === 0 ? Promise.reject(new Error("The disk is full.")) : []) },
      notices: { stillWaits: async () => {} },
      clock: { now: () => 0, after: (_ms, callback) => (callbacks.push(callback), () => {}) },
      log: { ...quiet, error: (fields: unknown) => void logged.push(fields) },
    },
    5,
  );
  reminding.start();
  await expect.poll(() => callbacks.length).toBe(1);
  expect(logged).toEqual([{ error: "Error: The disk is full." }]);
  callbacks[0]?.();
  await expect.poll(() => asked).toBe(2);
  reminding.end();
});
