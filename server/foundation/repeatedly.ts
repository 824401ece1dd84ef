import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";

/**
 * Repeats a job at an interval. A failure is logged, and the job is tried again the next time. The returned function
 * ends it.
 */
export function repeatedly(clock: Clock, log: Log, everyMs: number, work: () => Promise<void>): () => void {
  let ended = false;
  let callOff = (): void => {};
  const plan = (): void => {
    if (ended) return;
    callOff = clock.after(everyMs, () => {
      work()
        .catch((error: unknown) => log.error({ error: String(error) }, "A repeated job failed. It will be tried again."))
        .finally(plan);
    });
  };
  plan();
  return () => {
    ended = true;
    callOff();
  };
}
