/** What a server takes otherwise is learnt from its refusal, once, and remembered for everybody who asks that model. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ModelRequest } from "../../server/conversation/ports/model.ts";
import { createModels } from "../../server/model/models.ts";
import { ask, collect, failureOf } from "./collect.ts";
import { modelAt, settingsFor } from "./provider-harness.ts";
import { RawServer } from "./raw-server.ts";
import { quietLog, TestClock } from "./test-clock.ts";
import { anthropic, gemini, openAiChat, openAiResponses, type WireFormat } from "./wire-formats.ts";

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.open();
});
afterAll(() => server.close());
beforeEach(() => void (server.requests.length = 0));

type Body = Record<string, unknown>;
interface Message {
  readonly role: string;
  readonly content?: string | null;
}
const messages = (body: Body): readonly Message[] => body["messages"] as readonly Message[];
const step = (body: Body): object => messages(body).find(({ role }) => role === "assistant") ?? {};

/** A prompt with all that can be refused: a system message, a step that has a call only, thoughts with it, a long tool. */
function request(of: string): ModelRequest {
  return ask("And now?", {
    tools: [{ name: "one", description: "long ".repeat(400), inputSchema: { type: "object" } }],
    toolChoice: "none",
    messages: [
      { role: "system", text: "Be kind." },
      { role: "user", text: "Hello." },
      {
        role: "assistant",
        text: "",
        toolCalls: [{ modelCallId: "a", name: "one", argumentsText: "{}" }],
        thoughts: { of, value: { members: { reasoning_content: "Hm." }, calls: {} } },
      },
      { role: "tool", modelCallId: "a", name: "one", text: "done", failed: false },
    ],
  });
}

/** Refuses what does not fit, as the server in question does. */
function refuse(format: WireFormat, fits: (body: Body) => boolean, status: number, refusal: unknown): void {
  server.answer((response, { body }) => {
    if (fits(body)) {
      response.writeHead(200, { "content-type": "text/event-stream" }).end(format.events({ pieces: ["ok"] }).join(""));
      return;
    }
    const isEvent = typeof refusal === "string" && refusal.startsWith("event:");
    response.writeHead(status, { "content-type": isEvent ? "text/event-stream" : "application/json" });
    response.end(typeof refusal === "string" ? refusal : JSON.stringify(refusal));
  });
}

const said = (message: string): object => ({ error: { message, type: "invalid_request_error" } });
const firstIs = (text: string) => (body: Body) => messages(body)[0]?.role === "user" && messages(body)[0]?.content === text;
const inFirst = firstIs("Be kind.\n\nHello.");

describe("over OpenAI's format", () => {
  const cases: readonly [string, number, unknown, (body: Body) => boolean][] = [
    ["stream_options", 400, said("Unrecognized request argument supplied: stream_options"), (body) => !("stream_options" in body)],
    [
      "max_tokens",
      400,
      said("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
      (body) => !("max_tokens" in body) && body["max_completion_tokens"] === 100,
    ],
    [
      "reasoning beside tools",
      400,
      said("Function tools with reasoning_effort are not supported. Set reasoning_effort to 'none'."),
      (body) => body["reasoning_effort"] === "none",
    ],
    ["tool_choice", 422, { detail: [{ loc: ["body", "tool_choice"], msg: "Extra inputs" }] }, (body) => !("tool_choice" in body)],
    [
      "null as content (LM Studio)",
      400,
      { error: "Invalid 'content': 'content' field must be a string or an array of objects." },
      (body) => "content" in step(body) && messages(body).every(({ content }) => typeof content === "string"),
    ],
    [
      "null as content (OpenAI's words)",
      400,
      said("Invalid value for 'content': expected a string, got null."),
      (body) => messages(body).every(({ content }) => content !== null),
    ],
    [
      "null as content (FastAPI)",
      422,
      { detail: [{ type: "string_type", loc: ["body", "messages", 2, "content"], msg: "Input should be a valid string", input: null }] },
      (body) => messages(body).every(({ content }) => content !== null),
    ],
    ["no content but a text", 400, said("messages.2.content: text content blocks must be non-empty"), (body) => !("content" in step(body))],
    [
      "the system role (Gemma, vLLM)",
      400,
      { object: "error", message: "System role not supported", type: "BadRequestError", code: 400 },
      inFirst,
    ],
    [
      "the system role (Gemma, llama.cpp)",
      500,
      { error: { code: 500, message: "Jinja Exception: System role not supported", type: "server_error" } },
      inFirst,
    ],
    ["the system role (o1)", 400, said("Unsupported value: 'messages[0].role' does not support 'system' with this model."), inFirst],
    [
      "the system role (a stream of LM Studio)",
      200,
      `event: error\ndata: {"error":{"message":"Error rendering prompt with jinja template: System role not supported"}}\n\n`,
      inFirst,
    ],
    ["the system role (a template that counts)", 400, said("Conversation roles must alternate user/assistant/user/assistant/..."), inFirst],
    [
      "reasoning_content (Groq)",
      400,
      said(
        "'messages.2' : for 'role:assistant' the following must be satisfied[('messages.2' : property 'reasoning_content' is unsupported)]",
      ),
      (body) => !("reasoning_content" in step(body)),
    ],
    [
      "reasoning_content (Mistral)",
      422,
      {
        detail: [
          {
            type: "extra_forbidden",
            msg: "Extra inputs are not permitted",
            loc: ["body", "messages", 2, "assistant", "reasoning_content"],
          },
        ],
      },
      (body) => !("reasoning_content" in step(body)),
    ],
    [
      "a long description (as 500, through a gateway)",
      500,
      said(
        "Invalid 'tools[0].function.description': string too long. Expected a string with maximum length 1024, but got a string with length 2000 instead.",
      ),
      (body) => (body["tools"] as { function: { description: string } }[])[0]?.function.description.length === 1024,
    ],
    [
      "a stream",
      400,
      said("Your organization must be verified to stream this model."),
      (body) => body["stream"] === false && !("stream_options" in body),
    ],
    ["a stream with tools", 400, said("Streaming with tools is not supported."), (body) => body["stream"] === false],
  ];
  test.each(cases)("a server that does not take %s is asked otherwise, and from then on at once", async (_what, status, refusal, fits) => {
    refuse(openAiChat, fits, status, refusal);
    const { model, close } = await modelAt(openAiChat, server.port);
    const asked = request(`127.0.0.1:${server.port}/v1 test-model`);
    const first = await collect(model, asked);
    expect({ text: first.text, error: first.error }).toEqual({ text: "ok", error: undefined });
    const learning = server.requests.length;
    expect(learning).toBeGreaterThan(1);
    expect(learning).toBeLessThan(4);
    expect((await collect(model, asked)).text).toBe("ok");
    expect(server.requests.length - learning).toBe(1);
    await close();
  });

  test("several are learnt one after the other", async () => {
    const wants: readonly [(body: Body) => boolean, string][] = [
      [(body) => !("stream_options" in body), "Unknown field: stream_options"],
      [inFirst, "System role not supported"],
      [(body) => messages(body).every(({ content }) => content !== null), "content must be a string"],
      [(body) => "max_completion_tokens" in body, "Use max_completion_tokens"],
    ];
    server.answer((response, { body }) => {
      const missing = wants.find(([fits]) => !fits(body));
      if (missing === undefined)
        response.writeHead(200, { "content-type": "text/event-stream" }).end(openAiChat.events({ pieces: ["ok"] }).join(""));
      else response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify(said(missing[1])));
    });
    const { model, close } = await modelAt(openAiChat, server.port);
    expect((await collect(model, request("elsewhere"))).text).toBe("ok");
    expect(server.requests).toHaveLength(5);
    await close();
  });

  test("what did not help is not remembered", async () => {
    server.refuse(400, said("System role not supported"));
    const { model, close } = await modelAt(openAiChat, server.port);
    expect(await failureOf(model, request("elsewhere"))).toMatchObject({ kind: "misconfigured" });
    refuse(openAiChat, (body) => messages(body)[0]?.role === "system", 400, said("Nothing else."));
    expect((await collect(model, request("elsewhere"))).text).toBe("ok");
    await close();
  });

  test("a template's refusal is no sign of load, whatever its status", async () => {
    server.refuse(500, { error: { code: 500, message: "Jinja Exception: Only user and tool roles.", type: "server_error" } });
    const { model, close } = await modelAt(openAiChat, server.port);
    expect(await failureOf(model)).toMatchObject({ kind: "misconfigured" });
    expect(server.requests).toHaveLength(1);
    await close();
  });

  test("nothing is learnt from a refusal that is about what was said, and may quote it", async () => {
    const quoted = "Flagged by our moderation: 'System role not supported'.";
    server.refuse(400, { error: { message: quoted, code: "content_filter" } });
    const { model, close } = await modelAt(openAiChat, server.port);
    expect(await failureOf(model, request("elsewhere"))).toMatchObject({ kind: "refused" });
    expect(server.requests).toHaveLength(1);
    await close();
  });

  test("a request that would be the same is not sent again", async () => {
    server.refuse(400, said("content must be a string"));
    const { model, close } = await modelAt(openAiChat, server.port);
    await failureOf(model);
    expect(server.requests).toHaveLength(1);
    await close();
  });
});

test("another key of the same model begins with what is known; another model does not", async () => {
  refuse(openAiChat, (body) => !("stream_options" in body), 400, said("Unknown field: stream_options"));
  const models = createModels({ clock: new TestClock({ hurried: true }), log: quietLog });
  const asks = async (more: object): Promise<number> => {
    const before = server.requests.length;
    expect((await collect(await models.of(settingsFor(openAiChat, server.url, more)))).text).toBe("ok");
    return server.requests.length - before;
  };
  expect(await asks({})).toBe(2);
  expect(await asks({ apiKey: "sk-another-key-0123456789" })).toBe(1);
  expect(await asks({ silenceTimeoutMs: 1000 })).toBe(1);
  expect(await asks({ model: "other" })).toBe(2);
  await models.close();
});

describe("over the other formats", () => {
  test("Gemma behind Google's has its instruction in the first message", async () => {
    const isFirst = (body: Body): boolean =>
      !("systemInstruction" in body) && JSON.stringify(body["contents"]).includes("Be kind.\\n\\nHello.");
    refuse(gemini, isFirst, 400, {
      error: { code: 400, status: "INVALID_ARGUMENT", message: "Developer instruction is not enabled for models/gemma-3-27b-it" },
    });
    const { model, close } = await modelAt(gemini, server.port);
    expect((await collect(model, request("elsewhere"))).text).toBe("ok");
    expect(server.requests).toHaveLength(2);
    await close();
  });

  test("OpenAI's models that do not reason are not asked for their reasoning again", async () => {
    refuse(openAiResponses, (body) => !("include" in body), 400, said("Encrypted content is not supported with this model."));
    const { model, close } = await modelAt(openAiResponses, server.port);
    expect((await collect(model)).text).toBe("ok");
    expect((await collect(model)).text).toBe("ok");
    expect(server.requests).toHaveLength(3);
    await close();
  });

  test("an organisation that may not stream gets whole answers from OpenAI", async () => {
    const whole = {
      object: "response",
      status: "completed",
      output: [{ type: "message", content: [{ type: "output_text", text: "ok" }] }],
    };
    server.answer((response, { body }) => {
      const isTaken = body["stream"] === false;
      const answer = isTaken ? whole : said("Your organization must be verified to stream this model.");
      response.writeHead(isTaken ? 200 : 400, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
    const { model, close } = await modelAt(openAiResponses, server.port);
    expect((await collect(model)).text).toBe("ok");
    await close();
  });

  test("a request that Anthropic refuses for nothing known is asked once", async () => {
    server.refuse(400, anthropic.refusal(400, "invalid_request_error", "messages.1: content must not end with whitespace"));
    const { model, close } = await modelAt(anthropic, server.port);
    expect(await failureOf(model, request("elsewhere"))).toMatchObject({ kind: "misconfigured" });
    expect(server.requests).toHaveLength(1);
    await close();
  });
});
