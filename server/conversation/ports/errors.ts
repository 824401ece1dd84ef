/** Errors that stay at home: thrown by the store, answered by the desk and the turn. */

/** Another node runs this conversation now; whoever gets this stops at once and writes nothing more. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
  constructor(conversationId: string) {
    super(`The lease on conversation ${conversationId} was lost. Another run goes on from its journal.`);
  }
}

/**
 * Somebody wrote meanwhile, so what this entry was decided by may no longer hold. Nothing was written; read on and look
 * again.
 */
export class JournalMovedError extends Error {
  override readonly name = "JournalMovedError";
  constructor(conversationId: string) {
    super(`The journal of conversation ${conversationId} has grown since it was read.`);
  }
}

/** A person has joined, so the assistant says nothing more and begins nothing. Nothing was written. */
export class PersonAnswersError extends Error {
  override readonly name = "PersonAnswersError";
  constructor(conversationId: string) {
    super(`A person answers in conversation ${conversationId}.`);
  }
}

/** The approval is not in the state that the entry needs. Nothing was written. */
export class ApprovalTakenError extends Error {
  override readonly name = "ApprovalTakenError";
  readonly status: string;
  constructor(approvalId: string, status: string) {
    super(`Approval ${approvalId} is ${status}, so it cannot be used for this.`);
    this.status = status;
  }
}

/** The conversation belongs to another customer or another assistant. */
export class ConversationTakenError extends Error {
  override readonly name = "ConversationTakenError";
  constructor(conversationId: string) {
    super(`Conversation ${conversationId} belongs to somebody else.`);
  }
}

export class ConversationMissingError extends Error {
  override readonly name = "ConversationMissingError";
  constructor(conversationId: string) {
    super(`There is no conversation ${conversationId}.`);
  }
}

/**
 * The store takes nothing now: its disk is full or failing. Nothing was written; it may be later. The message is for
 * operators, and names no path.
 */
export class StoreUnwritableError extends Error {
  override readonly name = "StoreUnwritableError";
}
