import { RequestError } from "../../protocol/errors.ts";

/** When somebody whom a stopping server turned away may try again. */
const RESTART_MS = 2000;

/** A server that stops takes nothing new. Throws `RequestError` `stopping` then. */
export function refuseWhileStopping(isStopping: () => boolean): void {
  if (isStopping()) throw new RequestError("stopping", { retryAfterMs: RESTART_MS });
}
