import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from "vitest";
import type { ModelErrorKind } from "../../server/conversation/ports/model.ts";
import { failureOf } from "./collect.ts";
import { KEY, modelAt, type Harness } from "./provider-harness.ts";
import { RawServer } from "./raw-server.ts";
import { WIRE_FORMATS, openAiChat, gemini, anthropic, openAiResponses, type WireFormat } from "./wire-formats.ts";

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.open();
});
afterAll(() => server.close());

describe.each(WIRE_FORMATS)("a refusal by $name", (format) => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await modelAt(format, server.port);
    server.requests.length = 0;
  });
  afterEach(() => harness.close());

  test.each([
    [400, "invalid_request_error", "misconfigured", 1],
    [401, "authentication_error", "misconfigured", 1],
    [402, "insufficient_credits", "misconfigured", 1],
    [403, "permission_error", "misconfigured", 1],
    [404, "model_not_found", "misconfigured", 1],
    [408, "timeout", "overloaded", 3],
    [413, "request_too_large", "context-overflow", 1],
    [422, "unprocessable", "misconfigured", 1],
    [429, "rate_limit_exceeded", "rate-limited", 3],
    [429, "insufficient_quota", "misconfigured", 1],
    [500, "api_error", "overloaded", 3],
    [502, "bad_gateway", "overloaded", 3],
    [503, "unavailable", "overloaded", 3],
    [504, "timeout", "overloaded", 3],
    [529, "overloaded_error", "overloaded", 3],
  ] as const)("with %i %s is %s, asked %i times", async (status, code, kind, tries) => {
    server.refuse(status, format.refusal(status, code, "Said by the provider."));
    const failure = await failureOf(harness.model);
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain(String(status));
    expect(failure.message).toContain("Said by the provider.");
    expect(server.requests).toHaveLength(tries);
  });

  test("because the prompt is too long is a context overflow", async () => {
    server.refuse(format.tooLong.status, format.tooLong.body);
    expect(await failureOf(harness.model)).toMatchObject({ kind: "context-overflow" });
  });

  test("by its content filter is a refusal", async () => {
    server.refuse(400, format.refusal(400, "content_filter", "The prompt was filtered."));
    expect(await failureOf(harness.model)).toMatchObject({ kind: "refused" });
  });

  test("never repeats the key, however it is echoed", async () => {
    const echoes = [
      KEY,
      encodeURIComponent(KEY),
      `https://x.example/?key=${KEY}`,
      `Bearer ${KEY}`,
      `${KEY.slice(0, 8)}****${KEY.slice(-4)}`,
    ];
    for (const echo of echoes) {
      server.refuse(401, format.refusal(401, "invalid_api_key", `Incorrect key: ${echo}.`));
      const { message, cause } = await failureOf(harness.model);
      expect(message).toContain("Incorrect key: ");
      expect(message).not.toContain(KEY.slice(0, 8));
      expect(message).not.toContain(KEY.slice(-4));
      expect(cause).toBeUndefined();
    }
  });

  test("in HTML is told without its tags", async () => {
    server.answer(
      (response) => void response.writeHead(502, { "content-type": "text/html" }).end("<html><body><h1>Bad Gateway</h1></body></html>"),
    );
    const { kind, message } = await failureOf(harness.model);
    expect(kind).toBe("overloaded");
    expect(message).toContain("Bad Gateway");
    expect(message).not.toContain("<");
  });

  test("without a body is still told", async () => {
    server.answer((response) => void response.writeHead(401).end());
    expect(await failureOf(harness.model)).toMatchObject({ kind: "misconfigured" });
  });

  test("that redirects is not followed", async () => {
    server.answer((response) => void response.writeHead(308, { location: "/elsewhere" }).end());
    expect(await failureOf(harness.model)).toMatchObject({ kind: "misconfigured" });
    expect(server.requests).toHaveLength(1);
  });

  test("with status 200 and a page instead of a stream says so", async () => {
    server.answer(
      (response) => void response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<p>Welcome to nginx</p>"),
    );
    const { kind, message } = await failureOf(harness.model);
    expect(kind).toBe("misconfigured");
    expect(message).toMatch(/text\/html.*instead of an event stream.*address of its API/);
  });

  test("with status 200 and an error in JSON is that error", async () => {
    server.refuse(200, { error: { code: "rate_limit_exceeded", message: "Slow down." } });
    expect(await failureOf(harness.model)).toMatchObject({ kind: "rate-limited" });
  });
});

describe("when to come back", () => {
  const cases: readonly [string, WireFormat, Record<string, string>, unknown, number | undefined][] = [
    ["retry-after in seconds", anthropic, { "retry-after": "45" }, undefined, 45_000],
    ["retry-after as a date", openAiChat, { "retry-after": "Fri, 20 Nov 2026 09:01:00 GMT" }, undefined, 60_000],
    ["retry-after-ms before all else", openAiResponses, { "retry-after-ms": "40500", "retry-after": "99" }, undefined, 40_500],
    [
      "the reset of what is used up",
      openAiChat,
      {
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "1m2.5s",
        "x-ratelimit-remaining-tokens": "9",
        "x-ratelimit-reset-tokens": "2h",
      },
      undefined,
      62_500,
    ],
    [
      "the longest reset when nothing says what is used up",
      openAiChat,
      { "x-ratelimit-reset-requests": "35s", "x-ratelimit-reset-tokens": "50s" },
      undefined,
      50_000,
    ],
    ["a reset as a point in time", openAiChat, { "x-ratelimit-reset": String(Date.UTC(2026, 10, 20, 9, 2)) }, undefined, 120_000],
    [
      "Anthropic's reset",
      anthropic,
      { "anthropic-ratelimit-input-tokens-remaining": "0", "anthropic-ratelimit-input-tokens-reset": "2026-11-20T09:00:40Z" },
      undefined,
      40_000,
    ],
    [
      "Gemini's RetryInfo",
      gemini,
      {},
      {
        error: {
          code: 429,
          status: "RESOURCE_EXHAUSTED",
          message: "Quota.",
          details: [
            { "@type": "type.googleapis.com/google.rpc.Help", links: [] },
            { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "43.2s" },
          ],
        },
      },
      43_200,
    ],
    ["nothing", openAiChat, {}, undefined, undefined],
    ["nonsense", openAiChat, { "retry-after": "soon", "x-ratelimit-reset-requests": "later" }, undefined, undefined],
  ];
  test.each(cases)("is read from %s", async (...[, format, headers, body, expected]) => {
    server.refuse(429, body ?? format.refusal(429, "rate_limit_error", "Slow down."), headers);
    const { model, close } = await modelAt(format, server.port);
    const failure = await failureOf(model);
    expect(failure.kind).toBe("rate-limited");
    expect(failure.retryAfterMs).toBe(expected);
    await close();
  });
});

describe("a context overflow in the words of", () => {
  test.each([
    [
      "Anthropic, counting the answer",
      400,
      "input length and `max_tokens` exceed context limit: 199000 + 8000 > 200000, decrease input length",
    ],
    ["vLLM", 400, "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens"],
    ["llama.cpp", 400, "the request exceeds the available context size, try increasing it"],
    ["OpenAI's limit of tokens a minute", 429, "Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 45000."],
    ["DeepSeek", 400, "Please reduce the length of the messages or completion."],
  ])("%s", async (_who, status, message) => {
    server.refuse(status, { error: { message } });
    const { model, close } = await modelAt(openAiChat, server.port);
    expect((await failureOf(model)).kind).toBe("context-overflow");
    await close();
  });

  test("nobody, when the answer's limit is too high", async () => {
    server.refuse(400, { error: { message: "max_tokens: 200000 > 64000, which is the maximum allowed number of output tokens" } });
    const { model, close } = await modelAt(anthropic, server.port);
    expect((await failureOf(model)).kind).toBe("misconfigured" satisfies ModelErrorKind);
    await close();
  });
});
