import { ApprovalReminding } from "../conversation/approval-reminding.ts";
import { Desk } from "../conversation/desk.ts";
import type { PageLimits } from "../conversation/read-page.ts";
import type { ApprovalNotices } from "../conversation/ports/approval-notices.ts";
import type { Assistants } from "../conversation/ports/assistants.ts";
import type { FindCustomerFacts } from "../conversation/ports/customer-facts.ts";
import { KeptFacts } from "../identity/customers/kept-facts.ts";
import { createFindApprover } from "../identity/staff/approvers.ts";
import { withCallModel } from "../publish/calls/call-model.ts";
import { withPublished } from "../publish/calls/published-assistant.ts";
import { StaffCalls } from "../publish/calls/staff-calls.ts";
import { AssistantBudgets } from "../usage/assistant-budgets.ts";
import type { Base } from "./open-base.ts";
import type { Line } from "./open-line.ts";
import type { Notices } from "./open-notices.ts";
import type { Part } from "./open-parts.ts";
import type { Setup } from "./open-setup.ts";
import type { OpenedSignIns } from "./open-sign-ins.ts";
import type { Storage } from "./open-storage.ts";
import type { ModelsAndTools } from "./open-tools.ts";

/** The business. It takes up what an earlier process left with `desk.start`, once everything is there. */
export interface OpenedDesk extends Part {
  /** Tells the staff of approvals that still wait. */
  readonly reminding: ApprovalReminding;
  readonly desk: Desk;
  readonly assistants: Assistants;
  readonly facts: FindCustomerFacts;
  readonly budgets: AssistantBudgets;
  /** Asks the staff about calls of published servers. */
  readonly staffCalls: StaffCalls;
}

/** How long running turns may take to come to a good place. */
const DRAIN_MS = 5000;
const GRACE_MS = 500;
const LEASE_MS = 30_000;
const POLL_MS = 1000;
/** A reminder comes at half of a time that is seldom less than minutes. */
const REMIND_MS = 5000;
const PAGE: PageLimits = { events: 100, bytes: 256 * 1024 };

export function openDesk(parts: Base & Storage & Setup & OpenedSignIns & ModelsAndTools & Line & Pick<Notices, "raise">): OpenedDesk {
  const { store, signIns, clock, log, meter, room, heard } = parts;
  const assistants: Assistants = parts.wrap("assistants", withPublished(parts.setup.live, parts.setup.published));
  const staffCalls = new StaffCalls({ clock, heard });
  const [models, tools] = [withCallModel(parts.models), staffCalls.tools(parts.tools)];
  const kept = new KeptFacts({ documents: parts.documents, now: () => clock.now() });
  const facts: FindCustomerFacts = (customerId) => kept.find(customerId);
  const approvers = createFindApprover(parts);
  const { usage, budgetNotices: notices } = parts.journal;
  const budgets = new AssistantBudgets({ usage, notices, clock, log });
  budgets.onNotice(({ assistant, at, periodStart, ...data }) => {
    const warning = { ...data, at: timeText(at), periodStart: timeText(periodStart) };
    parts
      .raise({ event: "budget.warning", assistant, data: warning })
      .catch((error: unknown) => log.error({ error: String(error), assistant }, "Nobody outside is told of this budget."));
  });
  const desk = new Desk(
    { facts, store, assistants, approvers, models, tools, signIns, clock, log, meter, room, budgets },
    { holder: clock.id(), leaseMs: LEASE_MS, pollMs: POLL_MS, page: PAGE },
  );
  parts.whenConnected((connected) => desk.connected(connected));
  const reminding = new ApprovalReminding(
    { reminders: parts.journal.approvalReminders, notices: remindersFor(parts.raise), clock, log },
    REMIND_MS,
  );
  const close = async () => {
    reminding.end();
    await desk.drain(DRAIN_MS);
  };
  return { desk, assistants, facts, budgets, staffCalls, reminding, close, closeWithinMs: DRAIN_MS + GRACE_MS };
}

/** A reminder that is raised is kept until everybody who wants it has it. */
function remindersFor(raise: Notices["raise"]): ApprovalNotices {
  return {
    stillWaits: ({ conversationId, groups, requestedAt, expiresAt, ...ids }) =>
      raise({
        event: "approval.reminder",
        conversationId,
        ...(groups === undefined ? {} : { groups }),
        data: { ...ids, requestedAt: timeText(requestedAt), expiresAt: timeText(expiresAt) },
      }),
  };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
