/** How long a published call waits for people: clients give up after about a minute in which they hear nothing. */
import { describe, expect, test } from "vitest";
import type { FlowSide, Progress } from "../../server/publish/calls/call-flow.ts";
import { CallFlow } from "../../server/publish/calls/call-flow.ts";
import { waitFor } from "../../server/publish/calls/patience.ts";
import { ManualClock } from "../support/manual-clock.ts";

const never = new Promise<void>(() => undefined);

function side(more: Partial<FlowSide> = {}): FlowSide & { readonly told: Progress[] } {
  const told: Progress[] = [];
  return {
    told,
    signal: new AbortController().signal,
    progress: (progress) => void told.push(progress),
    ask: async () => ({}),
    isAsking: () => false,
    ...more,
  };
}

const settled = async (promise: Promise<unknown>): Promise<unknown> => Promise.race([promise, Promise.resolve("waits")]);

describe("a wait for people", () => {
  test("ends before a client gives up that hears nothing", async () => {
    const clock = new ManualClock();
    const waited = waitFor(never, { side: side(), clock }, { isTold: false, longestMs: 600_000, message: () => "…" });
    clock.forward(49_999);
    expect(await settled(waited)).toBe("waits");
    clock.forward(1);
    expect(await waited).toBe("over");
  });

  test("tells a client that listens, with numbers that grow, and waits ten minutes for it", async () => {
    const clock = new ManualClock();
    const listening = side();
    const waited = waitFor(never, { side: listening, clock }, { isTold: true, longestMs: 600_000, message: () => "Waiting." });
    clock.forward(599_999);
    expect(await settled(waited)).toBe("waits");
    expect(listening.told.length).toBeGreaterThan(50);
    expect(listening.told.map(({ progress }) => progress)).toEqual(
      listening.told.map(({ progress }) => progress).toSorted((a, b) => a - b),
    );
    clock.forward(1);
    expect(await waited).toBe("over");
    const told = listening.told.length;
    clock.forward(60_000);
    expect(listening.told).toHaveLength(told);
  });

  test("does not end while the person at the client is being asked", async () => {
    const clock = new ManualClock();
    let asking = true;
    const waited = waitFor(
      never,
      { side: side({ isAsking: () => asking }), clock },
      { isTold: false, longestMs: 600_000, message: () => "…" },
    );
    clock.forward(200_000);
    expect(await settled(waited)).toBe("waits");
    asking = false;
    clock.forward(50_000);
    expect(await waited).toBe("over");
  });

  test("ends with the thing itself, however it ends, and with a client that is gone", async () => {
    const clock = new ManualClock();
    const wait = { isTold: false, longestMs: 1, message: () => "…" };
    expect(await waitFor(Promise.resolve(), { side: side(), clock }, wait)).toBe("done");
    expect(await waitFor(Promise.reject(new Error("no")), { side: side(), clock }, wait)).toBe("done");
    const controller = new AbortController();
    const waited = waitFor(never, { side: side({ signal: controller.signal }), clock }, wait);
    controller.abort();
    expect(await waited).toBe("gone");
  });
});

describe("a call that asks", () => {
  const question = { kind: "form", message: "?", fields: [] } as const;
  const listener = () => ({ signal: new AbortController().signal, progress: () => undefined });

  test("goes on with the answers, once, and not for ever without them", async () => {
    const clock = new ManualClock();
    const flow = new CallFlow({ id: "flow", binding: () => "" }, clock, async ({ ask }) => {
      const first = await ask({ one: question });
      const second = await ask({ two: question });
      return [first["one"]?.action, second["two"]?.action];
    });
    expect(await flow.step(listener())).toEqual({ questions: { one: question } });
    expect(flow.answer({ one: { kind: "input", action: "accept" } })).toBe(true);
    expect(flow.answer({ one: { kind: "input", action: "decline" } })).toBe(false);
    expect(await flow.step(listener())).toEqual({ questions: { two: question } });
    clock.forward(10 * 60_000);
    expect(await flow.step(listener())).toEqual({ end: ["accept", undefined] });
  });

  test("is aborted when its client gives up, and asks nobody then", async () => {
    const clock = new ManualClock();
    const begun = Promise.withResolvers<void>();
    const flow = new CallFlow({ id: "flow", binding: () => "" }, clock, async ({ signal, ask }) => {
      const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      begun.resolve();
      await aborted;
      return (await ask({ one: question }))["one"];
    });
    const controller = new AbortController();
    const step = flow.step({ signal: controller.signal, progress: () => undefined });
    await begun.promise;
    controller.abort();
    expect(await step).toEqual({ end: undefined });
  });
});
