import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";

/** Does something now and then; a failure is logged and tried again the next time. The returned function ends it. */
export function repeatedly(clock: Clock, log: Log, everyMs: number, work: () => Promise<void>): () => void {
  let ended = false;
  let callOff = (): void => {};
  const plan = (): void => {
    if (ended) return;
    callOff = clock.after(everyMs, () => {
      work()
        .catch((error: unknown) => log.error({ error: String(error) }, "Something that is done now and then failed; it is tried again."))
        .finally(plan);
    });
  };
  plan();
  return () => {
    ended = true;
    callOff();
  };
}
