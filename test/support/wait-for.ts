import { setTimeout as pause } from "node:timers/promises";

/**
 * How long a test waits for something that is sure to come: far longer than any machine needs, so that only what hangs
 * fails.
 */
export const PATIENCE_MS = 60_000;

/** Looks again and again until `truth` gives something, and returns that; throws after `limitMs`. */
export async function waitFor<T>(truth: () => T | Promise<T>, limitMs = PATIENCE_MS): Promise<NonNullable<T>> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await truth();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > end) throw new Error(`It did not become true within ${limitMs} ms: ${truth.toString().slice(0, 200)}`);
    await pause(10);
  }
}
