import type { JournalEvent } from "../../protocol/events.ts";
import type { Recordings } from "../conversation/ports/recordings.ts";
import type { Store } from "../conversation/ports/store.ts";
import type { CustomerDataStore } from "../customer-data/ports.ts";
import type { DocumentChange, DocumentStore } from "../documents/ports.ts";
import type { CallList } from "../inbox/calls.ts";
import type { ConversationList } from "../inbox/conversations.ts";
import type { ApprovalReminders } from "../inbox/approval-reminders.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { PublishedCalls } from "../inbox/published-calls.ts";
import type { SearchQueue } from "../inbox/search-queue.ts";
import type { WaitingApprovals } from "../inbox/waiting-approvals.ts";
import type { NoticeStore } from "../notices/ports.ts";
import type { BudgetNotices, UnwrittenCounts, UsageCounts } from "../usage/ports.ts";

/** The journal, and what is in the same database. `close` closes all of it. */
export interface OpenedStore extends Store {
  readonly documents: DocumentStore;
  readonly calls: CallList;
  readonly conversations: ConversationList;
  readonly inbox: Inbox;
  readonly searchQueue: SearchQueue;
  readonly waitingApprovals: WaitingApprovals;
  readonly approvalReminders: ApprovalReminders;
  readonly notices: NoticeStore;
  readonly usage: UsageCounts & UnwrittenCounts;
  readonly budgetNotices: BudgetNotices;
  readonly recordings: Recordings;
  readonly publishedCalls: PublishedCalls;
  readonly customerData: CustomerDataStore;
  /**
   * Gives the conversations of a customer, with the records of their calls, to another, writes `customer-identified` into
   * each, and makes these changes of documents: all in one transaction. Throws `DocumentConflictError`; nothing is
   * written then.
   */
  moveCustomer(move: CustomerMove, changes: readonly DocumentChange[]): Promise<readonly MovedJournal[]>;
}

/** `assistant` is its key, or the name of its preview. */
export interface CustomerMove {
  readonly assistant: string;
  readonly from: string;
  readonly to: string;
  readonly at: number;
}

export interface MovedJournal {
  readonly conversationId: string;
  readonly event: JournalEvent;
}
