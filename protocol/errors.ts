/**
 * The one table of errors that cross the wire: code → HTTP status and the sentence a customer may read.
 * Errors that stay at home live beside the code that throws them.
 */
export const ERRORS = {
  "bad-request": { status: 400, message: "The request could not be read." },
  "unsupported-version": {
    status: 400,
    message: "This page uses a version of the chat that the server no longer speaks. Reload the page.",
  },
  "not-signed-in": { status: 401, message: "This chat is not signed in any more. Reload the page to start again." },
  "identity-required": { status: 401, message: "This chat is for signed-in customers. Sign in on this website, then open the chat again." },
  "identity-refused": { status: 401, message: "This website could not confirm who you are. Reload the page to try again." },
  "identity-expired": { status: 401, message: "The confirmation of who you are has run out. Reload the page to go on." },
  "origin-refused": { status: 403, message: "This website is not allowed to use this assistant." },
  "unknown-assistant": { status: 404, message: "There is no such assistant on this server." },
  "unknown-conversation": { status: 404, message: "There is no such conversation." },
  "unknown-approval": { status: 404, message: "There is no such request for approval in this conversation." },
  "unknown-call": { status: 404, message: "There is no such tool call in this conversation." },
  "unknown-turn": { status: 404, message: "There is no such answer in this conversation." },
  "not-approver": { status: 403, message: "This needs to be approved by the team." },
  "second-person-needed": { status: 409, message: "You have approved this. Somebody else has to approve it as well." },
  "already-decided": { status: 409, message: "This was already decided." },
  "already-assigned": { status: 409, message: "Somebody else was faster." },
  "approval-expired": { status: 409, message: "The time to decide is over. Nothing was done." },
  "approval-changed": { status: 409, message: "The request has changed since it was shown. Nothing was done." },
  "person-answers": { status: 409, message: "Somebody else answers in this conversation." },
  "not-joined": { status: 409, message: "Join the conversation first." },
  "no-people": { status: 403, message: "No person can be asked for here." },
  "draft-failed": { status: 502, message: "The assistant could not draft a reply." },
  "scope-refused": { status: 403, message: "This can only be approved one at a time." },
  "not-shown": { status: 403, message: "The details of this call are not shown here." },
  "no-voice": { status: 403, message: "This assistant cannot be called." },
  "call-elsewhere": { status: 409, message: "You are in a call in another tab." },
  "call-over": { status: 410, message: "This call is over. Start a new one." },
  "too-many-calls": { status: 503, message: "Too many people are in a call right now. Try again in a minute." },
  "no-view": { status: 404, message: "This call has no view that can be shown here." },
  "view-unavailable": { status: 502, message: "The view cannot be loaded right now." },
  "view-refused": { status: 403, message: "The view may not do this." },
  "view-busy": { status: 429, message: "The view asks for too much at once." },
  "not-rated": { status: 403, message: "Answers are not rated here." },
  "too-long": { status: 413, message: "The message is too long." },
  "unknown-request": { status: 404, message: "There is no such request in this conversation." },
  "request-over": { status: 409, message: "This is no longer waiting for an answer." },
  "unfit-answer": { status: 400, message: "Something in the form is not valid." },
  "unknown-connection": { status: 404, message: "There is no such connection." },
  "sign-in-unavailable": { status: 502, message: "The other service's sign-in cannot be reached right now." },
  unauthenticated: { status: 401, message: "Sign in, or send an API key." },
  forbidden: { status: 403, message: "You may not do this." },
  "not-found": { status: 404, message: "There is nothing here." },
  "method-not-allowed": { status: 405, message: "This method cannot be used here." },
  "already-exists": { status: 409, message: "One with this name already exists." },
  "in-use": { status: 409, message: "It is still in use." },
  "read-only": { status: 409, message: "The configuration file declares this, so it can only be changed there." },
  "version-required": { status: 428, message: "Send the version that you read, in If-Match." },
  "version-changed": { status: 412, message: "Somebody has changed this in the meantime. Read it again." },
  "key-reused": { status: 422, message: "This Idempotency-Key was used for another request." },
  "request-unfinished": { status: 409, message: "An earlier request with this Idempotency-Key was begun, and how it ended is not known." },
  "unsupported-media": { status: 415, message: "Send JSON, as application/json." },
  "too-large": { status: 413, message: "The request is too large." },
  "last-admin": { status: 409, message: "At least one admin must be able to sign in." },
  "link-over": { status: 410, message: "This link has already been used, or has expired." },
  invalid: { status: 422, message: "Something in the request is not valid." },
  "server-unusable": { status: 502, message: "The MCP server cannot be used." },
  "rate-limited": { status: 429, message: "Too many messages in a short time." },
  "too-many-attempts": { status: 429, message: "Too many attempts to sign in failed in a short time." },
  busy: { status: 503, message: "Many people are writing right now." },
  stopping: { status: 503, message: "The server is restarting. The message will be sent again." },
  internal: { status: 500, message: "Something went wrong on the server." },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** Refusals that time heals: the same request may go through a little later. */
export const PASSING_REFUSALS: readonly ErrorCode[] = ["rate-limited", "busy", "stopping"];

/**
 * An error as it travels. `retryAfterMs` says when another try makes sense. `detail` names what was wrong with the
 * request.
 */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail?: string;
  readonly retryAfterMs?: number;
}

/**
 * Thrown on the server where a request cannot be carried out; gateways turn it into a `WireError`. Nothing was changed.
 */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, more: { detail?: string; retryAfterMs?: number } = {}) {
    super(more.detail === undefined ? ERRORS[code].message : `${ERRORS[code].message} ${more.detail}`);
    this.code = code;
    this.detail = more.detail;
    this.retryAfterMs = more.retryAfterMs;
  }

  toWire(): WireError {
    return {
      code: this.code,
      message: ERRORS[this.code].message,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
    };
  }
}

/**
 * How a turn can end badly: code → the sentence the customer reads. The cause for staff is kept beside it in the
 * journal (`turn-ended.cause`) and never sent to a customer.
 */
export const TURN_ERRORS = {
  "model-misconfigured": "The assistant cannot answer because of a fault in its setup. Please contact us another way.",
  "model-busy": "The assistant is very busy right now. Please try again in a minute.",
  "model-unavailable": "The assistant cannot be reached right now. Please try again in a minute.",
  "model-refused": "The assistant cannot help with this request.",
  "answer-broken": "The answer broke off halfway.",
  "context-too-long": "This conversation has become too long for the assistant. Please start a new one.",
  "time-limit": "This took longer than allowed, so it was stopped.",
  "token-limit": "This answer became longer than allowed, so it was stopped.",
  "budget-reached": "The assistant cannot answer right now. Please contact us another way.",
  "assistant-removed": "This assistant is no longer available.",
  internal: "Something went wrong on our side. Please try again.",
} as const satisfies Record<string, string>;

export type TurnErrorCode = keyof typeof TURN_ERRORS;
