import { defineConfig } from "vitest/config";
import { LongFirst } from "./test/support/long-first.ts";
import { PATIENCE_MS } from "./test/support/wait-for.ts";

/** People talk in them: nothing runs beside them, or the sound has gaps. */
const IN_REAL_TIME = "test/story/voice/*.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: "all", include: ["test/**/*.test.ts"], exclude: ["test/peers/**", "**/node_modules/**", IN_REAL_TIME] },
      },
      { extends: true, test: { name: "in real time", include: [IN_REAL_TIME], maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
    // Stories start servers and a browser, and wait for them half of their time.
    maxWorkers: 3,
    // Only what hangs meets these limits: a machine that has other things to do must not fail a test.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    sequence: { sequencer: LongFirst },
    expect: { poll: { timeout: PATIENCE_MS, interval: 20 } },
  },
});
