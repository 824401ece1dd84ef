/** Answers as servers of these formats really send them, each shape after a public report or a server's own source. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ModelError } from "../../server/conversation/ports/model.ts";
import { RawServer } from "./raw-server.ts";
import { called, delta, DONE, json, readAnswer, type Piece } from "./read-answer.ts";
import { anthropic, gemini, openAiChat } from "./wire-formats.ts";

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.open();
});
afterAll(() => server.close());

describe("an end that is none", () => {
  const call = delta({ tool_calls: [{ index: 0, id: "a", function: { name: "one", arguments: "{}" } }] });
  test.each(["abort", "insufficient_system_resource", "error", "time_limit", "cancelled", "repetition", "unknown"])(
    "finish_reason %s breaks the answer, and none of its calls is made",
    async (reason) => {
      const { text, calls, error } = await readAnswer(server, openAiChat, [
        delta({ content: "The parcel is at" }),
        call,
        delta({}, reason),
        DONE,
      ]);
      expect(text).toBe("The parcel is at");
      expect(calls).toEqual([]);
      expect(error).toMatchObject({ name: "ModelError", kind: "broken", message: expect.stringContaining(`"${reason}"`) as string });
    },
  );

  test.each(["max_tokens", "model_length", "length"])("finish_reason %s is the limit", async (reason) => {
    expect((await readAnswer(server, openAiChat, [delta({ content: "The" }), delta({}, reason), DONE])).finish?.reason).toBe("length");
  });

  test.each(["stop", "tool_calls", "function_call", "eos_token", "stop_sequence"])("finish_reason %s is an end", async (reason) => {
    expect((await readAnswer(server, openAiChat, [delta({ content: "Yes." }), delta({}, reason), DONE])).finish?.reason).toBe("stop");
  });

  test.each([
    ["an object of the kind error", json({ object: "error", message: "CUDA out of memory", type: "InternalServerError", code: 500 })],
    ["a message alone", `event: error\n${json({ message: "upstream closed" })}`],
    ["a detail alone", json({ detail: "upstream closed" })],
    ["a message with a code", json({ code: "server_error", message: "upstream closed" })],
    ["a text under error", json({ error: "upstream closed" })],
    ["an error beside empty choices", json({ choices: [], error: { message: "upstream closed" } })],
  ])("%s breaks the answer", async (_shape, event) => {
    const { text, calls, error } = await readAnswer(server, openAiChat, [delta({ content: "The parcel is at" }), call, event, DONE]);
    expect({ text, calls }).toEqual({ text: "The parcel is at", calls: [] });
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ kind: "broken", message: expect.stringMatching(/upstream closed|CUDA/) as string });
  });

  test("of Anthropic breaks the answer", async () => {
    const events = anthropic
      .events({ pieces: ["Half"], calls: [{ name: "one", argumentsText: "{}" }] })
      .map((event) => event.replace('"tool_use"}', '"gone_away"}').replace(/"stop_reason":"\w+"/, '"stop_reason":"gone_away"'));
    const { calls, error } = await readAnswer(server, anthropic, events);
    expect(calls).toEqual([]);
    expect(error).toMatchObject({ kind: "broken", message: expect.stringContaining('"gone_away"') as string });
  });
});

describe("events that say nothing", () => {
  test.each([
    ["empty data", "data:\n\n"],
    ["data with a blank", "data: \n\n"],
    ["data without a colon", "data\n\n"],
    ["two empty lines of data", "data:\ndata:\n\n"],
    ["an event name alone", "event: ping\n\n"],
  ])("%s is passed over on every wire", async (_shape, event) => {
    for (const format of [openAiChat, anthropic, gemini]) {
      const events = format.events({ pieces: ["Yes", "."] });
      const { text, error } = await readAnswer(
        server,
        format,
        events.flatMap((one) => [event, one]),
      );
      expect({ name: format.name, text, error }).toEqual({ name: format.name, text: "Yes.", error: undefined });
    }
  });

  test.each(["data: [DONE] \n\n", "data:[DONE]\n\n", "data:  [DONE]\n\n", "data: [DONE]\t\n\n"])("%j is the end", async (done) => {
    const { text, finish, error } = await readAnswer(server, openAiChat, [delta({ content: "Yes." }, "stop"), done]);
    expect({ text, reason: finish?.reason, error }).toEqual({ text: "Yes.", reason: "stop", error: undefined });
  });
});

describe("content that is a list", () => {
  test.each<[string, unknown[]]>([
    ["of thoughts and a text", [[{ type: "thinking", thinking: [{ type: "text", text: "Hm." }] }], [{ type: "text", text: "Yes." }]]],
    [
      "of two texts",
      [
        [
          { type: "text", text: "Ye" },
          { type: "text", text: "s." },
        ],
      ],
    ],
    [
      "of a reference and a text",
      [
        [
          { type: "reference", reference_ids: [1] },
          { type: "text", text: "Yes." },
        ],
      ],
    ],
    ["that is empty, before a text", [[], "Yes."]],
    ["of a text that is null", [[{ type: "text", text: null }], "Yes."]],
    ["of a picture and a text", [[{ type: "image_url", image_url: { url: "x" } }], "Yes."]],
  ])("%s is read as its texts", async (_shape, contents) => {
    const { text, error } = await readAnswer(server, openAiChat, [
      ...contents.map((content) => delta({ content })),
      delta({}, "stop"),
      DONE,
    ]);
    expect({ text, error }).toEqual({ text: "Yes.", error: undefined });
  });
});

describe("thoughts in the text", () => {
  const whole: [string, string][] = [
    ["<think>Hm.</think>Yes.", "Yes."],
    ["<think>\nHm.\n</think>\n\nYes.", "Yes."],
    ["\n<think></think>\nYes.", "Yes."],
    ["<thinking>Hm. <b></thinking> Yes.", "Yes."],
    ["<think>Hm.</think><think>Hm!</think>Yes.", "Yes."],
    ["<think>never closed", ""],
    ["<thin air is not a tag", "<thin air is not a tag"],
    ["<th", "<th"],
    ["Yes. <think> is a tag.", "Yes. <think> is a tag."],
    [" Yes.", " Yes."],
  ];
  test.each(whole)("%j is %j, cut anywhere", async (written, said) => {
    for (const size of [written.length, 1, 2, 5]) {
      const pieces = written.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [];
      const { text, error } = await readAnswer(server, openAiChat, [
        ...pieces.map((content) => delta({ content })),
        delta({}, "stop"),
        DONE,
      ]);
      expect({ size, text, error }).toEqual({ size, text: said, error: undefined });
    }
  });
});

describe("what Anthropic's format really brings", () => {
  const start = (content_block: Piece): string => json({ type: "content_block_start", index: 0, content_block });
  const pieces = (...texts: (string | null)[]): string[] =>
    texts.map((partial_json) => json({ type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json } }));
  const end = [json({ type: "message_delta", delta: { stop_reason: "tool_use" } }), json({ type: "message_stop" })];
  const use = (input: unknown): string => start({ type: "tool_use", id: "a", name: "one", input });
  test.each<[string, string[], string]>([
    ["input null", [use(null), ...pieces('{"m"', ":1}")], '{"m":1}'],
    ["input an empty text", [use(""), ...pieces('{"m"', ":1}")], '{"m":1}'],
    ["input whole, no pieces", [use({ m: 1 })], '{"m":1}'],
    ["input whole, and in pieces", [use({ m: 1 }), ...pieces('{"m"', ":1}")], '{"m":1}'],
    ["input whole, and empty pieces", [use({ m: 1 }), ...pieces("", null)], '{"m":1}'],
    ["input whole, as a text", [use('{"m":1}')], '{"m":1}'],
  ])("%s", async (_shape, events, expected) => {
    const collected = await readAnswer(server, anthropic, [...events, ...end]);
    expect(collected.error).toBeUndefined();
    expect(called(collected)).toEqual([["one", expected]]);
  });

  test("text null is no text", async () => {
    const { text, error } = await readAnswer(server, anthropic, [
      start({ type: "text", text: null }),
      json({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: null } }),
      json({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Yes." } }),
      json({ type: "message_delta", delta: { stop_reason: null } }),
      json({ type: "message_stop" }),
    ]);
    expect({ text, error }).toEqual({ text: "Yes.", error: undefined });
  });
});

describe("what Gemini's format really brings", () => {
  const chunk = (candidate: Piece): string => json({ candidates: [candidate] });
  const parts = (...list: unknown[]): string => chunk({ content: { parts: list } });
  const STOP = chunk({ finishReason: "STOP" });
  test.each<[string, string[]]>([
    ["nulls in a part", [parts({ text: "Yes.", thought: null, functionCall: null, thoughtSignature: null })]],
    ["text null", [parts({ text: null }), parts({ text: "Yes." })]],
    ["parts null", [chunk({ content: { parts: null } }), parts({ text: "Yes." })]],
    ["content null", [chunk({ content: null }), parts({ text: "Yes." })]],
    [
      "an unspecified reason in the middle",
      [chunk({ content: { parts: [{ text: "Ye" }] }, finishReason: "FINISH_REASON_UNSPECIFIED" }), parts({ text: "s." })],
    ],
  ])("%s", async (_shape, events) => {
    const { text, finish, error } = await readAnswer(server, gemini, [...events, STOP]);
    expect({ text, reason: finish?.reason, error }).toEqual({ text: "Yes.", reason: "stop", error: undefined });
  });

  test("a call that it could not read itself is asked for again", async () => {
    const before = server.requests.length;
    const { error } = await readAnswer(server, gemini, [chunk({ finishReason: "MALFORMED_FUNCTION_CALL" })]);
    expect(server.requests.length - before).toBe(3);
    expect(error).toMatchObject({ message: expect.stringContaining("MALFORMED_FUNCTION_CALL") as string });
  });
});
