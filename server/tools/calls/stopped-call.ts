/** The call was stopped before anything was sent. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/** Undefined when the call was stopped first; what was being waited for goes on for the next one. */
export async function untilStopped<T>(waiting: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const stopped = Promise.withResolvers<undefined>();
  const onAbort = (): void => stopped.resolve(undefined);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([waiting, stopped.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    waiting.catch(() => undefined);
  }
}
