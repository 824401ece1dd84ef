/**
 * Preloaded into a process that the demo starts but does not write (`node --import`): asks it to end when the demo is
 * gone without a word. The channel is let go again, so that it does not keep the process alive by itself.
 */
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
