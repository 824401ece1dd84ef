/** The port that tries a model out, for whoever sets an assistant up. */
import type { ModelSettings } from "./assistant.ts";
import type { ModelAdvice } from "./model-advice.ts";
import type { ModelErrorKind } from "./model.ts";

/** Asks a model for a word, for a call of a tool that only the test has, and to read the result of that call. */
export interface ModelTests {
  /** Never rejects for what a model or a network does. */
  test(settings: ModelSettings, signal: AbortSignal): Promise<ModelTest>;
}

/** A tool that a provider refuses, and every request with it, so it is left out. `reason` is the provider's. */
export interface LeftOutTool {
  /** As the model knows it. */
  readonly tool: string;
  readonly reason: string;
}

export interface LeftOutTools {
  /** As far as this model was asked since the server started. */
  leftOut(settings: Pick<ModelSettings, "provider" | "model" | "baseUrl">): readonly LeftOutTool[];
}

/** How a model answered last, an assistant or a test, since the server started. */
export interface ModelOutcome {
  readonly at: number;
  /** Why it did not, without secrets. Absent: it answered. */
  readonly fault?: { readonly kind: ModelErrorKind; readonly cause: string };
  /** A test found that tools cannot be used with it. */
  readonly withoutTools?: true;
}

export interface ModelOutcomes {
  /** Undefined: nobody has asked it with this key since the server started. */
  lastOutcome(settings: ModelSettings): ModelOutcome | undefined;
}

export interface ModelTest {
  /** `without-tools`: it answers, and an assistant that has tools cannot use them. */
  readonly status: "works" | "without-tools" | "fails";
  /** What to do, in whole sentences, the most important first. Empty: nothing. */
  readonly advice: readonly string[];
  /** The code of each. */
  readonly adviceCodes: readonly ModelAdvice[];
  /** The format that it is spoken to in. */
  readonly format: string;
  /** In their order; those after one that failed were not made. */
  readonly exchanges: readonly TestExchange[];
  readonly learnt: LearntOfModel;
}

export interface TestExchange {
  readonly asked: "word" | "call" | "result";
  readonly outcome: "ok" | "no-text" | "no-call" | "failed";
  /** Why it failed, without secrets. */
  readonly fault?: { readonly kind: ModelErrorKind; readonly cause: string };
  /** How many requests it took: more than one where something was learnt. */
  readonly requests: number;
  /** From the last request's beginning. Absent: it did not come so far. 0 for `connectMs`: a connection was kept. */
  readonly connectMs?: number;
  readonly firstByteMs?: number;
  readonly wholeMs: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/** What is known of the model, from this test and from everything asked of it since the server started. */
export interface LearntOfModel {
  /** Absent: no answer came. */
  readonly answers?: "as-stream" | "whole";
  /** How the limit of an answer is named to it. */
  readonly limit: "max_tokens" | "max_completion_tokens";
  readonly tools: "called" | "written-as-text" | "not-called" | "refused" | "not-tried";
  /** Whether it told what it thought, apart from its text. */
  readonly thoughts: boolean;
  readonly systemRole: "own" | "in-first-message";
  /** Whether it says how many tokens an answer cost. */
  readonly tokensTold: boolean;
  /** Other parts of a request that it does not take as they are, in the words of `habits.ts`. */
  readonly changed: readonly string[];
  /** Tools of any assistant that its provider refuses. */
  readonly leftOutTools: readonly LeftOutTool[];
}
