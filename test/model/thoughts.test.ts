/** What a model thinks goes back to it with the calls it led to, and to nobody else. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PromptMessage, Thoughts } from "../../server/conversation/ports/model.ts";
import { ask, collect, type Collected } from "./collect.ts";
import { modelAt } from "./provider-harness.ts";
import { RawServer, type ReceivedRequest } from "./raw-server.ts";
import { delta, DONE, json } from "./read-answer.ts";
import { anthropic, openAiChat, type WireFormat } from "./wire-formats.ts";

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.open();
});
afterAll(() => server.close());

const tools = [{ name: "one", description: "", inputSchema: { type: "object" } }];

async function read(
  format: WireFormat,
  events: readonly string[],
  messages?: readonly PromptMessage[],
  model = "test-model",
): Promise<Collected> {
  server.stream(events);
  const harness = await modelAt(format, server.port, { settings: { model } });
  const collected = await collect(harness.model, ask("hello", { tools, ...(messages === undefined ? {} : { messages }) }));
  await harness.close();
  expect(collected.error).toBeUndefined();
  return collected;
}

const chat = (...deltas: unknown[]): string[] => [...deltas.map((said) => delta(said)), delta({}, "tool_calls"), DONE];
const call = (more: object = {}): object => ({ tool_calls: [{ index: 0, id: "a", function: { name: "one", arguments: "{}" }, ...more }] });

function thoughtsOf({ parts }: Collected): Thoughts {
  const part = parts.find(({ type }) => type === "thoughts");
  if (part?.type !== "thoughts") throw new Error("The answer brought no thoughts.");
  return part.thoughts;
}

function history(thoughts: Thoughts | undefined): PromptMessage[] {
  return [
    { role: "user", text: "hello" },
    {
      role: "assistant",
      text: "",
      toolCalls: [{ modelCallId: "a", name: "one", argumentsText: "{}" }],
      ...(thoughts === undefined ? {} : { thoughts }),
    },
    { role: "tool", modelCallId: "a", name: "one", text: "done", failed: false },
  ];
}

/** The assistant's message in the last request. */
function assistantMessage(): Record<string, unknown> {
  const { messages } = (server.requests.at(-1) as ReceivedRequest).body as { messages: Record<string, unknown>[] };
  return messages.find(({ role }) => role === "assistant") ?? {};
}

const FINISHED = chat({ content: "Yes." });

describe("thoughts over OpenAI's format", () => {
  const shapes: [string, object[], Record<string, unknown>][] = [
    [
      "reasoning_content",
      [{ content: null, reasoning_content: "I should " }, { reasoning_content: "look" }, call()],
      { reasoning_content: "I should look" },
    ],
    ["reasoning", [{ reasoning: "I should " }, { reasoning: "look" }, call()], { reasoning: "I should look" }],
    [
      "reasoning_details",
      [
        { reasoning: "I", reasoning_details: [{ type: "reasoning.text", index: 0, text: "I ", format: "x" }] },
        { reasoning_details: [{ type: "reasoning.text", index: 0, text: "look", signature: "sig" }] },
        { reasoning_details: [{ type: "reasoning.encrypted", index: 1, data: "enc" }] },
        call(),
      ],
      {
        reasoning: "I",
        reasoning_details: [
          { type: "reasoning.text", index: 0, text: "I look", format: "x", signature: "sig" },
          { type: "reasoning.encrypted", index: 1, data: "enc" },
        ],
      },
    ],
    [
      "a call's extra_content",
      [call({ extra_content: { google: { thought_signature: "sig" } } })],
      {
        tool_calls: [
          {
            id: "a",
            type: "function",
            function: { name: "one", arguments: "{}" },
            extra_content: { google: { thought_signature: "sig" } },
          },
        ],
      },
    ],
    ["reasoning_content beside the call", [{ reasoning_content: "Hm.", ...call() }], { reasoning_content: "Hm." }],
  ];
  test.each(shapes)("%s goes back to where it came from, unread", async (_shape, deltas, expected) => {
    const answer = await read(openAiChat, chat(...deltas));
    expect(answer.text).toBe("");
    expect(answer.calls).toHaveLength(1);
    const thoughts = thoughtsOf(answer);
    await read(openAiChat, FINISHED, history(thoughts));
    expect(assistantMessage()).toMatchObject(expected);
    // Neither another model nor another server is told.
    for (const [messages, model] of [
      [history(thoughts), "other-model"],
      [history({ ...thoughts, of: "elsewhere.example/v1 test-model" }), "test-model"],
    ] as const) {
      await read(openAiChat, FINISHED, messages, model);
      expect(JSON.stringify(assistantMessage())).not.toMatch(/reasoning|extra_content|look/);
    }
  });

  test("come with an answer that calls nothing too: whoever keeps answers decides", async () => {
    const answer = await read(openAiChat, chat({ reasoning_content: "Hm." }, { content: "Yes." }));
    expect(answer.parts.map(({ type }) => type)).toEqual(["text", "thoughts", "finish"]);
  });

  test("of no readable kind are passed over", async () => {
    const answer = await read(openAiChat, chat({ reasoning_content: { deep: 1 }, reasoning_details: "x" }, call()));
    expect(answer.parts.map(({ type }) => type)).toEqual(["tool-call", "finish"]);
  });

  test("that are missing where the server wants them are sent empty, once it said so", async () => {
    server.answer((response) => {
      const { messages } = (server.requests.at(-1) as ReceivedRequest).body as { messages: Record<string, unknown>[] };
      if (messages.some((message) => message["role"] === "assistant" && message["reasoning_content"] === undefined)) {
        response.writeHead(400, { "content-type": "application/json" });
        response.end(
          JSON.stringify({ error: { message: "Missing `reasoning_content` in the assistant message", type: "invalid_request_error" } }),
        );
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(FINISHED.join(""));
    });
    const harness = await modelAt(openAiChat, server.port);
    const asked = ask("hello", { tools, messages: history(undefined) });
    expect((await collect(harness.model, asked)).text).toBe("Yes.");
    const before = server.requests.length;
    expect((await collect(harness.model, asked)).text).toBe("Yes.");
    expect(server.requests.length - before).toBe(1);
    await harness.close();
  });
});

describe("thinking over Anthropic's format", () => {
  const start = (index: number, content_block: object): string => json({ type: "content_block_start", index, content_block });
  const piece = (index: number, value: object): string => json({ type: "content_block_delta", index, delta: value });
  const THINKS = [
    start(0, { type: "thinking", thinking: "", signature: "" }),
    piece(0, { type: "thinking_delta", thinking: "I should " }),
    piece(0, { type: "thinking_delta", thinking: "look" }),
    piece(0, { type: "signature_delta", signature: "sig" }),
    start(1, { type: "redacted_thinking", data: "enc" }),
    start(2, { type: "tool_use", id: "a", name: "one", input: {} }),
    json({ type: "message_delta", delta: { stop_reason: "tool_use" } }),
    json({ type: "message_stop" }),
  ];
  const ENDS = anthropic.events({ pieces: ["Yes."] });

  test("goes back before the calls, redacted or not, to where it came from", async () => {
    const answer = await read(anthropic, THINKS);
    expect(answer.text).toBe("");
    const thoughts = thoughtsOf(answer);
    await read(anthropic, ENDS, history(thoughts));
    expect(assistantMessage()["content"]).toEqual([
      { type: "thinking", thinking: "I should look", signature: "sig" },
      { type: "redacted_thinking", data: "enc" },
      { type: "tool_use", id: "a", name: "one", input: {} },
    ]);
    await read(anthropic, ENDS, history(thoughts), "other-model");
    expect(assistantMessage()["content"]).toEqual([{ type: "tool_use", id: "a", name: "one", input: {} }]);
  });
});
