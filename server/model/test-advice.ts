import type { ModelSettings } from "../conversation/ports/assistant.ts";
import type { LearntOfModel, ModelTest, TestExchange } from "../conversation/ports/model-test.ts";
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

const ON_KIND: Readonly<Record<ModelErrorKind, string>> = {
  misconfigured: "Correct the assistant's model settings as the cause says.",
  "rate-limited": "The provider limits how often it is asked. Wait, or raise the limit of the account.",
  overloaded: "The provider cannot answer now. Test again in some minutes.",
  "context-overflow": "The provider says that even this short prompt is too long. Lower maxOutputTokens.",
  refused: "The provider's content filter refuses the test's own words. Check which filter is set there.",
  broken: "The answer broke off. Test again; if it breaks off again, look at the log of the model server or of the proxy before it.",
  unreachable: "Check the baseUrl, that the model server runs, and that this machine may reach it.",
};

/** What a provider says, and what helps. */
const ON_WORDS: readonly (readonly [RegExp, string])[] = [
  [/enable-auto-tool-choice|tool-call-parser/i, "Start vLLM with --enable-auto-tool-choice and the --tool-call-parser of this model."],
  [
    /does not support tools|tools? (?:are|is|use) not supported|no endpoints found that support tool/i,
    "Choose a model that supports tools.",
  ],
  [/--jinja/, "Start llama.cpp's server with --jinja."],
  [
    /maximum allowed number of output tokens|supports at most (\d+) completion tokens|max_tokens is too large/i,
    "Lower the assistant's maxOutputTokens to what the cause says.",
  ],
  [
    /Check the account's credit and plan/,
    "The key is right, but its account has no credit. Add credit or a payment method at the provider.",
  ],
  [
    /answered 401\b|incorrect api key|invalid[_ ](?:x-)?api[-_ ]?key|api key not valid/i,
    "The provider does not know this key. Copy the whole key again, and check that it is this provider's and not revoked.",
  ],
  [
    /answered 403\b/,
    "The key is known, but may not do this. Check its permissions, its project, and the addresses and regions that it is limited to.",
  ],
  [
    /model_not_found|no such model|unknown model|model .{0,80}(?:not found|does not exist)|models\/\S+ is not found/i,
    "There is no such model for this key. Check the model's name, and whether the account may use it.",
  ],
  [/allowPrivate/, "Name the address in network.allowPrivate of the configuration file, and start the server again."],
];

/** Marks of calls that a server should have kept apart from the text. */
const CALL_IN_TEXT = /<\/?tool_call|<function=|\[TOOL_CALLS\]|<\|tool_call|<\|python_tag\|>|```(?:json|tool_code)/i;

/** What whoever set the model up should do, the most important first. */
export function adviceOn({ exchanges, learnt, texts, settings }: Observed): ModelTest["advice"] {
  const advice: string[] = [];
  for (const { asked, outcome, fault } of exchanges) {
    if (fault !== undefined) advice.push(onFault(fault));
    if (asked === "call" && outcome === "no-call") advice.push(onNoCall(texts.join("\n")));
    if (outcome === "no-text" && asked === "word")
      advice.push(`It said nothing within ${Math.min(settings.maxOutputTokens, 2_048)} tokens. If it thinks first, raise maxOutputTokens.`);
  }
  if (learnt.tools === "written-as-text")
    advice.push("It writes its calls into the text. They are read, but start the model server with a parser for this model's calls.");
  const slowest = Math.max(0, ...exchanges.map(({ firstByteMs }) => firstByteMs ?? 0));
  if (slowest >= SLOW_MS) advice.push(`Its first byte took ${Math.round(slowest / 1_000)} s; customers wait as long for the first word.`);
  if (learnt.answers === "whole") advice.push("It does not stream, so customers see an answer only when it is complete.");
  if (learnt.leftOutTools.length > 0)
    advice.push(`Its provider refuses ${learnt.leftOutTools.length} of the tools; they are left out (see leftOutTools).`);
  return [...new Set(advice)];
}

function onFault({ kind, cause }: NonNullable<TestExchange["fault"]>): string {
  return ON_WORDS.find(([words]) => words.test(cause))?.[1] ?? ON_KIND[kind];
}

function onNoCall(text: string): string {
  return CALL_IN_TEXT.test(text)
    ? "It wrote the call into its text, in a way that cannot be read. Start the model server with a parser for this model's calls."
    : "It did not call the tool that it was asked to call. Choose a model that supports tools, if the assistant has any.";
}
