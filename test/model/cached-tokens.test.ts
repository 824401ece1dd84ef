import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawServer } from "./raw-server.ts";
import { DONE, json, readAnswer } from "./read-answer.ts";
import { anthropic, gemini, openAiChat, openAiResponses, type WireFormat } from "./wire-formats.ts";

/**
 * Usage objects as the providers' references show them, each for 1,000 tokens of input of which 600 were read from a
 * cache, and 50 of output: only Anthropic counts the cached ones beside the others.
 */
const CHAT = {
  prompt_tokens: 1000,
  completion_tokens: 50,
  total_tokens: 1050,
  prompt_tokens_details: { cached_tokens: 600, audio_tokens: 0 },
};
const RESPONSES = { input_tokens: 1000, input_tokens_details: { cached_tokens: 600 }, output_tokens: 50, total_tokens: 1050 };
const MESSAGES = { input_tokens: 300, cache_creation_input_tokens: 100, cache_read_input_tokens: 600, output_tokens: 50 };
const GEMINI = { promptTokenCount: 1000, cachedContentTokenCount: 600, candidatesTokenCount: 50, totalTokenCount: 1050 };

const chat = (usage: unknown) => [
  json({ choices: [{ index: 0, delta: { content: "Hi" } }] }),
  json({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
  json({ choices: [], usage }),
  DONE,
];
const named = (event: Readonly<Record<string, unknown>>) => `event: ${String(event["type"])}\n${json(event)}`;
const responses = (usage: unknown) => [
  named({ type: "response.output_text.delta", item_id: "i", output_index: 0, content_index: 0, delta: "Hi" }),
  named({ type: "response.completed", response: { id: "r", status: "completed", usage } }),
];
const messages = (usage: unknown) => [
  named({ type: "message_start", message: { id: "m", type: "message", role: "assistant", content: [], usage } }),
  named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
  named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi" } }),
  named({ type: "content_block_stop", index: 0 }),
  named({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 50 } }),
  named({ type: "message_stop" }),
];
const google = (usageMetadata: unknown) => [
  json({ candidates: [{ content: { role: "model", parts: [{ text: "Hi" }] }, finishReason: "STOP" }], usageMetadata }),
];

type Case = readonly [WireFormat, (usage: unknown) => string[], object];
const CASES: readonly Case[] = [
  [openAiChat, chat, CHAT],
  [openAiResponses, responses, RESPONSES],
  [anthropic, messages, MESSAGES],
  [gemini, google, GEMINI],
];

describe("tokens that a provider had cached", () => {
  let server: RawServer;
  beforeAll(async () => {
    server = await RawServer.open();
  });
  afterAll(() => server.close());

  test.each(CASES.map(([format, events, usage]) => [format.name, format, events, usage] as const))(
    "%s: are in the input once, and named",
    async (_name, format, events, usage) => {
      const { finish, error } = await readAnswer(server, format, events(usage));
      expect(error).toBeUndefined();
      expect(finish?.usage).toEqual({ inputTokens: 1000, cachedTokens: 600, outputTokens: 50 });
    },
  );

  test.each([
    [
      "more than the input",
      { ...CHAT, prompt_tokens_details: { cached_tokens: 5000 } },
      { inputTokens: 1000, cachedTokens: 1000, outputTokens: 50 },
    ],
    ["a text", { ...CHAT, prompt_tokens_details: { cached_tokens: "600" } }, { inputTokens: 1000, outputTokens: 50 }],
    ["details that are none", { ...CHAT, prompt_tokens_details: 600 }, { inputTokens: 1000, outputTokens: 50 }],
    ["less than none", { ...CHAT, prompt_tokens_details: { cached_tokens: -1 } }, { inputTokens: 1000, outputTokens: 50 }],
  ])("%s is not believed", async (_what, usage, read) => {
    expect((await readAnswer(server, openAiChat, chat(usage))).finish?.usage).toEqual(read);
  });
});
