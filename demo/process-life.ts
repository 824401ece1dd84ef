import type { Listening } from "./listen.ts";

/**
 * Says where a part of the demo listens, as the line that its parent waits for, and ends it properly: on SIGINT, on
 * SIGTERM, and when the parent is gone without a word (the IPC channel closes), so that no part outlives the demo.
 */
export function runUntilEnded(name: string, server: Listening): void {
  console.log(`${name} listening at ${server.url}`);
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void server.close().finally(() => process.exit(0));
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  process.on("disconnect", end);
}
