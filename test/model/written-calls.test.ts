/** A call that a model writes into its text is a call, and never shown to customers, wherever its pieces are cut. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WrittenCalls } from "../../server/model/wires/written-calls.ts";
import { ask, collect } from "./collect.ts";
import { modelAt } from "./provider-harness.ts";
import { RawServer } from "./raw-server.ts";
import { called, delta, DONE, readAnswer } from "./read-answer.ts";
import { openAiChat } from "./wire-formats.ts";

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.open();
});
afterAll(() => server.close());

const written = (name: string, given: unknown = {}): string => `<tool_call>\n${JSON.stringify({ name, arguments: given })}\n</tool_call>`;
const spoken = (...pieces: string[]): string[] => [...pieces.map((content) => delta({ content })), delta({}, "stop"), DONE];

describe("a call in the text", () => {
  const cases: readonly [string, string, string, unknown[]][] = [
    ["alone", written("one", { a: 1 }), "", [["one", '{"a":1}']]],
    ["after words", `Let me look.\n${written("one")}`, "Let me look.\n", [["one", "{}"]]],
    [
      "two of them",
      `${written("one", { a: 1 })}\n${written("two")}\n`,
      "",
      [
        ["one", '{"a":1}'],
        ["two", "{}"],
      ],
    ],
    [
      "the same twice",
      `${written("one", { a: 1 })}\n${written("one", { a: 2 })}`,
      "",
      [
        ["one", '{"a":1}'],
        ["one", '{"a":2}'],
      ],
    ],
    ["after a thought", `<think>\nI look.\n</think>\n\n${written("one")}`, "", [["one", "{}"]]],
    ["without its end mark", written("one", { a: 1 }).replace("\n</tool_call>", ""), "", [["one", '{"a":1}']]],
    ["with parameters", '<tool_call>{"name":"one","parameters":{"a":1}}</tool_call>', "", [["one", '{"a":1}']]],
    ["with arguments as a text", '<tool_call>{"name":"one","arguments":"{\\"a\\":1}"}</tool_call>', "", [["one", '{"a":1}']]],
    ["in a fence", '<tool_call>\n```json\n{"name":"one"}\n```\n</tool_call>', "", [["one", "{}"]]],
    ["of an unknown tool, which is refused later", written("refund"), "", [["refund", "{}"]]],
    [
      "with broken arguments, which are refused later",
      '<tool_call>{"name":"one","arguments":{"a":}}</tool_call>',
      "",
      [["one", '{"name":"one","arguments":{"a":}}']],
    ],
    ["with words after it", `${written("one")}\nDone.`, "Done.", [["one", "{}"]]],
    ["that is none: other tags", "1 < 2, <b>bold</b>, <tool_calls>, <tool_cal", "1 < 2, <b>bold</b>, <tool_calls>, <tool_cal", []],
  ];
  test.each(cases)("%s", async (_what, text, shown, calls) => {
    for (const pieces of [[text], text.split("")]) {
      const answer = await readAnswer(server, openAiChat, spoken(...pieces));
      expect({ text: answer.text, calls: called(answer), error: answer.error }).toEqual({ text: shown, calls, error: undefined });
      expect(answer.finish?.reason).toBe(calls.length > 0 ? "tool-calls" : "stop");
    }
  });

  test("that does not even say its name breaks the answer, and says what to do", async () => {
    const { text, error, calls } = await readAnswer(server, openAiChat, spoken("Hm. <tool_call><function=one></function></tool_call>"));
    expect({ text, calls }).toEqual({ text: "Hm. ", calls: [] });
    expect(error).toMatchObject({ kind: "broken", message: expect.stringContaining("parser for this model's calls") });
  });

  test("of an answer that was cut or refused is not made, nor shown", async () => {
    for (const reason of ["length", "content_filter"]) {
      const events = [delta({ content: `Hm. ${written("one").slice(0, -20)}` }), delta({}, reason), DONE];
      const { text, calls, error } = await readAnswer(server, openAiChat, events);
      expect({ text, calls, error }).toEqual({ text: "Hm. ", calls: [], error: undefined });
    }
  });

  test("is text like any other where there are no tools", async () => {
    server.stream(spoken(written("one")));
    const { model, close } = await modelAt(openAiChat, server.port);
    expect((await collect(model)).text).toBe(written("one"));
    await close();
  });

  test("of a model that calls in the format's own way is only quoted: neither made nor shown", async () => {
    const { model, close } = await modelAt(openAiChat, server.port);
    const request = ask("hello", { tools: [{ name: "one", description: "", inputSchema: { type: "object" } }] });
    server.stream(openAiChat.events({ calls: [{ name: "one", argumentsText: "{}" }] }));
    expect((await collect(model, request)).calls).toHaveLength(1);
    server.stream(spoken(`You wrote: ${written("one")}`));
    const { text, calls, finish } = await collect(model, request);
    expect({ text, calls, reason: finish?.reason }).toEqual({ text: "You wrote: ", calls: [], reason: "stop" });
    await close();
  });
});

test("cut anywhere, the text and the calls are the same", () => {
  const part = fc.oneof(
    fc.constantFrom("Hello ", "<", "<tool", "<tool_call", "</tool_call>", "<<tool_cal>", " ", "\n", "1 < 2 ", "<b>"),
    fc.constantFrom("one", "two").map((name) => written(name, { a: "<tool_cal" })),
  );
  const read = (pieces: readonly string[]): unknown => {
    const reader = new WrittenCalls();
    const text = pieces.map((piece) => reader.said(piece)).join("") + reader.rest();
    return { text, calls: reader.calls() };
  };
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.array(fc.nat(400), { maxLength: 8 }), (parts, cuts) => {
      const whole = parts.join("");
      const places = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].toSorted((left, right) => left - right);
      const pieces = [0, ...places].map((from, index) => whole.slice(from, places[index] ?? whole.length));
      const expected = read([whole]);
      expect(read(pieces)).toEqual(expected);
      expect(read(whole.split(""))).toEqual(expected);
      expect((expected as { text: string }).text).not.toContain("<tool_call>");
    }),
  );
});

test("a long call in small pieces costs no more than its length", () => {
  const reader = new WrittenCalls();
  reader.said("<tool_call>");
  let kept = 0;
  for (let piece = 0; piece < 200_000; piece += 1) kept += reader.said("word").length;
  reader.said("</tool_call>");
  expect(kept).toBe(0);
  expect(reader.calls()).toEqual([undefined]);
});
