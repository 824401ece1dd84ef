import { expect, test } from "vitest";
import { type Model, ModelError, type ModelPart } from "../../server/conversation/ports/model.ts";
import { ModelsOfCalls } from "../../server/model/models-of-calls.ts";
import { say } from "../support/desk-scripts.ts";
import { ask, collect } from "./collect.ts";

const SETTINGS = { provider: "openai", model: "small", contextTokens: 1_000, maxOutputTokens: 100 } as const;
const BY = { model: "gpt-realtime-2.1" };
const saying = (text: string): Model => ({
  stream: async function* () {
    yield* say(text);
  },
});
const failing = (error: unknown, ...before: ModelPart[]): Model => ({
  async *stream() {
    yield* before;
    throw error;
  },
});

function open() {
  const logged: string[] = [];
  const models = new ModelsOfCalls(
    { of: async () => saying("The assistant's.") },
    { warn: (_fields, message) => void logged.push(message) },
  );
  return { models, logged };
}

test("a call's model answers in its conversation, and nowhere else, until the call ends", async () => {
  const { models } = open();
  const leave = models.join("one", { model: saying("The call's."), by: BY });
  const model = await models.of(SETTINGS, "one");
  expect((await collect(model)).text).toBe("The call's.");
  expect(model.answeredBy?.()).toEqual(BY);
  // A summary, or a tool's own question to the model, is none of the call's answers.
  for (const conversationId of [undefined, "another"])
    expect((await collect(await models.of(SETTINGS, conversationId))).text).toBe("The assistant's.");
  leave();
  leave();
  const next = await models.of(SETTINGS, "one");
  expect((await collect(next)).text).toBe("The assistant's.");
  expect(next.answeredBy?.()).toBeUndefined();
});

test("a call that was taken over by another keeps its model to itself", async () => {
  const { models } = open();
  const leave = models.join("one", { model: saying("First."), by: BY });
  models.join("one", { model: saying("Second."), by: BY });
  leave();
  expect((await collect(await models.of(SETTINGS, "one"))).text).toBe("Second.");
});

test("where it fails before a word, the assistant's goes on; after one, nobody says it again", async () => {
  const { models, logged } = open();
  models.join("one", { model: failing(new ModelError("unreachable", "Gone.")), by: BY });
  const model = await models.of(SETTINGS, "one");
  expect((await collect(model)).text).toBe("The assistant's.");
  expect(model.answeredBy?.()).toBeUndefined();
  expect(logged).toEqual(["The model of a voice call does not answer. The assistant's own does."]);
  models.join("two", { model: failing(new ModelError("broken", "Gone."), { type: "text", text: "I " }), by: BY });
  expect(await collect(await models.of(SETTINGS, "two"))).toMatchObject({ text: "I ", error: { message: "Gone." } });
});

test("a stop is no failure", async () => {
  const { models, logged } = open();
  models.join("one", { model: failing(new Error("stopped")), by: BY });
  expect((await collect(await models.of(SETTINGS, "one"), ask(), AbortSignal.abort("stop"))).error).toMatchObject({ message: "stopped" });
  expect(logged).toEqual([]);
});
