import type { Store } from "../conversation/ports/store.ts";
import type { CustomerDataStore } from "../customer-data/ports.ts";
import type { DocumentStore } from "../documents/ports.ts";
import type { CallList } from "../inbox/calls.ts";
import type { ConversationList } from "../inbox/conversations.ts";
import type { WaitingApprovals } from "../inbox/waiting-approvals.ts";

/** The journal, and what is in the same database. `close` closes all of it. */
export interface OpenedStore extends Store {
  readonly documents: DocumentStore;
  readonly calls: CallList;
  readonly conversations: ConversationList;
  readonly waitingApprovals: WaitingApprovals;
  readonly customerData: CustomerDataStore;
}
