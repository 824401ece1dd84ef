import type { AuditDraft } from "../documents/ports.ts";
import type { ConversationSummary } from "./conversations.ts";

/**
 * What is listed: `open`: not closed and not put off. `approval`: staff may decide something now. `person`: the
 * customer, or the assistant, asked for a person and nobody has come. `unknown`: a call ended unknown and is not
 * settled. `mine`: given to the member, or to a group of theirs, and open. `snoozed`: put off until later.
 */
export const INBOX_VIEWS = ["open", "approval", "person", "unknown", "mine", "closed", "snoozed", "all"] as const;
export type InboxView = (typeof INBOX_VIEWS)[number];

/** From what can wait to what cannot. */
export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Whom a conversation is given to. */
export interface Assignee {
  readonly kind: "person" | "group";
  readonly id: string;
}

/** What a list leaves: conversations that meet all of it. `from <= activeAt < to`. */
export interface InboxFilter {
  readonly assistant?: string;
  readonly customer?: string;
  /** The first part of a BCP 47 tag, such as `de`. */
  readonly language?: string;
  /** The address of a page, or its path alone. */
  readonly page?: string;
  /** `<server>/<tool>`: one of its calls was of it. */
  readonly tool?: string;
  /** One of its calls ended so. */
  readonly outcome?: string;
  readonly tag?: string;
  /** One of its answers was rated so. */
  readonly feedback?: "up" | "down";
  /** `nobody`: it is given to nobody. */
  readonly assignee?: Assignee | "nobody";
  readonly priority?: Priority;
  readonly from?: number;
  readonly to?: number;
}

/** Who asks: what is theirs, and what they have not seen. */
export interface InboxMember {
  readonly id: string;
  readonly groups: readonly string[];
}

/** A conversation as the inbox lists it. */
export interface InboxEntry extends ConversationSummary {
  /** When something last happened that people look at. For what was put off: when it came back. */
  readonly activeAt: number;
  readonly closed: boolean;
  /** Who of the staff answers in it; absent: the assistant does. */
  readonly person?: { readonly id: string; readonly name: string };
  /** Since when it waits for a person. */
  readonly askedAt?: number;
  /** Since when the customer is on a voice call. */
  readonly onCallSince?: number;
  readonly unknownCalls: number;
  readonly assignee?: Assignee & { readonly name: string };
  readonly tags: readonly string[];
  readonly priority: Priority;
  readonly snoozedUntil?: number;
  readonly language?: string;
  readonly page?: string;
  /** The newest message, answer or reply; `text` is its beginning. */
  readonly lastMessage?: {
    readonly seq: number;
    readonly at: number;
    readonly by: "customer" | "assistant" | "staff";
    readonly text: string;
  };
  /** Something came that this member has not seen. */
  readonly unread: boolean;
  /** Somebody of the staff has seen all that came. */
  readonly seen: boolean;
  /** One higher with each change by the staff. */
  readonly version: number;
}

/** The place of a conversation in the list. */
export interface InboxPlace {
  readonly activeAt: number;
  readonly id: string;
}

export interface ViewCount {
  /** At most `MOST_COUNTED`. */
  readonly count: number;
  /** Of the newest `MOST_COUNTED` alone: what is older counts as seen. */
  readonly unread: number;
}

/** Counting goes no further: a view with more has as much to do. */
export const MOST_COUNTED = 1000;

export type InboxCounts = Readonly<Record<Exclude<InboxView, "all">, ViewCount>>;

/** What a member changes; what is absent stays. */
export interface InboxChange {
  /** Null: nobody. `was`: whom it was given to when the member decided; anybody else refuses the change. */
  readonly assignee?: { readonly to: (Assignee & { readonly name: string }) | null; readonly was?: Assignee | null };
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
  readonly priority?: Priority;
  /** Null: not put off any longer. */
  readonly snoozedUntil?: number | null;
}

/** A conversation may have so many. */
export const MOST_TAGS = 20;

/** Whom it is given to is not whom the member saw: `holder` has it, or nobody. Nothing was changed. */
export class AssigneeChangedError extends Error {
  override readonly name = "AssigneeChangedError";
  readonly holder: (Assignee & { readonly name: string }) | undefined;

  constructor(conversationId: string, holder: (Assignee & { readonly name: string }) | undefined) {
    super(`Conversation ${conversationId} is given to ${holder === undefined ? "nobody" : `${holder.kind} ${holder.id}`} by now.`);
    this.holder = holder;
  }
}

/**
 * What staff see of all customers' conversations, and what they keep about each: whom it is given to, tags, priority,
 * until when it is put off, and who has seen it. Conversations in previews are not in it. What the journal moves is
 * moved by the append itself. A customer who writes opens what was closed and brings back what was put off. Made by
 * `store/`; the law is in `test/contract/inbox.ts`.
 */
export interface Inbox {
  /** Newest activity first, after `after`. */
  listInbox(options: {
    view: InboxView;
    filter: InboxFilter;
    member: InboxMember;
    after?: InboxPlace;
    limit: number;
    now: number;
  }): Promise<readonly InboxEntry[]>;
  /** Of these, those that are in the view and meet the filter; in no order. */
  findInInbox(
    ids: readonly string[],
    options: { view: InboxView; filter: InboxFilter; member: InboxMember; now: number },
  ): Promise<readonly InboxEntry[]>;
  /** The conversations that meet the filter, where they are at most `most`; undefined: more, or the filter is empty. */
  fewConversations(filter: InboxFilter, most: number): Promise<readonly string[] | undefined>;
  countInbox(member: InboxMember, now: number): Promise<InboxCounts>;
  /** Throws `ConversationMissingError`, `AssigneeChangedError`. The same change again changes nothing but the version. */
  changeInbox(conversationId: string, change: InboxChange, options: { at: number; audit: readonly AuditDraft[] }): Promise<void>;
  /** The member has seen everything up to `seq`. An earlier number changes nothing. Throws `ConversationMissingError`. */
  markSeen(conversationId: string, member: string, seq: number): Promise<void>;
}
