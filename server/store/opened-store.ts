import type { Store } from "../conversation/ports/store.ts";
import type { CustomerDataStore } from "../customer-data/ports.ts";
import type { DocumentStore } from "../documents/ports.ts";
import type { CallList } from "../inbox/calls.ts";
import type { ConversationList } from "../inbox/conversations.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { SearchQueue } from "../inbox/search-queue.ts";
import type { ApprovalReminders } from "../inbox/approval-reminders.ts";
import type { WaitingApprovals } from "../inbox/waiting-approvals.ts";
import type { NoticeStore } from "../notices/ports.ts";
import type { BudgetNotices, UsageCounts } from "../usage/ports.ts";

/** The journal, and what is in the same database. `close` closes all of it. */
export interface OpenedStore extends Store {
  readonly documents: DocumentStore;
  readonly calls: CallList;
  readonly conversations: ConversationList;
  readonly inbox: Inbox;
  readonly searchQueue: SearchQueue;
  readonly waitingApprovals: WaitingApprovals;
  readonly notices: NoticeStore;
  readonly usage: UsageCounts;
  readonly budgetNotices: BudgetNotices;
  readonly customerData: CustomerDataStore;
  readonly approvalReminders: ApprovalReminders;
}
