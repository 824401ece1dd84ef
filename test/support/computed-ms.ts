/**
 * Milliseconds that this thread has computed so far. Other programs, which make the wall clock run on, do not make it
 * more.
 */
export function computedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
