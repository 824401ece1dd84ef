import { describe, expect, test } from "vitest";
import { ModelError, type Model, type ModelErrorKind, type ModelPart } from "../../server/conversation/ports/model.ts";
import { withRetry } from "../../server/model/retry.ts";
import { waitFor } from "../support/wait-for.ts";
import { ask, collect } from "./collect.ts";
import { quietLog, TestClock } from "./test-clock.ts";

const HI: ModelPart = { type: "text", text: "Hi." };
const END: ModelPart = { type: "finish", reason: "stop", usage: {} };
const failing = (kind: ModelErrorKind, retryAfterMs?: number): ModelError =>
  new ModelError(kind, `It is ${kind}.`, retryAfterMs === undefined ? {} : { retryAfterMs });

/** Plays one script per try; an error in it is thrown. */
function scripted(...tries: readonly (readonly (ModelPart | Error)[])[]): Model & { asked: number; ended: number } {
  const model = {
    asked: 0,
    ended: 0,
    async *stream(): AsyncGenerator<ModelPart> {
      const script = tries[model.asked++] ?? [];
      try {
        for (const step of script) {
          if (step instanceof Error) throw step;
          yield step;
        }
      } finally {
        model.ended++;
      }
    },
  };
  return model;
}

function retrying(model: Model, clock = new TestClock({ hurried: true })): Model {
  return withRetry(model, { clock, log: quietLog, name: "test" });
}

describe("trying again", () => {
  test.each(["rate-limited", "overloaded", "unreachable"] as const)("helps when a model was %s before its first part", async (kind) => {
    const model = scripted([failing(kind)], [failing(kind)], [HI, END]);
    const { parts, error } = await collect(retrying(model));
    expect(error).toBeUndefined();
    expect(parts).toEqual([HI, END]);
    expect(model.asked).toBe(3);
  });

  test("ends after three tries, with the last failure", async () => {
    const last = failing("overloaded");
    const model = scripted([failing("overloaded")], [failing("rate-limited")], [last], [HI, END]);
    expect((await collect(retrying(model))).error).toBe(last);
    expect(model.asked).toBe(3);
  });

  test.each(["misconfigured", "context-overflow", "refused", "broken"] as const)("is not done when it was %s", async (kind) => {
    const model = scripted([failing(kind)], [HI, END]);
    expect((await collect(retrying(model))).error).toMatchObject({ kind });
    expect(model.asked).toBe(1);
  });

  test.each([HI, { type: "tool-call", modelCallId: "1", name: "a", argumentsText: "{}" } as const])(
    "is never done after the first part: %j",
    async (part) => {
      const failure = failing("overloaded");
      const model = scripted([part, failure], [HI, END]);
      const { parts, error } = await collect(retrying(model));
      expect(parts).toEqual([part]);
      expect(error).toBe(failure);
      expect(model.asked).toBe(1);
    },
  );

  test("is not done for an error that is nobody's", async () => {
    const bug = new TypeError("a bug");
    const model = scripted([bug], [HI, END]);
    expect((await collect(retrying(model))).error).toBe(bug);
    expect(model.asked).toBe(1);
  });
});

describe("the wait before it", () => {
  test.each([
    [0, 2_000],
    [0.5, 2_100],
    [0.999, 2_200],
  ])("is as long as told, and with chance %d a little longer: %d ms", async (chance, expected) => {
    const clock = new TestClock({ hurried: true });
    clock.chance = chance;
    await collect(retrying(scripted([failing("rate-limited", 2_000)], [HI, END]), clock));
    expect(clock.waits).toEqual([expected]);
  });

  test.each([
    [0, [0, 0]],
    [0.5, [500, 1_000]],
    [0.999, [999, 1_998]],
  ])("doubles its limit when nothing was told, anywhere below it: chance %d gives %j", async (chance, expected) => {
    const clock = new TestClock({ hurried: true });
    clock.chance = chance;
    await collect(retrying(scripted([failing("overloaded")], [failing("overloaded")], [HI, END]), clock));
    expect(clock.waits).toEqual(expected);
  });

  test("is not waited for when it is longer than 30 s: the failure goes up with it", async () => {
    const clock = new TestClock({ hurried: true });
    const model = scripted([failing("rate-limited", 30_001)], [HI, END]);
    expect((await collect(retrying(model), ask())).error).toMatchObject({ kind: "rate-limited", retryAfterMs: 30_001 });
    expect(clock.waits).toEqual([]);
    expect(model.asked).toBe(1);
  });

  test("of just 30 s is waited for", async () => {
    const model = scripted([failing("rate-limited", 30_000)], [HI, END]);
    expect((await collect(retrying(model))).error).toBeUndefined();
  });

  test("ends at once with the signal's reason", async () => {
    const clock = new TestClock();
    const model = scripted([failing("overloaded")], [HI, END]);
    const aborting = new AbortController();
    const collected = collect(retrying(model, clock), ask(), aborting.signal);
    await waitFor(() => clock.waiting === 1);
    const reason = new Error("stopped");
    aborting.abort(reason);
    expect((await collected).error).toBe(reason);
    expect(clock.waiting).toBe(0);
    expect(model.asked).toBe(1);
  });
});

test("turning away ends the answer behind it", async () => {
  const model = scripted([HI, HI, END]);
  for await (const part of retrying(model).stream(ask(), new AbortController().signal)) {
    expect(part).toBe(HI);
    break;
  }
  expect(model.ended).toBe(1);
});
