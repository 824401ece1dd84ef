/** Trying a model out says whether it works, what to do, how long it took, and what was learnt; never a secret. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { ModelSettings } from "../../server/conversation/ports/assistant.ts";
import type { ModelTest } from "../../server/conversation/ports/model-test.ts";
import { createModels } from "../../server/model/models.ts";
import { KEY, leadingTo, settingsFor } from "./provider-harness.ts";
import { RawServer } from "./raw-server.ts";
import { quietLog, TestClock } from "./test-clock.ts";
import { openAiChat, WIRE_FORMATS, type WireFormat } from "./wire-formats.ts";

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.open();
});
afterAll(() => server.close());

async function testAt(format: WireFormat, change: Partial<ModelSettings> = {}, clock = new TestClock()): Promise<ModelTest> {
  server.requests.length = 0;
  const dispatcher = format.own === undefined ? undefined : leadingTo(server.port);
  const sockets = dispatcher === undefined ? {} : { sockets: async () => ({ dispatcher, check: () => {} }) };
  const models = createModels({ clock, log: quietLog, ...sockets });
  onTestFinished(async () => {
    await models.close();
    await dispatcher?.destroy();
  });
  return models.test(settingsFor(format, server.url, change), new AbortController().signal);
}

type Body = Record<string, unknown>;
const hasTools = (body: Body): boolean => JSON.stringify(body).includes("frontdesk_test");
const hasResult = (body: Body): boolean =>
  JSON.stringify(body).includes('"assistant"') ||
  JSON.stringify(body).includes("function_call_output") ||
  JSON.stringify(body).includes("functionResponse");
const CALL = { name: "frontdesk_test", argumentsText: '{"word":"ready"}' };

/** A model that does what it is asked to. */
function answerAll(format: WireFormat, calls: (text: string) => Parameters<WireFormat["events"]>[0] = () => ({ calls: [CALL] })): void {
  server.answer((response, { body }) => {
    const answer = hasTools(body) && !hasResult(body) ? calls(JSON.stringify(body)) : { pieces: ["rea", "dy"] };
    response.writeHead(200, { "content-type": "text/event-stream" }).end(format.events(answer).join(""));
  });
}

describe.each(WIRE_FORMATS)("$name", (format) => {
  test("that does all that is asked works", async () => {
    answerAll(format);
    const result = await testAt(format);
    expect(result).toMatchObject({
      status: "works",
      advice: [],
      learnt: { answers: "as-stream", tools: "called", tokensTold: true, leftOutTools: [] },
    });
    expect(result.exchanges).toMatchObject([
      { asked: "word", outcome: "ok", requests: 1, connectMs: 0, firstByteMs: 0, wholeMs: 0, inputTokens: 11, outputTokens: 7 },
      { asked: "call", outcome: "ok" },
      { asked: "result", outcome: "ok" },
    ]);
    expect(server.requests).toHaveLength(3);
  });

  test("that does not call the tool works without tools", async () => {
    answerAll(format, () => ({ pieces: ["I called it."] }));
    expect(await testAt(format)).toMatchObject({
      status: "without-tools",
      advice: [expect.stringContaining("did not call the tool")],
      exchanges: [{ outcome: "ok" }, { asked: "call", outcome: "no-call" }],
      learnt: { tools: "not-called" },
    });
  });

  test("that refuses everything fails, is asked once, and its words are told without the key", async () => {
    server.refuse(401, format.refusal(401, "invalid_api_key", `Incorrect key: ${KEY}.`));
    const result = await testAt(format);
    expect(result).toMatchObject({
      status: "fails",
      advice: [expect.stringContaining("does not know this key")],
      exchanges: [
        { asked: "word", outcome: "failed", fault: { kind: "misconfigured", cause: expect.stringContaining("Incorrect key: ") } },
      ],
      learnt: { tools: "not-tried" },
    });
    expect(result.exchanges).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
    expect(JSON.stringify(result)).not.toContain(KEY);
  });
});

test("the whole step goes back, so that what is refused only then is seen", async () => {
  server.answer((response, { body }) => {
    if (hasResult(body))
      return void response.writeHead(400, { "content-type": "application/json" }).end('{"error":{"message":"No results, please."}}');
    const answer = hasTools(body) ? { calls: [CALL] } : { pieces: ["ready"] };
    response.writeHead(200, { "content-type": "text/event-stream" }).end(openAiChat.events(answer).join(""));
  });
  expect(await testAt(openAiChat)).toMatchObject({
    status: "without-tools",
    exchanges: [
      { outcome: "ok" },
      { outcome: "ok" },
      { asked: "result", outcome: "failed", fault: { cause: expect.stringContaining("No results") } },
    ],
  });
});

test("what was learnt is told, and how many requests it took", async () => {
  server.answer((response, { body }) => {
    const first = (body["messages"] as { role: string }[])[0];
    const refusal =
      "stream_options" in body ? "Unknown field: stream_options" : first?.role === "system" ? "System role not supported" : undefined;
    if (refusal !== undefined)
      return void response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error: { message: refusal } }));
    const answer = hasTools(body) && !hasResult(body) ? { calls: [CALL] } : { pieces: ["ready"] };
    response.writeHead(200, { "content-type": "text/event-stream" }).end(openAiChat.events(answer).join(""));
  });
  const result = await testAt(openAiChat);
  expect(result).toMatchObject({
    status: "works",
    learnt: { systemRole: "in-first-message", limit: "max_tokens", changed: ["usage: false"] },
  });
  expect(result.exchanges.map(({ requests }) => requests)).toEqual([3, 1, 1]);
});

test.each([
  ['"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', "Start vLLM with --enable-auto-tool-choice"],
  ["registry.ollama.ai/library/small does not support tools", "Choose a model that supports tools."],
])("refused tools are told with what helps: %s", async (message, advice) => {
  server.answer((response, { body }) => {
    if (hasTools(body))
      return void response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error: { message } }));
    response.writeHead(200, { "content-type": "text/event-stream" }).end(openAiChat.events({ pieces: ["ready"] }).join(""));
  });
  expect(await testAt(openAiChat)).toMatchObject({
    status: "without-tools",
    advice: [expect.stringContaining(advice)],
    learnt: { tools: "refused" },
  });
});

test("settings that no request can be made of are told, and nothing is sent", async () => {
  server.requests.length = 0;
  const none = await testAt(openAiChat, { model: " " });
  expect(none).toMatchObject({
    status: "fails",
    advice: [expect.stringContaining("has no name")],
    format: "none",
    exchanges: [{ requests: 0 }],
  });
  expect(server.requests).toHaveLength(0);
});

test("a secret in the address is not told, however it is quoted", async () => {
  server.answer((response, { path }) => void response.writeHead(404).end(`There is no ${path} here`));
  const result = await testAt(openAiChat, { baseUrl: `${server.url}/v1?token=t0p-secret-of-the-owner` });
  expect(result.status).toBe("fails");
  expect(JSON.stringify(result)).toContain("There is no /v1/chat/completions");
  expect(JSON.stringify(result)).not.toContain("t0p-secret");
});

test("a model that never ends is given up, and nobody is left waiting", async () => {
  server.answer((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(openAiChat.unfinished({ pieces: ["rea"] }).join(""));
  });
  const hurried = new TestClock({ hurried: true });
  expect(await testAt(openAiChat, {}, hurried)).toMatchObject({
    status: "fails",
    exchanges: [{ outcome: "failed", fault: { cause: "It did not finish its answer within 120 s." } }],
  });
  expect(hurried.waits).toContain(120_000);
});
