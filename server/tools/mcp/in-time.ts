import type { Clock } from "../../foundation/clock.ts";
import type { Fault } from "./servers/fault.ts";
import { LinkError } from "./wire/open-link.ts";

/**
 * Gives `work` so long from the moment that it calls `asked`: the time of a server begins with the first request to it,
 * not while we load, wait for our turn, or start a program. After that the work's signal is aborted, and a `LinkError`
 * with `fault()` is thrown.
 */
export async function inTime<T>(
  limits: { readonly clock: Clock; readonly limitMs: number; readonly leaving: AbortSignal; readonly fault: () => Fault },
  work: (signal: AbortSignal, asked: () => void) => Promise<T>,
): Promise<T> {
  const { clock, limitMs, leaving, fault } = limits;
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => undefined);
  let callOff: (() => void) | undefined;
  let ended = false;
  const asked = (): void => {
    if (ended) return;
    callOff ??= clock.after(limitMs, () => {
      const error = new LinkError(fault(), undefined);
      controller.abort(error);
      late.reject(error);
    });
  };
  const working = work(AbortSignal.any([controller.signal, leaving]), asked);
  try {
    return await Promise.race([working, late.promise]);
  } finally {
    ended = true;
    callOff?.();
    working.catch(() => undefined);
  }
}
