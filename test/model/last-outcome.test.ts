import { expect, onTestFinished, test } from "vitest";
import type { ModelSettings } from "../../server/conversation/ports/assistant.ts";
import type { ModelTest } from "../../server/conversation/ports/model-test.ts";
import { ModelError, type Model } from "../../server/conversation/ports/model.ts";
import { LastOutcomes } from "../../server/model/last-outcomes.ts";
import { createModels } from "../../server/model/models.ts";
import { withRetry } from "../../server/model/retry.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import { listen, standingClock } from "../http/api/api-harness.ts";

const SETTINGS: ModelSettings = { provider: "openai", model: "gpt", apiKey: "sk-one", contextTokens: 1000, maxOutputTokens: 100 };
const request = { messages: [], tools: [], toolChoice: "auto", maxOutputTokens: 1 } as const;
const quiet = { info: () => {}, warn: () => {}, error: () => {} };

function asking(answer: () => void) {
  const clock = standingClock();
  const outcomes = new LastOutcomes(() => clock.now());
  const model: Model = {
    async *stream() {
      answer();
      yield { type: "text", text: "Hi" };
    },
  };
  const outcome = { answered: () => outcomes.answered(SETTINGS), failed: (error: unknown) => outcomes.failed(SETTINGS, error) };
  const asked = withRetry(model, { clock, log: quiet, name: "openai/gpt", outcome });
  const ask = async (): Promise<void> => {
    for await (const _ of asked.stream(request, new AbortController().signal)) continue;
  };
  return { outcomes, clock, ask };
}

test("it is known how a model answered last, by the key that it was asked with", async () => {
  let fault: ModelError | undefined = new ModelError("misconfigured", "401: this key is not known");
  const { outcomes, clock, ask } = asking(() => {
    if (fault !== undefined) throw fault;
  });
  expect(outcomes.of(SETTINGS)).toBeUndefined();
  await expect(ask()).rejects.toThrow("401");
  expect(outcomes.of(SETTINGS)).toEqual({ at: clock.now(), fault: { kind: "misconfigured", cause: "401: this key is not known" } });
  expect(outcomes.of({ ...SETTINGS, apiKey: "sk-two" })).toBeUndefined();
  fault = undefined;
  clock.move(5);
  await ask();
  expect(outcomes.of(SETTINGS)).toEqual({ at: clock.now() });
});

test("what one conversation did wrong says nothing about the model, and neither does a customer who stopped it", async () => {
  for (const error of [new ModelError("context-overflow", "too long"), new ModelError("refused", "no"), new Error("aborted")]) {
    const { outcomes, ask } = asking(() => {
      throw error;
    });
    await expect(ask()).rejects.toThrow();
    expect(outcomes.of(SETTINGS)).toBeUndefined();
  }
});

test("a test says whether it works, and whether with tools; an answer afterwards does not take that back", () => {
  const { outcomes } = asking(() => {});
  const found = (change: Partial<ModelTest>): ModelTest => ({
    status: "works",
    advice: [],
    adviceCodes: [],
    format: "x",
    exchanges: [],
    learnt: {} as never,
    ...change,
  });
  const fault = { kind: "unreachable", cause: "No such host." } as const;
  outcomes.tested(SETTINGS, found({ status: "fails", exchanges: [{ asked: "word", outcome: "failed", fault, requests: 1, wholeMs: 1 }] }));
  expect(outcomes.of(SETTINGS)).toMatchObject({ fault });
  outcomes.tested(SETTINGS, found({ status: "without-tools" }));
  outcomes.answered(SETTINGS);
  expect(outcomes.of(SETTINGS)).toEqual({ at: expect.any(Number), withoutTools: true });
  outcomes.tested(SETTINGS, found({}));
  expect(outcomes.of(SETTINGS)).toEqual({ at: expect.any(Number) });
});

test("answers and tests of the same model are both heard of", async () => {
  const url = await listen((_request, response) => {
    response.writeHead(401, { "Content-Type": "application/json" }).end(JSON.stringify({ error: { message: "Incorrect API key" } }));
  });
  const models = createModels({ clock: systemClock, log: quiet });
  onTestFinished(() => models.close());
  const settings: ModelSettings = { ...SETTINGS, provider: "openai-compatible", baseUrl: `${url}/v1` };
  expect(models.lastOutcome(settings)).toBeUndefined();
  const model = await models.of(settings);
  const ask = async (): Promise<void> => {
    for await (const _ of model.stream(request, new AbortController().signal)) continue;
  };
  await expect(ask()).rejects.toThrow("Incorrect API key");
  const refused = { fault: { kind: "misconfigured", cause: expect.stringContaining("Incorrect API key") as string } };
  expect(models.lastOutcome(settings)).toMatchObject(refused);
  const other: ModelSettings = { ...settings, apiKey: "sk-other" };
  expect(models.lastOutcome(other)).toBeUndefined();
  await models.test(other, new AbortController().signal);
  expect(models.lastOutcome(other)).toMatchObject(refused);
});
