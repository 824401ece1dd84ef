/**
 * Preloaded into a process that the demo starts but does not write (`node --import`): asks it to end when the demo is gone without a word.
 * The channel is let go again, so that it does not keep the process alive by itself.
 */
import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";

process.once("disconnect", () => {
  // Its output went to the demo. Pino waits for ever on a pipe that nobody reads, so the two numbers are given to the null device.
  for (const descriptor of [1, 2]) {
    closeSync(descriptor);
    openSync(devNull, "w");
  }
  process.kill(process.pid, "SIGTERM");
});
process.channel?.unref();
