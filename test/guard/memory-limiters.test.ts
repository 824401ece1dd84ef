import { afterAll, beforeAll, vi } from "vitest";
import { createMemoryLimiters } from "../../server/guard/limits/memory-limiters.ts";
import { limitersContract } from "../contract/limiters.ts";

beforeAll(() => void vi.useFakeTimers());
afterAll(() => void vi.useRealTimers());

limitersContract("Counters in memory", async () => ({
  limiters: createMemoryLimiters(),
  pass: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
}));
