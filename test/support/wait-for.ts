import { setTimeout as pause } from "node:timers/promises";

/** Looks again and again until `truth` gives something, and returns that; throws after `limitMs`. */
export async function waitFor<T>(truth: () => T | Promise<T>, limitMs = 10_000): Promise<NonNullable<T>> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await truth();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > end) throw new Error(`It did not become true within ${limitMs} ms: ${truth.toString().slice(0, 200)}`);
    await pause(10);
  }
}
