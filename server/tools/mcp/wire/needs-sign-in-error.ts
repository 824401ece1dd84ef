import type { ConnectionNeed } from "../../../conversation/ports/tools.ts";

const WHY = { first: "", expired: ": the earlier one is over", scope: " with more rights" } as const satisfies Record<
  ConnectionNeed["reason"],
  string
>;

/** A request was not sent, or was refused, for want of a sign-in: nothing was done. */
export class NeedsSignInError extends Error {
  override readonly name = "NeedsSignInError";
  readonly need: ConnectionNeed;
  constructor(need: ConnectionNeed) {
    super(`${need.serverName} wants a sign-in${WHY[need.reason]}.`);
    this.need = need;
  }
}

/** The sign-in that an error is about, however deep it is among its causes. */
export function signInNeed(error: unknown): ConnectionNeed | undefined {
  let current = error;
  for (let depth = 0; current instanceof Error && depth < 8; depth += 1) {
    if (current instanceof NeedsSignInError) return current.need;
    current = current.cause;
  }
  return undefined;
}
