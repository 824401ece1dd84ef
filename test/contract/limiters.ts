import { beforeEach, describe, expect, test } from "vitest";
import { type CountWindow, type Limiters, LONGEST_WINDOW_MS, PER_MINUTE } from "../../server/guard/limits/limiters.ts";

/** Limiters for one test. `pass` moves their time on. */
export interface OpenedLimiters {
  readonly limiters: Limiters;
  pass(ms: number): Promise<void>;
}

interface Counted {
  readonly counter?: string;
  readonly window?: CountWindow;
}

/** The law of the `Limiters` port. Every maker runs it in its own test file. */
export function limitersContract(name: string, open: () => Promise<OpenedLimiters>): void {
  describe(`${name}, as Limiters`, () => {
    let opened: OpenedLimiters;
    beforeEach(async () => {
      opened = await open();
    });
    const take = (key: string, points: number, limit: number, { counter = "requests", window = PER_MINUTE }: Counted = {}) =>
      opened.limiters.counting(counter, window).take(key, points, limit);

    test("take points up to the limit, and say of what is too much when the minute is over", async () => {
      expect(await take("anna", 2, 3)).toBeUndefined();
      await opened.pass(20_000);
      expect(await take("anna", 1, 3)).toBeUndefined();
      expect(await take("anna", 1, 3)).toEqual({ retryAfterMs: 40_000, taken: 4 });
      await opened.pass(39_999);
      expect(await take("anna", 1, 3)).toEqual({ retryAfterMs: 1, taken: 5 });
      await opened.pass(1);
      expect(await take("anna", 3, 3)).toBeUndefined();
    });

    test("count what was refused", async () => {
      expect(await take("anna", 4, 3)).toMatchObject({ taken: 4 });
      expect(await take("anna", 1, 3)).toMatchObject({ taken: 5 });
      expect(await take("anna", 1, 6)).toBeUndefined();
    });

    test("only look when there are no points, which begins no window", async () => {
      expect(await take("anna", 0, 3)).toBeUndefined();
      await opened.pass(30_000);
      expect(await take("anna", 4, 3)).toEqual({ retryAfterMs: 60_000, taken: 4 });
      expect(await take("anna", 0, 3)).toEqual({ retryAfterMs: 60_000, taken: 4 });
      expect(await take("anna", 0, 4)).toBeUndefined();
    });

    test("keep keys apart, and names; one name is one count, whoever asks for it", async () => {
      await take("anna", 3, 3);
      expect(await take("ben", 3, 3)).toBeUndefined();
      expect(await take("anna", 3, 3, { counter: "bytes" })).toBeUndefined();
      expect(await take("anna", 1, 3)).toMatchObject({ taken: 4 });
    });

    test("count for as long as the window is, and windows apart from each other", async () => {
      const day = { windowMs: 24 * 60 * 60_000 };
      const longest = { windowMs: LONGEST_WINDOW_MS };
      expect(await take("anna", 3, 3, { window: day })).toBeUndefined();
      expect(await take("anna", 3, 3, { window: longest })).toBeUndefined();
      expect(await take("anna", 3, 3)).toBeUndefined();
      await opened.pass(60_000);
      expect(await take("anna", 3, 3)).toBeUndefined();
      expect(await take("anna", 1, 3, { window: day })).toEqual({ retryAfterMs: day.windowMs - 60_000, taken: 4 });
      await opened.pass(day.windowMs - 60_000);
      expect(await take("anna", 3, 3, { window: day })).toBeUndefined();
      expect(await take("anna", 1, 3, { window: longest })).toMatchObject({ taken: 4 });
    });

    test("give back", async () => {
      await take("anna", 3, 3);
      await opened.limiters.counting("requests", PER_MINUTE).giveBack("anna", 1);
      expect(await take("anna", 1, 3)).toBeUndefined();
      expect(await take("anna", 1, 3)).toMatchObject({ taken: 4 });
    });

    test("count what is open, for each key and name, until it is gone", async () => {
      const sockets = opened.limiters.open("sockets");
      const [first, second] = [sockets.add("office"), sockets.add("office")];
      opened.limiters.open("sockets").add("home");
      expect(await Promise.all(["office", "home", "nowhere"].map((key) => sockets.of(key)))).toEqual([2, 1, 0]);
      expect(await opened.limiters.open("streams").of("office")).toBe(0);
      first();
      first();
      expect(await sockets.of("office")).toBe(1);
      second();
      expect(await sockets.of("office")).toBe(0);
    });
  });
}
