import type { EventDraft } from "../../protocol/events.ts";
import type { Append, Appended, Store } from "../../server/conversation/ports/store.ts";

/** Whether the process dies before or after an append; `count` is how many there were, this one included. */
export type DieAt = (events: readonly EventDraft[], count: number) => "before" | "after" | undefined;

export interface Moments {
  readonly dieAt?: DieAt;
  /** What happens elsewhere right before something is written. */
  readonly beforeAppend?: (events: readonly EventDraft[]) => Promise<void>;
}

/** A store whose user can die: from then on it answers nothing, and its user, who waits for ever, does nothing more. */
export function mortalStore(opened: Store, { dieAt, beforeAppend }: Moments): { store: Store; died: Promise<void>; die: () => void } {
  const { promise: died, resolve } = Promise.withResolvers<void>();
  let dead = false;
  let count = 0;
  const die = () => {
    dead = true;
    resolve();
  };
  const never = new Promise<never>(() => {});
  const append = async (request: Append): Promise<Appended> => {
    count += 1;
    const moment = dieAt?.(request.events, count);
    // Not awaited in vain: a store gets what is asked for in one moment together.
    if (beforeAppend !== undefined) await beforeAppend(request.events);
    if (moment === "before") die();
    if (dead) return never;
    const appended = await opened.append(request);
    if (moment === "after") die();
    return dead ? never : appended;
  };
  const store = new Proxy(opened, {
    get(target, key) {
      if (key === "append") return append;
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      return (...values: unknown[]) => (dead ? never : (value as (...all: unknown[]) => unknown).apply(target, values));
    },
  });
  return { store, died, die };
}
