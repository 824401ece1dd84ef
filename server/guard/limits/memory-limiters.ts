// Not the whole library, which loads the code for twenty databases as well.
import RateLimiterMemory from "rate-limiter-flexible/lib/RateLimiterMemory.js";
import type { Limiter, Limiters, OpenCount } from "./limiters.ts";

/** Counts in the memory of this process. */
export function createMemoryLimiters(): Limiters {
  const counting = new Map<string, Limiter>();
  const open = new Map<string, OpenCount>();
  return {
    counting: (name, { windowMs }) => madeOnce(counting, `${windowMs}/${name}`, () => memoryLimiter(windowMs)),
    open: (name) => madeOnce(open, name, memoryCount),
  };
}

const NOTHING = { consumedPoints: 0, msBeforeNext: 0 };

function memoryLimiter(windowMs: number): Limiter {
  // It only counts: the limit comes with each question, as an owner may change it within the window.
  const counts = new RateLimiterMemory({ points: 0, duration: windowMs / 1000 });
  return {
    async take(key, points, limit) {
      const { consumedPoints: taken, msBeforeNext } =
        points === 0 ? ((await counts.get(key)) ?? NOTHING) : await counts.penalty(key, points);
      return taken <= limit ? undefined : { retryAfterMs: Math.max(1, msBeforeNext), taken };
    },
    async giveBack(key, points) {
      await counts.reward(key, points);
    },
  };
}

function memoryCount(): OpenCount {
  const counts = new Map<string, number>();
  return {
    of: async (key) => counts.get(key) ?? 0,
    add(key) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      let gone = false;
      return () => {
        if (gone) return;
        gone = true;
        const left = (counts.get(key) ?? 1) - 1;
        if (left > 0) counts.set(key, left);
        else counts.delete(key);
      };
    },
  };
}

function madeOnce<Made>(made: Map<string, Made>, name: string, make: () => Made): Made {
  const found = made.get(name) ?? make();
  made.set(name, found);
  return found;
}
