/**
 * - `unreachable`: no answer, or one of the kind that passes;
 * - `metadata`: the MCP server or its authorization server describes itself in a way that cannot be used, or that must
 *   not be trusted;
 * - `client`: no client is registered there, and none can be without a person;
 * - `refused`: the authorization server refuses what was asked for.
 */
export type SignInFault = "unreachable" | "metadata" | "client" | "refused";

/**
 * A sign-in cannot be started, finished or renewed. The message is for staff and, as a detail, for customers: it never
 * contains a token, a code or a path.
 */
export class SignInError extends Error {
  override readonly name = "SignInError";
  readonly fault: SignInFault;
  /** The `error` code of RFC 6749 in the authorization server's answer. */
  readonly code: string | undefined;
  constructor(fault: SignInFault, message: string, options: { readonly code?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.fault = fault;
    this.code = options.code;
  }
}
