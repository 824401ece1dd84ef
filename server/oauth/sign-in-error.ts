/**
 * - `unreachable`: no answer, or one of the kind that passes;
 * - `metadata`: the MCP server or its authorization server describes itself in a way that cannot be used, or that must not be trusted;
 * - `client`: no client is registered there, and none can be without a person;
 * - `refused`: the authorization server refuses what was asked for.
 */
export type SignInFault = "unreachable" | "metadata" | "client" | "refused";

/** A sign-in cannot be begun, finished or renewed. The message is for staff and, as a detail, for customers: it never has a token, a code or a path in it. */
export class SignInError extends Error {
  override readonly name = "SignInError";
  readonly fault: SignInFault;
  /** The `error` of RFC 6749 that the authorization server answered with. */
  readonly code: string | undefined;
  constructor(fault: SignInFault, message: string, options: { readonly code?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.fault = fault;
    this.code = options.code;
  }
}
