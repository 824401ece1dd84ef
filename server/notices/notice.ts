/** What is told, and to whom it may be told. docs/notifications.md describes each event for those who receive it. */
export const NOTICE_EVENTS = [
  "approval.requested",
  "approval.reminder",
  "approval.expired",
  "person.asked",
  "contact.left",
  "conversation.joined",
  "conversation.handed_back",
  "conversation.closed",
  "transcript",
  "call.unknown",
  "budget.warning",
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

export interface NoticeConversation {
  readonly id: string;
  readonly assistant: string;
  /** Whether somebody tries out a draft in it. */
  readonly preview: boolean;
}

/** Something to tell, read from what was raised. */
export interface Notice {
  readonly event: NoticeEvent;
  readonly at: number;
  readonly conversation?: NoticeConversation;
  /** Which assistant it is about, where it is about no conversation. */
  readonly assistant?: string;
  /** Whose act it was: nobody is told of their own. */
  readonly by?: string;
  /** The groups whose members it concerns; absent: everybody who may. */
  readonly groups?: readonly string[];
  /** Where a letter to the customer goes, of a transcript that is for them. */
  readonly customerAddress?: string;
  /** What a webhook is sent of it. Read when the first who wants to hear of it asks. */
  readonly data: () => Promise<Readonly<Record<string, unknown>>>;
}

/** What is in no journal, as it is raised: the budget's room and the approvals' reminders speak so. */
export interface RaisedNotice {
  readonly event: NoticeEvent;
  readonly assistant?: string;
  readonly conversationId?: string;
  readonly groups?: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}
