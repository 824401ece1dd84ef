import type { Written } from "./customer-desk.ts";
import type { StaffMember } from "./staff-desk.ts";

/** Where a member of the staff acts. */
interface InConversation {
  readonly conversationId: string;
}

export interface JoinRequest extends InConversation {
  /** The colleague whom they saw answering and take over from. Absent: nobody was. */
  readonly insteadOf?: string;
  /** The address of their own picture. */
  readonly picture?: string;
}

export interface ReplyRequest extends InConversation {
  /** The sender's: the same one again changes nothing. */
  readonly messageId: string;
  readonly text: string;
  readonly picture?: string;
}

export interface HandBackRequest extends InConversation {
  /** What the model is told of it. */
  readonly summary?: string;
  /** Whether the assistant answers what the customer wrote last, if nobody has. */
  readonly answer?: boolean;
}

/**
 * What staff do in conversations where they answer themselves. Every method throws `RequestError` when it cannot do
 * what is asked; nothing has changed then.
 */
export interface PeopleDesk {
  /**
   * From now on they answer, and the assistant is silent. Where a colleague answers already, who was not seen:
   * `person-answers`, with their name.
   */
  join(staff: StaffMember, request: JoinRequest): Promise<Written>;
  /** Only for whoever has joined, as the next three. */
  reply(staff: StaffMember, request: ReplyRequest): Promise<Written>;
  handBack(staff: StaffMember, request: HandBackRequest): Promise<Written>;
  /** Ends a call that ran when they joined. How it ended, the journal says later. */
  cancelCall(staff: StaffMember, request: InConversation & { readonly callId: string }): Promise<Written>;
  /** For themselves, whoever answers. */
  note(staff: StaffMember, request: InConversation & { readonly text: string }): Promise<Written>;
  /** Not where a colleague answers. Whoever closes a conversation in which they answer has handed it back. */
  close(staff: StaffMember, request: InConversation): Promise<Written>;
  reopen(staff: StaffMember, request: InConversation): Promise<Written>;
  /** What the assistant would write in their place. Nobody is told, and nothing is kept. */
  draftReply(staff: StaffMember, request: InConversation & { readonly signal: AbortSignal }): Promise<{ readonly text: string }>;
}
