import type { Lock } from "./lock.ts";

/** A lock in this process: enough for a database that only this process writes. */
export function createLocalLock(): Lock {
  const last = new Map<string, Promise<void>>();
  return {
    run(name, job, signal) {
      const turn = (last.get(name) ?? Promise.resolve()).then(() => {
        signal?.throwIfAborted();
        return job();
      });
      const over = turn.then(nothing, nothing).then(() => {
        if (last.get(name) === over) last.delete(name);
      });
      last.set(name, over);
      return turn;
    },
  };
}

function nothing(): void {}
