import { NeedsSignInError, signInNeed } from "./needs-sign-in-error.ts";
import type { OpenedTransport } from "./open-transport.ts";
import type { Watch } from "./watched-transport.ts";

/** The stream that should have brought the answer broke off. */
export class AnswerLostError extends Error {
  override readonly name = "AnswerLostError";
  constructor() {
    super("the connection broke off before the answer came");
  }
}

/**
 * The raw result of a request whose key is not used twice at once. Throws what `request` throws, or `NeedsSignInError`.
 */
export async function watchedRequest(
  { transport, lacks }: OpenedTransport,
  key: string,
  signal: AbortSignal,
  request: () => Promise<unknown>,
): Promise<unknown> {
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => undefined);
  const watch: Watch = { sent: false, onLost: () => lost.reject(new AnswerLostError()), signal };
  transport.watch(key, watch);
  try {
    const requesting = request();
    requesting.catch(() => undefined);
    await Promise.race([requesting, lost.promise]);
    return watch.raw;
  } catch (error) {
    const need = signInNeed(error) ?? lacks();
    throw need === undefined ? error : new NeedsSignInError(need);
  } finally {
    transport.unwatch(key);
  }
}
