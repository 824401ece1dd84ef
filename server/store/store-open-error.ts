/**
 * The database cannot be used; the message says why, and what the operator can do. The server does not start, and the
 * command line prints the message without a stack.
 */
export class StoreOpenError extends Error {
  override readonly name = "StoreOpenError";
}
