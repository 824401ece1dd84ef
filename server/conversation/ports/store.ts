/** The port of the journals. Its words (conversation, journal, event, lease, approval) are in docs/words.md. */
import type { ToolContent } from "../../../protocol/content.ts";
import type { EventDraft, JournalEvent } from "../../../protocol/events.ts";
import type { SettingsPlace } from "./assistant.ts";

/** One customer talking with one assistant. */
export interface Conversation {
  readonly id: string;
  readonly assistant: string;
  /** The name of the preview in which it is held; absent: a customer's own. */
  readonly preview?: string;
  readonly customerId: string;
  readonly lastSeq: number;
  /** The number of the oldest message without an ended turn: recovery reads from here. */
  readonly openSeq: number;
  /** The newest `summary-written` event, 0 without one. */
  readonly summarySeq: number;
  /** The member of the staff who answers in it; absent: the assistant does. */
  readonly person?: { readonly id: string; readonly name: string };
  /** Since when a person is asked for; absent: nobody is. */
  readonly askedAt?: number;
  /** When the staff closed it; absent: it is open. */
  readonly closedAt?: number;
}

/** Times are milliseconds since 1970. */
export interface ListedConversation extends Conversation {
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The name under which its customer speaks with the assistant. */
export function assistantName({ assistant, preview }: Pick<Conversation, "assistant" | "preview">): string {
  return preview ?? assistant;
}

/**
 * The right of one node to run a conversation's turn. `fence` grows with every lease; an append under an older one is
 * refused.
 */
export interface Lease {
  readonly conversationId: string;
  readonly fence: number;
}

export interface LeaseRequest {
  readonly conversationId: string;
  readonly holder: string;
  readonly now: number;
  readonly untilMs: number;
  /** The id of the turn that begins with the lease, where a message waits for one. */
  readonly turnId?: string;
  /** The settings that this turn begins with. */
  readonly settings?: SettingsPlace;
  /**
   * Answers as soon as the lease is taken; the disk gets it later, but before anything that is appended under it. For
   * whoever waits for the disk otherwise before anybody hears of what was read.
   */
  readonly soon?: boolean;
}

export interface AcquiredLease {
  readonly lease: Lease;
  readonly conversation: Conversation;
  readonly began?: JournalEvent;
}

export interface Append {
  readonly conversationId: string;
  readonly events: readonly EventDraft[];
  readonly at: number;
  /** Absent: an entry from outside a run (a message, a decision, Stop). */
  readonly lease?: Lease;
  /**
   * The journal's last number as the writer knows it, where that matters: an answer is taken once, whoever else answers
   * or gives up in the same moment.
   */
  readonly afterSeq?: number;
  /**
   * Gives the lease back in the same commit, as `releaseLease` does with nothing left to do: the open end is then right
   * after these events. Only if `seenSeq` is the journal's last number before them; `released` says whether.
   */
  readonly release?: { readonly seenSeq: number };
  /**
   * The writer's own name of this entry within the conversation, where it may come twice: it is written once. It has a
   * space, so no id of a client is one.
   */
  readonly once?: string;
  /** Full results of `tool-call-ended` events in `events`, by call id. */
  readonly results?: Readonly<Record<string, StoredResult>>;
  /** Calls whose results are not kept longer: their stored results are deleted. */
  readonly forgetResults?: readonly string[];
  /** Written in the same transaction, at the time `at`; so not when the append is refused, or repeats a message. */
  readonly audit?: readonly AppendAudit[];
  /**
   * Makes the conversation with the first entry. An existing one of another customer or assistant refuses it
   * (`ConversationTakenError`).
   */
  readonly create?: {
    readonly assistant: string;
    readonly customerId: string;
    readonly preview?: string;
    /** In which the widget speaks, a BCP 47 tag. */
    readonly language?: string;
    /** The address of the page that it was begun on, without its query. */
    readonly page?: string;
  };
}

/** What a person of the staff did, or a program with an API key: an entry of the audit log. */
export interface AppendAudit {
  readonly by: { readonly kind: "person" | "key"; readonly id: string; readonly name: string };
  /** Such as `approval.decide`. */
  readonly action: string;
  readonly target: { readonly kind: string; readonly id: string };
  readonly after?: unknown;
}

export interface StoredResult {
  readonly content: readonly ToolContent[];
  readonly structured?: unknown;
  /** What the server said beside it, for the view that shows it. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/**
 * Two ways to read a result: `details` is as whoever may see the raw call reads it, `media` is its pictures and sounds
 * alone.
 */
export type ResultViewName = "details" | "media";

/** A result as its reader is given it. `cutToBytes`: its texts are only their beginnings, of so many bytes each. */
export interface ResultView extends StoredResult {
  readonly cutToBytes?: number;
}

/** An approval as decisions need it. */
export interface StoredApproval {
  readonly approvalId: string;
  readonly conversationId: string;
  readonly callId: string;
  readonly turnId: string;
  readonly status: "waiting" | "approved" | "rejected" | "expired" | "withdrawn" | "consumed";
  readonly approver: "customer" | "staff" | "either";
  /** Of the arguments that it is about now. */
  readonly argumentsHash: string;
  readonly rememberable: boolean;
  readonly expiresAt: number;
  readonly groups?: readonly string[];
  /** Absent: one. */
  readonly people?: number;
  readonly escalated?: true;
  /** Members of the staff who approved already, where more have to; each good for the arguments of its hash. */
  readonly given: readonly GivenApproval[];
  /** The `approval-given` that changed the arguments last: the approval is about these. Absent: about those requested. */
  readonly argumentsSeq?: number;
}

export interface GivenApproval {
  readonly by: string;
  readonly name?: string;
  readonly at: number;
  readonly argumentsHash: string;
}

/** "Approve for this conversation": a standing approval of one tool in exactly one definition. */
export interface Grant {
  readonly server: string;
  readonly tool: string;
  readonly definitionHash: string;
}

/**
 * The journal's keeping. An append is one transaction that numbers the events and moves everything derived from them:
 *
 * - `message-received`: a repeated `messageId` changes nothing; the answer has `repeated` with the first one's number.
 * - `approval-requested`: keeps the approval as `waiting`.
 * - `approval-decided`: only a `waiting` approval takes a decision, otherwise `ApprovalTakenError` and nothing is
 *   written. A decision `approved` at or after `expiresAt` is refused likewise. With scope `conversation` the grant is
 *   kept.
 * - `approval-given`: only while it waits and in time, otherwise `ApprovalTakenError`. It is kept with the approval, and
 *   where it has arguments, the approval is about these from then on.
 * - `tool-call-started` with an `approvalId`: turns `approved` to `consumed`, otherwise `ApprovalTakenError` and
 *   nothing is written.
 * - `summary-written`: moves `summarySeq`.
 * - `reply-sent`, `contact-left`: a repeated `messageId` or `contactId` changes nothing, as with `message-received`.
 * - `person-joined`, `handed-back`, `conversation-closed`: move `person`.
 * - What nobody has to answer (`isAside`), alone in an append: leaves what is due as it was.
 *
 * With `afterSeq`, an append is refused with `JournalMovedError` when the journal has grown past it; nothing is written
 * then.
 *
 * Every method's cost is independent of the conversation's length, apart from what a read returns.
 */
export interface Store {
  /**
   * Throws `LeaseLostError`, `JournalMovedError`, `ApprovalTakenError`, `ConversationTakenError`,
   * `ConversationMissingError`.
   */
  append(append: Append): Promise<Appended>;
  find(conversationId: string): Promise<Conversation | undefined>;
  /** The conversations of a customer, newest first, at most `limit`. */
  listOf(customerId: string, limit: number): Promise<readonly ListedConversation[]>;
  /** Events with `from <= seq`, ascending, at most `limit`, and at most as many as `maxBytes` hold, but one. */
  readFrom(conversationId: string, from: number, limit: number, maxBytes?: number): Promise<readonly JournalEvent[]>;
  /** The last `limit` events with `seq < before`, ascending; at most as many as `maxBytes` hold, but one. */
  readBefore(conversationId: string, before: number, limit: number, maxBytes?: number): Promise<readonly JournalEvent[]>;
  /** The last `limit` events with which a turn begins, ends, or is tried again, ascending. Reads no others. */
  readTurns(conversationId: string, limit: number): Promise<readonly JournalEvent[]>;
  /**
   * Events with `from <= seq`, ascending, that ask a customer for a sign-in or an answer, or decide it. Reads no others.
   */
  readRequests(conversationId: string, from: number): Promise<readonly JournalEvent[]>;
  readResult(conversationId: string, callId: string): Promise<StoredResult | undefined>;
  /** What `keepResultView` kept; gone with the result. */
  readResultView(conversationId: string, callId: string, view: ResultViewName): Promise<ResultView | undefined>;
  /**
   * Keeps a view beside its result. The first one stays. Rejects where there is no such result (any more); nothing is
   * kept then.
   */
  keepResultView(conversationId: string, callId: string, view: ResultViewName, body: ResultView): Promise<void>;
  /** The `tool-call-proposed` event of a call. */
  findCall(conversationId: string, callId: string): Promise<JournalEvent | undefined>;
  /** The `approval-decided` event whose arguments a call runs with; undefined: it runs with those proposed. */
  findEdit(conversationId: string, callId: string): Promise<JournalEvent | undefined>;
  findApproval(approvalId: string): Promise<StoredApproval | undefined>;
  grants(conversationId: string): Promise<readonly Grant[]>;
  /**
   * Takes the lease unless somebody else's is still good; undefined then.
   *
   * With `turnId`, where a message waits that nobody has begun to answer and nothing else is open but a few events that
   * nobody has to answer, its `turn-started` is written with the lease, so that a plain message costs one commit until
   * the model is asked. It is in `began` then, and counted in `conversation`.
   */
  acquireLease(request: LeaseRequest): Promise<AcquiredLease | undefined>;
  /** False: the lease is lost. */
  renewLease(lease: Lease, untilMs: number): Promise<boolean>;
  /**
   * Gives the lease back and says when to look again: `wakeAt` undefined means when something is appended. The disk may
   * get this later: a conversation that is looked at once more than needed loses nothing. False, and the lease is kept, when the journal has grown past `seenSeq` meanwhile. Throws `LeaseLostError` when it is no
   * longer this holder's.
   */
  releaseLease(lease: Lease, state: { seenSeq: number; openSeq: number; wakeAt?: number; runnable: boolean }): Promise<boolean>;
  /** Conversations with work and nobody at it: something unanswered, or `wakeAt` reached. */
  listDue(now: number, limit: number): Promise<readonly string[]>;
  /** Writes something that changes nothing. Throws `StoreUnwritableError`, as every method that writes may. */
  tryWrite(): Promise<void>;
  close(): Promise<void>;
}

export interface Appended {
  readonly events: readonly JournalEvent[];
  /** The lease was given back. */
  readonly released?: true;
  /** The number of the earlier event when a `message-received`, or what is written `once`, was a repeat; `events` is empty then. */
  readonly repeated?: number;
}
