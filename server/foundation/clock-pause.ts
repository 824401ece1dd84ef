import type { Clock } from "./clock.ts";

/** Waits by the clock, or until the signal is aborted. Never rejects. */
export async function clockPause(clock: Pick<Clock, "after">, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  const callOff = clock.after(ms, resolve);
  signal?.addEventListener("abort", onAbort, { once: true });
  await promise;
  callOff();
  signal?.removeEventListener("abort", onAbort);
}
