import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelRequest } from "../../server/conversation/ports/model.ts";
import { ask, collect, type Collected } from "./collect.ts";
import { modelAt } from "./provider-harness.ts";
import { RawServer } from "./raw-server.ts";
import { anthropic, gemini, openAiChat, openAiResponses, WIRE_FORMATS, type WireFormat } from "./wire-formats.ts";

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.open();
});
afterAll(() => server.close());

async function read(format: WireFormat, events: readonly string[], request?: ModelRequest): Promise<Collected> {
  server.stream(events);
  const harness = await modelAt(format, server.port);
  const collected = await collect(harness.model, request);
  await harness.close();
  return collected;
}
const json = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const chat = (...deltas: unknown[]): string[] => [
  ...deltas.map((delta) => json({ choices: [{ index: 0, delta }] })),
  json({ choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] }),
  "data: [DONE]\n\n",
];
const piece = (more: Record<string, unknown>): unknown => ({ tool_calls: [more] });

describe("malformed arguments", () => {
  // Gemini sends an object, not a text: there is nothing that could be malformed.
  test.each([openAiChat, openAiResponses, anthropic])("of $name are passed on as the model wrote them", async (format) => {
    const argumentsText = '{"order": 1042, "why": "brok';
    const { calls, finish } = await read(format, format.events({ calls: [{ name: "a__b", argumentsText }] }));
    expect(calls.map((call) => call.argumentsText)).toEqual([argumentsText]);
    expect(finish?.reason).toBe("tool-calls");
  });
});

describe.each([openAiChat, openAiResponses, anthropic])("a call of $name", (format) => {
  test("without arguments has an empty object", async () => {
    const { calls } = await read(format, format.events({ calls: [{ name: "a", argumentsText: "" }] }));
    expect(calls.map((call) => call.argumentsText)).toEqual(["{}"]);
  });

  test("whose arguments an answer was too short for is not made up", async () => {
    const { calls, finish } = await read(
      format,
      format.events({
        calls: [
          { name: "a", argumentsText: '{"x":1}' },
          { name: "b", argumentsText: "" },
        ],
        ends: "length",
      }),
    );
    expect(calls.map((call) => call.name)).toEqual(["a"]);
    expect(finish?.reason).toBe("length");
  });
});

test.each(WIRE_FORMATS)("a refused answer of $name hands over no calls", async (format) => {
  const { calls, finish } = await read(format, format.events({ calls: [{ name: "a", argumentsText: "{}" }], ends: "refused" }));
  expect(calls).toEqual([]);
  expect(finish?.reason).toBe("refused");
});

describe("an OpenAI-compatible server", () => {
  test("may mix the pieces of parallel calls", async () => {
    const { calls } = await read(
      openAiChat,
      chat(
        piece({ index: 0, id: "a", function: { name: "one", arguments: "" } }),
        piece({ index: 1, id: "b", function: { name: "two", arguments: "" } }),
        piece({ index: 1, function: { arguments: '{"n"' } }),
        piece({ index: 0, function: { arguments: '{"m"' } }),
        piece({ index: 1, function: { arguments: ":2}" } }),
        piece({ index: 0, function: { arguments: ":1}" } }),
      ),
    );
    expect(calls.map(({ name, argumentsText }) => [name, argumentsText])).toEqual([
      ["one", '{"m":1}'],
      ["two", '{"n":2}'],
    ]);
  });

  test("may say index 0 for every call, and repeat id and name with every piece", async () => {
    const { calls } = await read(
      openAiChat,
      chat(
        piece({ index: 0, id: "a", function: { name: "one", arguments: '{"m"' } }),
        piece({ index: 0, id: "a", function: { name: "one", arguments: ":1}" } }),
        piece({ index: 0, id: "b", function: { name: "two", arguments: "{}" } }),
      ),
    );
    expect(calls.map(({ modelCallId, name, argumentsText }) => [modelCallId, name, argumentsText])).toEqual([
      ["a", "one", '{"m":1}'],
      ["b", "two", "{}"],
    ]);
  });

  test("may leave index and id out", async () => {
    const { calls } = await read(openAiChat, chat(piece({ function: { name: "one", arguments: "{}" } })));
    expect(calls).toEqual([{ type: "tool-call", modelCallId: "call_id1", name: "one", argumentsText: "{}" }]);
  });

  test("may say stop although it calls", async () => {
    const { finish } = await read(openAiChat, [
      json({ choices: [{ delta: piece({ index: 0, id: "a", function: { name: "one", arguments: "{}" } }) }] }),
      json({ choices: [{ delta: {}, finish_reason: "stop" }] }),
      "data: [DONE]\n\n",
    ]);
    expect(finish?.reason).toBe("tool-calls");
  });

  test("may leave [DONE] out when it said why it ends", async () => {
    const { finish, error } = await read(openAiChat, openAiChat.events({ pieces: ["ok"] }).slice(0, -1));
    expect(error).toBeUndefined();
    expect(finish).toMatchObject({ reason: "stop", usage: { inputTokens: 11 } });
  });

  test("may think aloud: that is not said", async () => {
    const { text } = await read(openAiChat, chat({ reasoning_content: "Hm." }, { content: null, reasoning: "Hm." }, { content: "Yes." }));
    expect(text).toBe("Yes.");
  });

  test("that refuses in so many words is refused", async () => {
    const { finish } = await read(openAiChat, [
      json({ choices: [{ delta: { refusal: "I cannot." } }] }),
      json({ choices: [{ delta: {}, finish_reason: "stop" }] }),
      "data: [DONE]\n\n",
    ]);
    expect(finish?.reason).toBe("refused");
  });
});

describe("OpenAI", () => {
  test("that refuses in so many words is refused", async () => {
    const { finish, text } = await read(openAiResponses, [
      json({ type: "response.refusal.delta", delta: "I cannot." }),
      ...openAiResponses.events({}),
    ]);
    expect(finish?.reason).toBe("refused");
    expect(text).toBe("");
  });

  test("that fails in its answer says why", async () => {
    const { error } = await read(openAiResponses, [
      json({ type: "response.failed", response: { status: "failed", error: { code: "context_length_exceeded", message: "Too long." } } }),
    ]);
    expect(error).toMatchObject({ kind: "context-overflow" });
  });

  test("may send events that are new", async () => {
    const { text } = await read(openAiResponses, [
      json({ type: "response.something_new", delta: 7 }),
      ...openAiResponses.events({ pieces: ["ok"] }),
    ]);
    expect(text).toBe("ok");
  });
});

describe("Anthropic", () => {
  test("may think aloud and send what is new: that is not said", async () => {
    const { text, error } = await read(anthropic, [
      json({ type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } }),
      json({ type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Hm." } }),
      json({ type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "x" } }),
      json({ type: "something_new", anything: [] }),
      ...anthropic.events({ pieces: ["Yes."] }),
    ]);
    expect(error).toBeUndefined();
    expect(text).toBe("Yes.");
  });
});

describe("Gemini", () => {
  const tool = { name: "7eleven__look", description: "", inputSchema: {} };
  const call = (more: Record<string, unknown>, functionCall: Record<string, unknown>): string =>
    json({ candidates: [{ content: { parts: [{ functionCall, ...more }] }, finishReason: "STOP" }] });

  test("gets the signature of a call back with it", async () => {
    const first = await read(
      gemini,
      [call({ thoughtSignature: "c2ln+/=" }, { id: "f1", name: "_7eleven__look", args: { a: 1 } })],
      ask("x", { tools: [tool] }),
    );
    expect(first.calls).toMatchObject([{ name: "7eleven__look", argumentsText: '{"a":1}' }]);
    await read(
      gemini,
      gemini.events({ pieces: ["ok"] }),
      ask("", {
        messages: [
          { role: "user", text: "x" },
          { role: "assistant", text: "", toolCalls: first.calls },
          { role: "tool", modelCallId: first.calls[0]?.modelCallId ?? "", name: "7eleven__look", text: "r", failed: false },
        ],
      }),
    );
    expect(server.requests.at(-1)?.body["contents"]).toMatchObject([
      {},
      { parts: [{ functionCall: { id: "f1", name: "_7eleven__look" }, thoughtSignature: "c2ln+/=" }] },
      { parts: [{ functionResponse: { id: "f1", name: "_7eleven__look" } }] },
    ]);
  });

  test("may give a call no id", async () => {
    const { calls } = await read(gemini, [call({}, { name: "a" })]);
    expect(calls).toEqual([{ type: "tool-call", modelCallId: "call_id1", name: "a", argumentsText: "{}" }]);
  });

  test("may think aloud: that is not said", async () => {
    const { text } = await read(gemini, [
      json({ candidates: [{ content: { parts: [{ text: "Hm.", thought: true }, { text: "Yes." }] }, finishReason: "STOP" }] }),
    ]);
    expect(text).toBe("Yes.");
  });

  test("that blocks the prompt has refused", async () => {
    const { finish } = await read(gemini, [json({ promptFeedback: { blockReason: "SAFETY" }, usageMetadata: { promptTokenCount: 4 } })]);
    expect(finish).toEqual({ type: "finish", reason: "refused", usage: { inputTokens: 4 } });
  });

  test("that could not write its call says so, with its reason", async () => {
    const { error } = await read(gemini, [
      json({ candidates: [{ finishReason: "MALFORMED_FUNCTION_CALL", finishMessage: "Malformed function call: x(" }] }),
    ]);
    expect(error).toMatchObject({ kind: "overloaded" });
    expect((error as Error).message).toMatch(/MALFORMED_FUNCTION_CALL: Malformed function call/);
  });
});
