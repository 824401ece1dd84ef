import type { Clock } from "../../foundation/clock.ts";
import type { FlowSide } from "./call-flow.ts";

/** Many clients give up after 60 s in which they hear nothing. */
const SILENT_MS = 50_000;
const PROGRESS_MS = 10_000;

export interface Wait {
  /** Whether the client hears progress, and so waits longer. */
  readonly isTold: boolean;
  readonly longestMs: number;
  /** What it is told meanwhile. */
  readonly message: () => string;
}

/** Why a wait ended: the thing itself, the client, or the time. */
export type WaitEnd = "done" | "gone" | "over";

/** Waits for `done` as long as the client does: with progress, or until just before it gives up. */
export async function waitFor(
  done: Promise<unknown>,
  { side, clock }: { readonly side: FlowSide; readonly clock: Pick<Clock, "after"> },
  { isTold, longestMs, message }: Wait,
): Promise<WaitEnd> {
  const { promise, resolve } = Promise.withResolvers<WaitEnd>();
  const gone = (): void => resolve("gone");
  if (side.signal.aborted) gone();
  side.signal.addEventListener("abort", gone, { once: true });
  const limitMs = isTold ? longestMs : Math.min(longestMs, SILENT_MS);
  let callOff = (): void => {};
  const limit = (): void => {
    callOff = clock.after(limitMs, () => (side.isAsking() ? limit() : resolve("over")));
  };
  limit();
  let told = 0;
  let next = (): void => {};
  const tell = (): void => {
    told += 1;
    side.progress({ progress: told / 1000, message: message() });
    next = clock.after(PROGRESS_MS, tell);
  };
  if (isTold) tell();
  done.then(
    () => resolve("done"),
    () => resolve("done"),
  );
  try {
    return await promise;
  } finally {
    callOff();
    next();
    side.signal.removeEventListener("abort", gone);
  }
}
