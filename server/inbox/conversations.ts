/** A conversation in the staff's list. */
export interface ConversationSummary {
  readonly id: string;
  readonly assistant: string;
  readonly customer: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** How many events its journal has. */
  readonly events: number;
  /** Approvals that staff may decide now. */
  readonly waitingApprovals: number;
  /** Whether somebody who may change the assistant tried it out in it. */
  readonly preview: boolean;
}

/** `from <= createdAt < to`. */
export interface ConversationFilter {
  readonly assistant?: string;
  readonly customer?: string;
  /** Only those in which staff may decide something now. */
  readonly waiting?: boolean;
  /** Only those that are held in a preview. Absent: only those of customers. */
  readonly preview?: boolean;
  readonly from?: number;
  readonly to?: number;
}

export interface ConversationCounts {
  readonly total: number;
  /** Those with something unanswered, or that wait for a person. */
  readonly open: number;
  /** Those in which a call waits for approval. */
  readonly waitingForApproval: number;
  /** When something last happened in its newest thousand; absent: there are none. */
  readonly lastAt?: number;
}

/** The place of a conversation in the list. */
export interface ConversationPlace {
  readonly createdAt: number;
  readonly id: string;
}

/** The conversations of all customers, for staff. Made by `store/`. */
export interface ConversationList {
  /** Newest first, after `after`. */
  listConversations(options: {
    after?: ConversationPlace;
    limit: number;
    filter: ConversationFilter;
  }): Promise<readonly ConversationSummary[]>;
  /** What hangs on an assistant; conversations in previews do not count. */
  countConversations(assistant: string, now: number): Promise<ConversationCounts>;
  findSummary(id: string): Promise<ConversationSummary | undefined>;
}
