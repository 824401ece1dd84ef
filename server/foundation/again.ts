/**
 * Runs one at a time: what is asked for while it runs, however often, is one more run after it. Resolves with the run
 * that began after it was asked for. `run` does not reject.
 */
export function again(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const ask = (): Promise<void> => {
    if (running === undefined) return (running = run().finally(() => (running = undefined)));
    return (next ??= running.then(() => {
      next = undefined;
      return ask();
    }));
  };
  return ask;
}
