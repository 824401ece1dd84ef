import type { Clock } from "../../../foundation/clock.ts";

/** Waits by the clock, or until one of the signals is aborted. Never rejects. */
export async function clockPause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const over = Promise.withResolvers<void>();
  const callOff = clock.after(ms, over.resolve);
  signal.addEventListener("abort", () => over.resolve(), { once: true });
  await over.promise;
  callOff();
}
