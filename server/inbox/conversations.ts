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
}

/** `from <= createdAt < to`. */
export interface ConversationFilter {
  readonly assistant?: string;
  readonly customer?: string;
  /** Only those in which staff may decide something now. */
  readonly waiting?: boolean;
  readonly from?: number;
  readonly to?: number;
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
  findSummary(id: string): Promise<ConversationSummary | undefined>;
}
