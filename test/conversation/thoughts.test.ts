import { expect, test } from "vitest";
import type { ModelPart, ModelRequest } from "../../server/conversation/ports/model.ts";
import { customerView } from "../../server/conversation/customer-view.ts";
import { promptTokens } from "../../server/conversation/prompt/prompt.ts";
import { thoughtWords } from "../../server/conversation/thought-words.ts";
import { alwaysAllow, assistant } from "../support/desk-assistant.ts";
import { openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";

const THOUGHTS = { of: "model.example/v1 thinker", value: { members: { reasoning_content: "They want their parcel." } } };
const MODEL = assistant().model;
const thinking = (...parts: ModelPart[]): ModelPart[] => [{ type: "thoughts", thoughts: THOUGHTS }, ...parts];
const lookUp = callTools({ name: "orders__lookup", arguments: {} });

const saidBy = ({ messages }: ModelRequest) => messages.filter(({ role }) => role === "assistant");

test("what a model thought before its calls goes back with them, also in the next turn and after a restart", async () => {
  const desk = await openDesk({
    script: ({ messages }) => (messages.at(-1)?.role === "user" ? thinking(...lookUp) : say("Found.")),
    tools: [{ tool: "lookup", run: () => textResult("found") }],
    permissions: { lookup: alwaysAllow },
  });
  await desk.ask("Where is it?");
  expect(saidBy(desk.requests[1]!)).toMatchObject([{ thoughts: THOUGHTS }]);
  const again = await desk.restart();
  await again.ask("And now?");
  expect(saidBy(again.requests.at(-1)!)).toMatchObject([{ thoughts: THOUGHTS }, {}, { thoughts: THOUGHTS }]);
});

test("what a model thought is seen by no customer", async () => {
  const desk = await openDesk({
    script: ({ messages }) => (messages.at(-1)?.role === "user" ? thinking(...lookUp) : say("Found.")),
    tools: [{ tool: "lookup", run: () => textResult("found") }],
    permissions: { lookup: alwaysAllow },
  });
  const events = await desk.ask("Where is it?");
  expect(JSON.stringify(events)).toContain("They want their parcel.");
  expect(JSON.stringify([events.map(customerView), desk.room.texts])).not.toContain("They want their parcel.");
});

test("thoughts of an answer without calls are not kept", async () => {
  const desk = await openDesk({ script: () => thinking(...say("Hello.")) });
  expect(JSON.stringify(await desk.ask("Hi"))).not.toContain("They want");
});

test("thoughts of an answer without calls are kept where staff may read them, and go back to nobody", async () => {
  const desk = await openDesk({ script: () => thinking(...say("Hello.")), assistant: { model: { ...MODEL, showThoughts: "staff" } } });
  const events = await desk.ask("Hi");
  expect(JSON.stringify(events)).toContain("They want their parcel.");
  expect(JSON.stringify([events.map(customerView), desk.room.texts])).not.toContain("They want");
  await desk.ask("And now?");
  expect(JSON.stringify(desk.requests)).not.toContain("They want");
});

test.each([
  ["DeepSeek's", { members: { reasoning_content: "I look." }, calls: {} }, "I look."],
  [
    "OpenRouter's, said twice",
    { members: { reasoning: "I look.", reasoning_details: [{ type: "reasoning.text", text: "I look.", signature: "s" }] } },
    "I look.",
  ],
  [
    "Anthropic's",
    [
      { type: "thinking", thinking: "I look.", signature: "s" },
      { type: "redacted_thinking", data: "d" },
    ],
    "I look.",
  ],
  [
    "OpenAI's",
    [
      {
        calls: 0,
        item: {
          type: "reasoning",
          id: "rs_1",
          summary: [
            { type: "summary_text", text: "I look." },
            { type: "summary_text", text: "I ask." },
          ],
          encrypted_content: "e",
        },
      },
    ],
    "I look.\n\nI ask.",
  ],
  ["that are encrypted", [{ type: "redacted_thinking", data: "d" }], undefined],
  ["Gemini's signatures", { calls: { a: { google: { thought_signature: "s" } } } }, undefined],
  ["that are none", "x", undefined],
])("the words of thoughts are read: %s", (_whose, value, words) => {
  expect(thoughtWords(value)).toBe(words);
});

test("thoughts count in the window", () => {
  const message = { role: "assistant", text: "", toolCalls: [] } as const;
  const longer = { ...message, thoughts: { of: "x", value: "x".repeat(3_300) } };
  expect(promptTokens([longer]) - promptTokens([message])).toBeGreaterThan(900);
});

test("results are told in the order of their calls, whichever came first", async () => {
  let release = (): void => undefined;
  const later = new Promise<void>((resolve) => (release = resolve));
  const desk = await openDesk({
    script: ({ messages }) =>
      messages.at(-1)?.role === "user"
        ? callTools(
            { name: "orders__slow", arguments: {} },
            { name: "orders__fast", arguments: {} },
            { name: "orders__fast", arguments: {} },
          )
        : say("Both."),
    tools: [
      { tool: "slow", run: async () => (await later, textResult("slow")) },
      { tool: "fast", run: () => (release(), textResult("fast")) },
    ],
    permissions: { slow: alwaysAllow, fast: alwaysAllow },
  });
  await desk.ask("Both");
  const told = desk.requests[1]!.messages.filter((message) => message.role === "tool");
  expect(told.map(({ modelCallId, text }) => [modelCallId, text])).toEqual([
    ["call-0", "slow"],
    ["call-1", "fast"],
    ["call-2", "fast"],
  ]);
});
