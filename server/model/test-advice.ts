import type { ModelSettings } from "../conversation/ports/assistant.ts";
import { type AdvisedModel, MODEL_ADVICE, type ModelAdvice } from "../conversation/ports/model-advice.ts";
import type { LearntOfModel, TestExchange } from "../conversation/ports/model-test.ts";
import type { ModelErrorKind } from "../conversation/ports/model.ts";

/** A customer looks away before this. */
const SLOW_MS = 10_000;

export interface Observed {
  readonly exchanges: readonly TestExchange[];
  readonly learnt: LearntOfModel;
  /** What was said in each exchange. */
  readonly texts: readonly string[];
  readonly settings: ModelSettings;
}

const ON_KIND = {
  misconfigured: "correct-settings",
  "rate-limited": "rate-limited",
  overloaded: "overloaded",
  "context-overflow": "prompt-too-long",
  refused: "content-filter",
  broken: "broke-off",
  unreachable: "unreachable",
} as const satisfies Readonly<Record<ModelErrorKind, ModelAdvice>>;

/** What a provider says, and what helps. */
const ON_WORDS: readonly (readonly [RegExp, ModelAdvice])[] = [
  [/enable-auto-tool-choice|tool-call-parser/i, "vllm-parser"],
  [/does not support tools|tools? (?:are|is|use) not supported|no endpoints found that support tool/i, "model-with-tools"],
  [/--jinja/, "llama-jinja"],
  [/maximum allowed number of output tokens|supports at most (\d+) completion tokens|max_tokens is too large/i, "fewer-tokens"],
  [/Check the account's credit and plan/, "no-credit"],
  [/answered 401\b|incorrect api key|invalid[_ ](?:x-)?api[-_ ]?key|api key not valid/i, "unknown-key"],
  [/answered 403\b/, "key-not-allowed"],
  [/model_not_found|no such model|unknown model|model .{0,80}(?:not found|does not exist)|models\/\S+ is not found/i, "no-such-model"],
  [/allowPrivate/, "address-not-allowed"],
];

/** Marks of calls that a server should have kept apart from the text. */
const CALL_IN_TEXT = /<\/?tool_call|<function=|\[TOOL_CALLS\]|<\|tool_call|<\|python_tag\|>|```(?:json|tool_code)/i;

/** What whoever set the model up should do, the most important first. */
export function adviceOn({ exchanges, learnt, texts, settings }: Observed): readonly AdvisedModel[] {
  const found = new Map<ModelAdvice, AdvisedModel>();
  const add = (code: ModelAdvice, number?: number): void => {
    if (!found.has(code)) found.set(code, { code, text: MODEL_ADVICE[code].replace("{number}", String(number)) });
  };
  for (const { asked, outcome, fault } of exchanges) {
    if (fault !== undefined) add(onFault(fault));
    if (asked === "call" && outcome === "no-call") add(CALL_IN_TEXT.test(texts.join("\n")) ? "unreadable-call" : "no-call");
    if (outcome === "no-text" && asked === "word") add("said-nothing", Math.min(settings.maxOutputTokens, 2_048));
  }
  if (learnt.tools === "written-as-text") add("calls-in-text");
  const slowest = Math.max(0, ...exchanges.map(({ firstByteMs }) => firstByteMs ?? 0));
  if (slowest >= SLOW_MS) add("slow", Math.round(slowest / 1_000));
  if (learnt.answers === "whole") add("no-stream");
  if (learnt.leftOutTools.length > 0) add("tools-left-out", learnt.leftOutTools.length);
  return [...found.values()];
}

function onFault({ kind, cause }: NonNullable<TestExchange["fault"]>): ModelAdvice {
  return ON_WORDS.find(([words]) => words.test(cause))?.[1] ?? ON_KIND[kind];
}
