import type { ModelSettings } from "../conversation/ports/assistant.ts";
import type { LearntOfModel, ModelTest, TestExchange } from "../conversation/ports/model-test.ts";
import {
  ModelError,
  type ModelPart,
  type ModelRequest,
  type OfferedTool,
  type PromptMessage,
  type Thoughts,
} from "../conversation/ports/model.ts";
import type { Clock } from "../foundation/clock.ts";
import { ModelMemory } from "./model-memory.ts";
import { adviceOn } from "./test-advice.ts";
import { TimedPost } from "./timed-post.ts";
import type { Post } from "./transport/post.ts";
import { redactKey } from "./transport/redact-key.ts";
import type { WireModel } from "./wire-model.ts";
import { FIRST_HABITS } from "./wires/habits.ts";

/** A model that is loaded with its first request may take this long; a person waits no longer. */
const LONGEST_MS = 120_000;
/** Enough for a model that thinks before a word. */
const MOST_TOKENS = 2_048;

export const TEST_TOOL: OfferedTool = {
  name: "frontdesk_test",
  description: "Answers with the word that it is given. It does nothing else.",
  inputSchema: {
    type: "object",
    properties: { word: { type: "string", description: "The word." } },
    required: ["word"],
    additionalProperties: false,
  },
};
const SYSTEM: PromptMessage = { role: "system", text: "This is a test of the connection. Do what is asked, and nothing else." };
const FOR_A_WORD: PromptMessage = { role: "user", text: "Answer with the one word: ready" };
const FOR_A_CALL: PromptMessage = { role: "user", text: `Call the tool ${TEST_TOOL.name} with the word: ready` };

export interface TestedModel {
  readonly settings: ModelSettings;
  readonly memory: ModelMemory;
  /** The name of the format that it is spoken to in. */
  readonly format: string;
  readonly post: Post;
  readonly clock: Clock;
  readonly modelWith: (post: Post) => WireModel;
}

interface Heard {
  readonly exchange: TestExchange;
  readonly text: string;
  readonly calls: readonly Extract<ModelPart, { type: "tool-call" }>[];
  readonly thoughts: Thoughts | undefined;
}

export async function testModel(tested: TestedModel, signal: AbortSignal): Promise<ModelTest> {
  const heard: Heard[] = [];
  const ask = async (asked: TestExchange["asked"], messages: readonly PromptMessage[], tools: readonly OfferedTool[]): Promise<Heard> => {
    const request = { messages: [SYSTEM, ...messages], tools, toolChoice: "auto" as const, maxOutputTokens: mostTokens(tested.settings) };
    const one = await exchange(tested, asked, request, signal);
    heard.push(one);
    return one;
  };

  const word = await ask("word", [FOR_A_WORD], []);
  if (word.exchange.outcome !== "failed") {
    const call = await ask("call", [FOR_A_CALL], [TEST_TOOL]);
    if (call.exchange.outcome === "ok") await ask("result", [FOR_A_CALL, ...afterCall(call)], [TEST_TOOL]);
  }
  const exchanges = heard.map((one) => one.exchange);
  const learnt = learntBy(heard, tested.memory);
  const advice = adviceOn({ exchanges, learnt, texts: heard.map(({ text }) => text), settings: tested.settings });
  const said = { advice: advice.map(({ text }) => text), adviceCodes: advice.map(({ code }) => code) };
  return { status: statusOf(exchanges), ...said, format: tested.format, exchanges, learnt };
}

/** Of settings that no request can be made of: nothing was sent. */
export function unusable({ kind, message: cause }: ModelError): ModelTest {
  return {
    status: "fails",
    advice: [cause],
    adviceCodes: ["correct-settings"],
    format: "none",
    exchanges: [{ asked: "word", outcome: "failed", fault: { kind, cause }, requests: 0, wholeMs: 0 }],
    learnt: learntBy([], new ModelMemory()),
  };
}

function mostTokens({ maxOutputTokens }: ModelSettings): number {
  return Math.min(maxOutputTokens, MOST_TOKENS);
}

async function exchange(tested: TestedModel, asked: TestExchange["asked"], request: ModelRequest, signal: AbortSignal): Promise<Heard> {
  const { clock, settings } = tested;
  const timed = new TimedPost(tested.post, clock);
  const limit = new AbortController();
  const callOff = clock.after(LONGEST_MS, () => limit.abort());
  let text = "";
  let thoughts: Thoughts | undefined;
  const calls: Heard["calls"][number][] = [];
  let tokens = {};
  let error: ModelError | undefined;
  try {
    for await (const part of tested.modelWith(timed.post).stream(request, AbortSignal.any([signal, limit.signal]))) {
      if (part.type === "text") text += part.text;
      else if (part.type === "thoughts") thoughts = part.thoughts;
      else if (part.type === "tool-call") calls.push(part);
      else tokens = part.usage;
    }
  } catch (thrown) {
    signal.throwIfAborted();
    error = limit.signal.aborted ? tooSlow() : asModelError(thrown);
  } finally {
    callOff();
  }
  const outcome = error === undefined ? outcomeOf(asked, text, calls) : "failed";
  const fault = error === undefined ? {} : { fault: { kind: error.kind, cause: withoutSecrets(error.message, settings) } };
  const { requests, connectMs, firstByteMs, elapsedMs: wholeMs } = timed;
  return {
    exchange: {
      asked,
      outcome,
      ...fault,
      requests,
      wholeMs,
      ...tokens,
      ...(connectMs === undefined ? {} : { connectMs }),
      ...(firstByteMs === undefined ? {} : { firstByteMs }),
    },
    text,
    calls,
    thoughts,
  };
}

function outcomeOf(asked: TestExchange["asked"], text: string, calls: Heard["calls"]): TestExchange["outcome"] {
  if (asked === "call") return calls.some(({ name }) => name === TEST_TOOL.name) ? "ok" : "no-call";
  return text.trim() === "" ? "no-text" : "ok";
}

/** The step as it was, and its results: what many servers refuse is seen here, not before. */
function afterCall({ text, calls, thoughts }: Heard): PromptMessage[] {
  return [
    { role: "assistant", text, toolCalls: calls, ...(thoughts === undefined ? {} : { thoughts }) },
    ...calls.map(({ modelCallId, name }): PromptMessage => ({ role: "tool", modelCallId, name, text: "ready", failed: false })),
  ];
}

function statusOf(exchanges: readonly TestExchange[]): ModelTest["status"] {
  if (exchanges[0]?.outcome === "failed") return "fails";
  const isWhole = exchanges.length === 3 && exchanges.every(({ outcome }) => outcome !== "failed");
  return isWhole ? "works" : "without-tools";
}

function learntBy(heard: readonly Heard[], { habits, leftOutTools, form }: ModelMemory): LearntOfModel {
  const call = heard.find(({ exchange }) => exchange.asked === "call");
  const { limit, system, calls: _observed, ...rest } = habits;
  const changed = Object.entries(rest).flatMap(([name, value]) =>
    value === FIRST_HABITS[name as keyof typeof rest] ? [] : [`${name}: ${String(value)}`],
  );
  return {
    ...(form === undefined ? {} : { answers: form }),
    limit,
    tools: toolsOf(call, habits.calls),
    thoughts: heard.some(({ thoughts }) => thoughts !== undefined),
    systemRole: system,
    tokensTold: heard.some(({ exchange }) => exchange.outputTokens !== undefined),
    changed,
    leftOutTools,
  };
}

function toolsOf(call: Heard | undefined, calls: string): LearntOfModel["tools"] {
  if (call === undefined) return "not-tried";
  if (call.exchange.outcome === "failed") return "refused";
  if (call.exchange.outcome === "no-call") return "not-called";
  return calls === "in-text" ? "written-as-text" : "called";
}

function tooSlow(): ModelError {
  return new ModelError("broken", `It did not finish its answer within ${LONGEST_MS / 1000} s.`);
}

function asModelError(thrown: unknown): ModelError {
  return thrown instanceof ModelError ? thrown : new ModelError("broken", `The test failed: ${String(thrown)}`);
}

/** Some addresses have tokens in their query, which a server may quote. */
function withoutSecrets(cause: string, { apiKey, baseUrl }: ModelSettings): string {
  const values = baseUrl !== undefined && URL.canParse(baseUrl) ? [...new URL(baseUrl).searchParams.values()] : [];
  return [apiKey, ...values].reduce<string>((text, secret) => redactKey(text, secret), cause);
}
