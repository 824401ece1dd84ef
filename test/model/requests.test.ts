import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelRequest, PromptMessage } from "../../server/conversation/ports/model.ts";
import { ask, collect } from "./collect.ts";
import { KEY, modelAt } from "./provider-harness.ts";
import { RawServer, type ReceivedRequest } from "./raw-server.ts";
import { anthropic, gemini, openAiChat, openAiResponses, WIRE_FORMATS, type WireFormat } from "./wire-formats.ts";

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.open();
});
afterAll(() => server.close());

async function sent(format: WireFormat, request: ModelRequest, model?: string): Promise<ReceivedRequest> {
  server.stream(format.events({ pieces: ["ok"] }));
  const harness = await modelAt(format, server.port, model === undefined ? {} : { settings: { model } });
  expect((await collect(harness.model, request)).error).toBeUndefined();
  await harness.close();
  const newest = server.requests.at(-1);
  if (newest === undefined) throw new Error("Nothing was sent.");
  return newest;
}

const TOOL = {
  name: "orders__lookup",
  description: "Looks up.",
  inputSchema: { $schema: "x", type: "object", properties: { id: { type: "string" } }, required: ["id"] },
};
const TOLD_SCHEMA = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };
const HISTORY: readonly PromptMessage[] = [
  { role: "system", text: "Be kind." },
  { role: "system", text: "Earlier: they said hello." },
  { role: "user", text: "One." },
  { role: "assistant", text: "", toolCalls: [] },
  { role: "user", text: "Two." },
  {
    role: "assistant",
    text: "Looking.",
    toolCalls: [
      { modelCallId: "call_1", name: "orders__lookup", argumentsText: '{"id":"1"}' },
      { modelCallId: "call_2", name: "orders__lookup", argumentsText: "" },
    ],
  },
  { role: "tool", modelCallId: "call_1", name: "orders__lookup", text: "sent", failed: false },
  { role: "tool", modelCallId: "call_2", name: "orders__lookup", text: "no such order", failed: true },
  { role: "assistant", text: "One is sent.", toolCalls: [] },
  { role: "user", text: "(stopped)" },
  { role: "user", text: "   " },
];
const FULL = ask("", { messages: HISTORY, tools: [TOOL], toolChoice: "none", maxOutputTokens: 321 });

describe("a request to", () => {
  test("an OpenAI-compatible server", async () => {
    const { path, headers, body } = await sent(openAiChat, FULL);
    expect(path).toBe("/v1/chat/completions");
    expect(headers).toMatchObject({ authorization: `Bearer ${KEY}`, accept: "text/event-stream" });
    expect(body).toEqual({
      model: "test-model",
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 321,
      messages: [
        { role: "system", content: "Be kind.\n\nEarlier: they said hello." },
        { role: "user", content: "One.\n\nTwo." },
        {
          role: "assistant",
          content: "Looking.",
          tool_calls: [
            { id: "call_1", type: "function", function: { name: "orders__lookup", arguments: '{"id":"1"}' } },
            { id: "call_2", type: "function", function: { name: "orders__lookup", arguments: "" } },
          ],
        },
        { role: "tool", tool_call_id: "call_1", content: "sent" },
        { role: "tool", tool_call_id: "call_2", content: "[This call did not succeed.]\nno such order" },
        { role: "assistant", content: "One is sent." },
        { role: "user", content: "(stopped)\n\n(an empty message)" },
      ],
      tools: [{ type: "function", function: { name: "orders__lookup", description: "Looks up.", parameters: TOLD_SCHEMA } }],
      tool_choice: "none",
    });
  });

  test("OpenAI itself", async () => {
    const { path, headers, body } = await sent(openAiResponses, FULL);
    expect(path).toBe("/v1/responses");
    expect(headers).toMatchObject({ host: "api.openai.com", authorization: `Bearer ${KEY}` });
    expect(body).toEqual({
      model: "test-model",
      stream: true,
      store: false,
      include: ["reasoning.encrypted_content"],
      max_output_tokens: 321,
      instructions: "Be kind.\n\nEarlier: they said hello.",
      input: [
        { role: "user", content: "One.\n\nTwo." },
        { role: "assistant", content: "Looking." },
        { type: "function_call", call_id: "call_1", name: "orders__lookup", arguments: '{"id":"1"}' },
        { type: "function_call", call_id: "call_2", name: "orders__lookup", arguments: "" },
        { type: "function_call_output", call_id: "call_1", output: "sent" },
        { type: "function_call_output", call_id: "call_2", output: "[This call did not succeed.]\nno such order" },
        { role: "assistant", content: "One is sent." },
        { role: "user", content: "(stopped)\n\n(an empty message)" },
      ],
      tools: [{ type: "function", name: "orders__lookup", description: "Looks up.", parameters: TOLD_SCHEMA, strict: false }],
      tool_choice: "none",
    });
  });

  test("Anthropic", async () => {
    const { path, headers, body } = await sent(anthropic, FULL);
    expect(path).toBe("/v1/messages");
    expect(headers).toMatchObject({ "x-api-key": KEY, "anthropic-version": "2023-06-01" });
    expect(body).toEqual({
      model: "test-model",
      stream: true,
      max_tokens: 321,
      system: [{ type: "text", text: "Be kind.\n\nEarlier: they said hello.", cache_control: { type: "ephemeral" } }],
      messages: [
        { role: "user", content: [{ type: "text", text: "One.\n\nTwo." }] },
        {
          role: "assistant",
          content: [
            { type: "text", text: "Looking." },
            { type: "tool_use", id: "call_1", name: "orders__lookup", input: { id: "1" } },
            { type: "tool_use", id: "call_2", name: "orders__lookup", input: {} },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "call_1", content: "sent" },
            { type: "tool_result", tool_use_id: "call_2", content: "no such order", is_error: true },
          ],
        },
        { role: "assistant", content: [{ type: "text", text: "One is sent." }] },
        { role: "user", content: [{ type: "text", text: "(stopped)\n\n(an empty message)", cache_control: { type: "ephemeral" } }] },
      ],
      tools: [{ name: "orders__lookup", description: "Looks up.", input_schema: TOLD_SCHEMA }],
      tool_choice: { type: "none" },
    });
  });

  test("Gemini", async () => {
    const { path, headers, body } = await sent(gemini, FULL);
    expect(path).toBe("/v1beta/models/gemini-3-flash:streamGenerateContent?alt=sse");
    expect(headers).toMatchObject({ "x-goog-api-key": KEY });
    expect(body).toEqual({
      systemInstruction: { parts: [{ text: "Be kind.\n\nEarlier: they said hello." }] },
      contents: [
        { role: "user", parts: [{ text: "One.\n\nTwo." }] },
        {
          role: "model",
          parts: [
            { text: "Looking." },
            {
              functionCall: { id: "call_1", name: "orders__lookup", args: { id: "1" } },
              thoughtSignature: "skip_thought_signature_validator",
            },
            { functionCall: { id: "call_2", name: "orders__lookup", args: {} } },
          ],
        },
        {
          role: "user",
          parts: [
            { functionResponse: { id: "call_1", name: "orders__lookup", response: { output: "sent" } } },
            { functionResponse: { id: "call_2", name: "orders__lookup", response: { error: "no such order" } } },
          ],
        },
        { role: "model", parts: [{ text: "One is sent." }] },
        { role: "user", parts: [{ text: "(stopped)\n\n(an empty message)" }] },
      ],
      generationConfig: { maxOutputTokens: 321 },
      tools: [{ functionDeclarations: [{ name: "orders__lookup", description: "Looks up.", parametersJsonSchema: TOLD_SCHEMA }] }],
      toolConfig: { functionCallingConfig: { mode: "NONE" } },
    });
  });
});

describe.each(WIRE_FORMATS)("every request to $name", (format) => {
  test("has no half characters, which no JSON parser of theirs takes", async () => {
    const messages: PromptMessage[] = [
      { role: "user", text: "cut \ud83d" },
      { role: "assistant", text: "x", toolCalls: [{ modelCallId: "c", name: "a", argumentsText: '{"a":"\ud83d"}' }] },
      { role: "tool", modelCallId: "c", name: "a", text: "\ude00 rest", failed: false },
    ];
    const { body } = await sent(format, ask("", { messages, tools: [{ name: "a", description: "d \ud83d", inputSchema: {} }] }));
    expect(JSON.stringify(body)).not.toMatch(/\\ud[89a-f]/i);
  });

  test("takes ids of another provider's calls, call and result alike", async () => {
    const foreign = `gemini ${"x".repeat(80)}~c2lnbmF0dXJl`;
    const messages: PromptMessage[] = [
      { role: "user", text: "x" },
      { role: "assistant", text: "", toolCalls: [{ modelCallId: foreign, name: "a", argumentsText: "{}" }] },
      { role: "tool", modelCallId: foreign, name: "a", text: "r", failed: false },
    ];
    const { body } = await sent(format, ask("", { messages, tools: [{ name: "a", description: "", inputSchema: {} }] }));
    const ids = format.callIds(body);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(format.freeCallIds ? /./ : /^[\w-]{1,64}$/);
  });

  test("names no tools and no choice when there are none", async () => {
    const { body } = await sent(format, ask("hi", { toolChoice: "none" }));
    for (const key of format.toolKeys) expect(body).not.toHaveProperty(key);
  });
});

test("Anthropic is told the names of tools that are gone, since a prompt with calls must name tools", async () => {
  const { body } = await sent(anthropic, { ...FULL, tools: [], toolChoice: "auto" });
  expect(body).toMatchObject({ tools: [{ name: "orders__lookup" }], tool_choice: { type: "none" } });
});

test.each([
  { format: anthropic, turnsAt: "messages", model: "assistant" },
  { format: gemini, turnsAt: "contents", model: "model" },
])("the customer speaks first and last to $format.name", async ({ format, turnsAt, model }) => {
  const messages: PromptMessage[] = [
    { role: "assistant", text: "Welcome!", toolCalls: [] },
    { role: "user", text: "Hi." },
    { role: "assistant", text: "Hel", toolCalls: [] },
  ];
  const { body } = await sent(format, ask("", { messages }));
  const turns = body[turnsAt] as { role: string }[];
  expect(turns.map((turn) => turn.role)).toEqual(["user", model, "user", model, "user"]);
});

test("a tool whose schema is a choice at its top is told as one object", async () => {
  const inputSchema = {
    anyOf: [
      { properties: { id: { type: "string" }, by: { type: "string" } }, required: ["id", "by"] },
      { properties: { email: { type: "string" }, by: { type: "string" } }, required: ["email", "by"] },
    ],
    allOf: [{ properties: { shop: { type: "string" } }, required: ["shop"] }],
  };
  const { body } = await sent(openAiChat, ask("x", { tools: [{ name: "a", description: "", inputSchema }] }));
  expect(body["tools"]).toEqual([
    {
      type: "function",
      function: {
        name: "a",
        description: "",
        parameters: {
          type: "object",
          properties: { shop: { type: "string" }, id: { type: "string" }, by: { type: "string" }, email: { type: "string" } },
          required: ["shop", "by"],
        },
      },
    },
  ]);
});
