/**
 * Preloaded into a process whose memory is measured: collects its garbage when asked, and says what is left. The
 * program itself is not changed.
 */
import { setTimeout as pause } from "node:timers/promises";

process.on("message", () => {
  void (async () => {
    for (let round = 0; round < 2; round += 1) {
      globalThis.gc?.();
      await pause(300);
    }
    process.send?.(process.memoryUsage());
  })();
});
process.channel?.unref();
