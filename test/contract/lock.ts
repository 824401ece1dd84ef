import { beforeEach, describe, expect, test } from "vitest";
import type { Lock } from "../../server/foundation/lock.ts";

/** The law of the `Lock` port. Every maker runs it in its own test file. */
export function lockContract(name: string, open: () => Promise<Lock>): void {
  describe(`${name}, as a Lock`, () => {
    let lock: Lock;
    let log: string[];

    beforeEach(async () => {
      lock = await open();
      log = [];
    });

    /** A job that ends when it is told to. */
    function job(label: string): {
      readonly run: () => Promise<string>;
      readonly end: (failure?: Error) => void;
      readonly begun: Promise<void>;
    } {
      const begun = Promise.withResolvers<void>();
      const ended = Promise.withResolvers<void>();
      return {
        run: async () => {
          log.push(`${label} begins`);
          begun.resolve();
          await ended.promise;
          log.push(`${label} ends`);
          return label;
        },
        begun: begun.promise,
        end: (failure) => (failure === undefined ? ended.resolve() : ended.reject(failure)),
      };
    }

    test("runs jobs of one name one after the other, in the order in which they were asked for", async () => {
      const [one, two, three] = [job("one"), job("two"), job("three")];
      const all = Promise.all([one, two, three].map(({ run }) => lock.run("staff", run)));
      three.end();
      two.end();
      await one.begun;
      expect(log).toEqual(["one begins"]);
      one.end();
      expect(await all).toEqual(["one", "two", "three"]);
      expect(log).toEqual(["one begins", "one ends", "two begins", "two ends", "three begins", "three ends"]);
    });

    test("does not let jobs of different names wait for each other", async () => {
      const [held, other] = [job("held"), job("other")];
      const first = lock.run("staff", held.run);
      await held.begun;
      other.end();
      expect(await lock.run("shares", other.run)).toBe("other");
      held.end();
      expect(await first).toBe("held");
    });

    test("is free again after a job that fails, whose failure is its caller's alone", async () => {
      const [broken, next] = [job("broken"), job("next")];
      const first = lock.run("staff", broken.run);
      const second = lock.run("staff", next.run);
      next.end();
      broken.end(new Error("the disk is full"));
      await expect(first).rejects.toThrow("the disk is full");
      expect(await second).toBe("next");
      await expect(
        lock.run("staff", () => {
          throw new Error("at once");
        }),
      ).rejects.toThrow("at once");
      expect(await lock.run("staff", async () => "free")).toBe("free");
    });

    test("does not run a job that was aborted before its turn", async () => {
      const held = job("held");
      const first = lock.run("staff", held.run);
      const nobodyWaits = new AbortController();
      const second = lock.run("staff", job("second").run, nobodyWaits.signal);
      nobodyWaits.abort(new Error("nobody waits any more"));
      held.end();
      await expect(second).rejects.toThrow("nobody waits any more");
      await first;
      expect(log).toEqual(["held begins", "held ends"]);
    });
  });
}
