import { defineConfig } from "vitest/config";
import { LongFirst } from "./test/support/long-first.ts";
import { PATIENCE_MS } from "./test/support/wait-for.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/peers/**", "**/node_modules/**"],
    // Stories start servers and a browser, and wait for them half of their time.
    maxWorkers: 3,
    // Only what hangs meets these limits: a machine that has other things to do must not fail a test.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    sequence: { sequencer: LongFirst },
    expect: { poll: { timeout: PATIENCE_MS, interval: 20 } },
  },
});
