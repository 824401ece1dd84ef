/** Why a server could not be used, by what there is to do about it. */
export type FaultKind =
  | "not-found"
  | "connection-failed"
  | "timeout"
  | "blocked"
  | "authentication"
  | "not-mcp"
  | "protocol-error"
  /** A program that we started ended, and not because we ended it. */
  | "ended";

/**
 * What is missing where a server answers, but not to calls: nobody has signed in so far (`first`), the shared account's
 * sign-in has ended (`expired`), or it refused a call with what it was sent (`refused`).
 */
export const MISSING_SIGN_INS = ["first", "expired", "refused"] as const;
export type MissingSignIn = (typeof MISSING_SIGN_INS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** For staff: what happened, to which server. Holds no secret of ours. */
  readonly message: string;
  /** Whether the request certainly did not get to the server. */
  readonly beforeSending: boolean;
  /** The answer's status, where there was one. */
  readonly status?: number;
  /**
   * The network's own code, such as `ENOTFOUND` or `DEPTH_ZERO_SELF_SIGNED_CERT`, where there was one; ours:
   * `NOT_HTTPS`, `NOT_HTTP`, `BAD_PORT`.
   */
  readonly code?: string;
  /** What the server wrote into its refusal, as one line; it is in `message` too. */
  readonly said?: string;
  readonly signIn?: MissingSignIn;
}
