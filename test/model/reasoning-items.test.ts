/** OpenAI stores nothing for us, so its reasoning goes back with the calls that it led to, encrypted as it came. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PromptMessage, Thoughts } from "../../server/conversation/ports/model.ts";
import { ask, collect, type Collected } from "./collect.ts";
import { modelAt } from "./provider-harness.ts";
import { RawServer } from "./raw-server.ts";
import { openAiResponses } from "./wire-formats.ts";

let server: RawServer;
beforeAll(async () => {
  server = await RawServer.open();
});
afterAll(() => server.close());

const named = (value: { type: string } & Record<string, unknown>): string => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const done = (item: object): string => named({ type: "response.output_item.done", output_index: 0, item });
const END = named({ type: "response.completed", response: { status: "completed", usage: { input_tokens: 1, output_tokens: 1 } } });
const reasoning = (id: string): object => ({ type: "reasoning", id, summary: [], encrypted_content: `secret of ${id}`, status: null });
const call = (id: string): object => ({
  type: "function_call",
  id: `fc_${id}`,
  call_id: id,
  name: "one",
  arguments: "{}",
  status: "completed",
});
const tools = [{ name: "one", description: "", inputSchema: { type: "object" } }];

async function read(events: readonly string[], messages?: readonly PromptMessage[], model?: string): Promise<Collected> {
  server.stream(events);
  const harness = await modelAt(openAiResponses, server.port, { settings: model === undefined ? {} : { model } });
  const collected = await collect(harness.model, ask("hello", { tools, ...(messages === undefined ? {} : { messages }) }));
  await harness.close();
  expect(collected.error).toBeUndefined();
  return collected;
}

function thoughtsOf({ parts }: Collected): Thoughts | undefined {
  const part = parts.find(({ type }) => type === "thoughts");
  return part?.type === "thoughts" ? part.thoughts : undefined;
}

const history = (thoughts: Thoughts): PromptMessage[] => [
  { role: "user", text: "hello" },
  {
    role: "assistant",
    text: "I look.",
    thoughts,
    toolCalls: ["a", "b"].map((modelCallId) => ({ modelCallId, name: "one", argumentsText: "{}" })),
  },
  ...["a", "b"].map((modelCallId) => ({ role: "tool", modelCallId, name: "one", text: "done", failed: false }) as const),
];
const input = (): { type?: string; role?: string }[] => server.requests.at(-1)?.body["input"] as { type?: string }[];

test("reasoning goes back before the calls it led to, unchanged and in its place", async () => {
  const first = await read([done(reasoning("rs_1")), done(call("a")), done(reasoning("rs_2")), done(call("b")), END]);
  const thoughts = thoughtsOf(first);
  expect(first.parts.findIndex(({ type }) => type === "thoughts")).toBeLessThan(first.parts.findIndex(({ type }) => type === "tool-call"));
  await read([END], history(thoughts!));
  expect(server.requests.at(-1)?.body).toMatchObject({ store: false, include: ["reasoning.encrypted_content"] });
  expect(input().map(({ type, role }) => type ?? role)).toEqual([
    "user",
    "reasoning",
    "assistant",
    "function_call",
    "reasoning",
    "function_call",
    "function_call_output",
    "function_call_output",
  ]);
  expect(input()[1]).toEqual({ type: "reasoning", id: "rs_1", summary: [], encrypted_content: "secret of rs_1" });
});

test("it goes to no other model, and what is not encrypted goes nowhere", async () => {
  const thoughts = thoughtsOf(await read([done(reasoning("rs_1")), done(call("a")), END]));
  await read([END], history(thoughts!), "another-model");
  expect(JSON.stringify(input())).not.toContain("secret");
  expect(thoughtsOf(await read([done({ type: "reasoning", id: "rs_1", summary: [] }), done(call("a")), END]))).toBeUndefined();
});
