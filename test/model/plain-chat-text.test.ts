import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { ModelPart } from "../../server/conversation/ports/model.ts";
import { FIRST_HABITS } from "../../server/model/wires/habits.ts";
import { PartQueue } from "../../server/model/wires/part-queue.ts";
import { openAiChat } from "../../server/model/wires/openai-chat.ts";
import { plainChatText } from "../../server/model/wires/plain-chat-text.ts";
import { ask } from "./collect.ts";

const wire = openAiChat({ model: "m", baseUrl: new URL("https://model.example/v1"), apiKey: undefined, newId: () => "id" });

/** What the reader makes of a chunk and the end mark, or what it throws. */
function read(chunk: unknown): readonly ModelPart[] | string {
  const queue = new PartQueue();
  const reader = wire.reader(ask(), FIRST_HABITS);
  try {
    reader.read(JSON.stringify(chunk), queue);
    reader.read("[DONE]", queue);
    return queue.take();
  } catch (error) {
    return error instanceof Error ? error.name : "?";
  }
}

/** The same chunk for the schema: a second choice, which is not read, makes it no plain one. */
const forSchema = (chunk: { choices?: unknown }): unknown =>
  Array.isArray(chunk.choices) ? { ...chunk, choices: [...(chunk.choices as unknown[]), { index: 1 }] } : chunk;

const odd = fc.constantFrom(null, 0, 1, "0", "", "text", [], {}, [{ type: "text", text: "a" }], true);
const often = <T>(value: T) => fc.oneof({ weight: 5, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: odd });
const delta = fc.record(
  {
    content: fc.oneof({ weight: 6, arbitrary: fc.constantFrom("Hello", "", " 🙂", "<think>") }, { weight: 1, arbitrary: odd }),
    role: often("assistant"),
    refusal: often(null),
    tool_calls: often(null),
    reasoning_content: often(null),
    reasoning_details: often(null),
    annotations: often(null),
  },
  { requiredKeys: [] },
);
const choice = fc.record(
  {
    index: often(0),
    delta: fc.oneof({ weight: 8, arbitrary: delta }, { weight: 1, arbitrary: odd }),
    finish_reason: often(null),
    message: often(null),
    logprobs: odd,
  },
  { requiredKeys: ["delta"] },
);
const chunk = fc.record(
  {
    id: odd,
    object: often("chat.completion.chunk"),
    choices: fc.oneof({ weight: 8, arbitrary: fc.array(choice, { minLength: 1, maxLength: 2 }) }, { weight: 1, arbitrary: odd }),
    usage: often(null),
    error: often(null),
    message: often(null),
    detail: often(null),
  },
  { requiredKeys: ["choices"] },
);

it("the quick reading of a chunk and the schema's say the same", () => {
  let plain = 0;
  fc.assert(
    fc.property(chunk, (one) => {
      if (plainChatText(one) === undefined) return;
      plain += 1;
      expect(read(one)).toEqual(read(forSchema(one)));
    }),
    { numRuns: 4_000 },
  );
  expect(plain).toBeGreaterThan(200);
});

it.each([
  ["a call", { choices: [{ delta: { content: "a", tool_calls: [] } }] }],
  ["a thought", { choices: [{ delta: { content: "a", reasoning: "hm" } }] }],
  ["a refusal", { choices: [{ delta: { content: "a", refusal: "no" } }] }],
  ["the end", { choices: [{ delta: { content: "a" }, finish_reason: "stop" }] }],
  ["what it cost", { choices: [{ delta: { content: "a" } }], usage: { prompt_tokens: 1 } }],
  ["an error", { choices: [{ delta: { content: "a" } }], error: { message: "no" } }],
  ["another choice", { choices: [{ index: 1, delta: { content: "a" } }] }],
  ["a list of parts", { choices: [{ delta: { content: [{ type: "text", text: "a" }] } }] }],
  ["nothing", {}],
  ["no object", null],
  ["a list", []],
])("a chunk with %s is left to the schema", (_what, one) => {
  expect(plainChatText(one)).toBeUndefined();
});
