import type { Store } from "../../server/conversation/ports/store.ts";
import type { AuditDraft } from "../../server/documents/ports.ts";
import type { ApprovalReminders } from "../../server/inbox/approval-reminders.ts";
import type { WaitingApprovals } from "../../server/inbox/waiting-approvals.ts";

/** A store for one test. `reopen` closes it and opens what it kept; `cleanup` leaves nothing behind. */
export interface OpenedStore {
  readonly store: Store;
  /** The staff's list over the same data, also after `reopen`. */
  readonly waiting: WaitingApprovals;
  /** Absent: it keeps none. */
  readonly reminders?: ApprovalReminders;
  /** The audit log, oldest first. */
  audit(): Promise<readonly (AuditDraft & { readonly at: number })[]>;
  reopen(): Promise<Store>;
  cleanup(): Promise<void>;
}
