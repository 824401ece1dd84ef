/** An answer is read for what it is, whatever its content type says: some servers send it whole, or name a stream otherwise. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, collect, type Collected } from "./collect.ts";
import { modelAt } from "./provider-harness.ts";
import { RawServer } from "./raw-server.ts";
import { anthropic, gemini, openAiChat, openAiResponses, WIRE_FORMATS, type WireFormat } from "./wire-formats.ts";

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.open();
});
afterAll(() => server.close());

const tools = [{ name: "one", description: "", inputSchema: { type: "object" } }];

async function read(format: WireFormat, body: string, type: string | undefined, pieces = 1): Promise<Collected> {
  server.answer((response) => {
    response.writeHead(200, type === undefined ? {} : { "content-type": type });
    const size = Math.ceil(body.length / pieces);
    for (let at = 0; at < body.length; at += size) response.write(Buffer.from(body).subarray(at, at + size));
    response.end(Buffer.from(body).subarray(Math.ceil(body.length / size) * size));
  });
  const harness = await modelAt(format, server.port);
  const collected = await collect(harness.model, ask("hello", { tools }));
  await harness.close();
  return collected;
}

const USAGE = { inputTokens: 11, outputTokens: 7 };
/** One answer with a text and a call as each provider sends it without a stream. */
const WHOLE: Readonly<Record<string, unknown>> = {
  [openAiChat.name]: {
    id: "c1",
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: "Grüße.",
          tool_calls: [{ id: "call_0", type: "function", function: { name: "one", arguments: '{"a":1}' } }],
        },
        finish_reason: "tool_calls",
      },
    ],
    usage: { prompt_tokens: 11, completion_tokens: 7 },
  },
  [openAiResponses.name]: {
    id: "r1",
    object: "response",
    status: "completed",
    error: null,
    output: [
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Grüße.", annotations: [] }] },
      { type: "function_call", id: "fc_0", call_id: "call_0", name: "one", arguments: '{"a":1}', status: "completed" },
    ],
    usage: { input_tokens: 11, output_tokens: 7 },
  },
  [anthropic.name]: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    content: [
      { type: "text", text: "Grüße." },
      { type: "tool_use", id: "call_0", name: "one", input: { a: 1 } },
    ],
    stop_reason: "tool_use",
    usage: { input_tokens: 11, output_tokens: 7 },
  },
  [gemini.name]: {
    candidates: [
      {
        content: { role: "model", parts: [{ text: "Grüße." }, { functionCall: { id: "call_0", name: "one", args: { a: 1 } } }] },
        finishReason: "STOP",
      },
    ],
    usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 7 },
  },
};

const TYPES = ["application/json", "text/plain", "text/event-stream", "text/html", undefined];

describe.each(WIRE_FORMATS.filter(({ name }) => Object.hasOwn(WHOLE, name)))("with $name", (format) => {
  const body = JSON.stringify(WHOLE[format.name]);

  test.each(TYPES)("one whole answer as %s is read", async (type) => {
    const { text, calls, finish, error } = await read(format, body, type);
    expect({ text, error }).toEqual({ text: "Grüße.", error: undefined });
    expect(calls).toMatchObject([{ modelCallId: "call_0", name: "one", argumentsText: '{"a":1}' }]);
    expect(finish).toMatchObject({ reason: "tool-calls", usage: USAGE });
  });

  test("it may come in any pieces, after blanks that kept the connection alive", async () => {
    for (const pieces of [2, 7, body.length]) {
      const { text, calls, error } = await read(format, `\uFEFF\n \r\n\n${body}\n`, "application/json", pieces);
      expect({ text, calls: calls.length, error }).toEqual({ text: "Grüße.", calls: 1, error: undefined });
    }
  });

  test.each(TYPES)("a stream as %s is read", async (type) => {
    const stream = format.events({ pieces: ["Grü", "ße."], calls: [{ name: "one", argumentsText: '{"a":1}' }] }).join("");
    for (const pieces of [1, 3, 11]) {
      const { text, calls, finish, error } = await read(format, `\uFEFF\n${stream}`, type, pieces);
      expect({ text, calls: calls.length, error }).toEqual({ text: "Grüße.", calls: 1, error: undefined });
      expect(finish).toMatchObject({ reason: "tool-calls" });
    }
  });

  test.each([
    [
      "a document of something else",
      '{"status":"ok"}',
      "application/json",
      "misconfigured",
      /application\/json instead of an event stream.*address of its API/,
    ],
    ["a list of something else", '[{"id":1}]', "application/json", "misconfigured", /address of its API/],
    ["a page", "<!doctype html><p>Welcome</p>", "text/event-stream", "misconfigured", /Welcome.*address of its API/],
    ["half a document", body.slice(0, -20), "application/json", "broken", /cannot be read/],
    ["nothing", "", "application/json", "broken", /without its end mark/],
  ] as const)("%s is no answer", async (...[, said, type, kind, message]) => {
    const { error, text } = await read(format, said, type);
    expect(text).toBe("");
    expect(error).toMatchObject({ kind });
    expect((error as Error).message).toMatch(message);
  });
});

test("a whole answer that was cut, refused or broken is told as that", async () => {
  const chat = (more: object): string => JSON.stringify({ choices: [{ index: 0, message: { content: "Half" }, ...more }] });
  expect((await read(openAiChat, chat({ finish_reason: "length" }), "application/json")).finish?.reason).toBe("length");
  expect((await read(openAiChat, chat({ finish_reason: "content_filter" }), "application/json")).finish?.reason).toBe("refused");
  expect((await read(openAiChat, chat({ finish_reason: "abort" }), "application/json")).error).toMatchObject({ kind: "broken" });
  expect((await read(openAiChat, chat({}), "application/json")).finish?.reason).toBe("stop");
});

test("Gemini's chunks as a list are one answer", async () => {
  const chunk = (text: string, more: object = {}): object => ({ candidates: [{ content: { parts: [{ text }] }, ...more }] });
  const { text, finish } = await read(
    gemini,
    JSON.stringify([chunk("One, "), chunk("two.", { finishReason: "STOP" })]),
    "application/json",
  );
  expect({ text, reason: finish?.reason }).toEqual({ text: "One, two.", reason: "stop" });
});
