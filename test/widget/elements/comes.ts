/** Longer than anything takes that still comes. The runner's own limit for a test is longer. */
const PATIENCE_MS = 60_000;

/** Waits until `look` gives something other than nothing or false. `what` is said if it never does. */
export async function comes<T>(what: string, look: () => T | Promise<T>): Promise<Exclude<T, null | undefined | false>> {
  const began = performance.now();
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found as Exclude<T, null | undefined | false>;
    if (performance.now() - began > PATIENCE_MS) throw new Error(`${what} did not come.`);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}
