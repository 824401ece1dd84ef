import type { Clock } from "../foundation/clock.ts";

const MINUTE_MS = 60_000;
/** A client that invents origins must not fill the memory with them. */
const MOST_REMEMBERED = 1000;

/** Whether something was not said within the last minute. */
export function onceAMinute(clock: Pick<Clock, "now">): (what: string) => boolean {
  const saidAt = new Map<string, number>();
  return (what) => {
    const now = clock.now();
    if (now - (saidAt.get(what) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return false;
    if (saidAt.size >= MOST_REMEMBERED) saidAt.clear();
    saidAt.set(what, now);
    return true;
  };
}
