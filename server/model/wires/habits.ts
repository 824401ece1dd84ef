import type { ModelRequest } from "../../conversation/ports/model.ts";

/**
 * What the servers behind one format take in different ways. A model begins with what most take, and learns the rest from
 * refusals, once: what it learnt is kept as long as the process runs.
 */
export interface Habits {
  /** `stream_options`, to be told the tokens of a streamed answer. */
  readonly usage: boolean;
  /** Some have no stream at all, some none with tools. A whole answer is read as well. */
  readonly stream: "always" | "without-tools" | "never";
  readonly limit: "max_tokens" | "max_completion_tokens";
  readonly toolChoice: boolean;
  readonly reasoning: "default" | "none";
  /**
   * Which steps with calls come with thoughts: those that had some, all of them (a step of another model has none, so
   * its are empty), or none.
   */
  readonly thoughts: "back" | "required" | "never";
  /** The text of a step that has calls only. */
  readonly emptyText: "null" | "empty" | "absent";
  /** Templates without a system role have its words at the head of the customer's first message. */
  readonly system: "own" | "in-first-message";
  /** Descriptions of tools may be no longer. */
  readonly descriptionCharacters: number;
  /** How it was seen to make calls. Where it makes them in the format's own way, one in its text is only quoted. */
  readonly calls: "not-seen" | "apart" | "in-text";
  /** OpenAI's encrypted reasoning, to be sent back: models that do not reason refuse to be asked for it. */
  readonly reasoningItems: boolean;
}

export const FIRST_HABITS: Habits = {
  usage: true,
  stream: "always",
  limit: "max_tokens",
  toolChoice: true,
  reasoning: "default",
  thoughts: "back",
  emptyText: "null",
  system: "own",
  descriptionCharacters: Number.POSITIVE_INFINITY,
  calls: "not-seen",
  reasoningItems: true,
};

type Rule = (message: string, habits: Habits) => Partial<Habits> | undefined;

const UNKNOWN = String.raw`unsupported|not supported|not permitted|not allowed|unrecogni[sz]ed|unknown|unexpected|extra`;
const THOUGHTS = String.raw`reasoning(?:_content|_details)?|extra_content`;
const NO_THOUGHTS = new RegExp(String.raw`\b(?:${THOUGHTS})\b.*(?:${UNKNOWN})|(?:${UNKNOWN}).*\b(?:${THOUGHTS})\b`, "is");
const NO_STREAM = new RegExp(
  String.raw`must be verified to stream|stream(?:ing)?\b[^.]{0,60}(?:${UNKNOWN})|(?:${UNKNOWN}|n't support|not support)[^.]{0,60}\bstream(?:ing)?\b|"?stream"? (?:must|should) be false`,
  "i",
);
/** "System role not supported" of chat templates, "does not support 'system'", "Developer instruction is not enabled". */
const NO_SYSTEM =
  /system (?:role|message|prompt|instruction)s?\b.{0,40}(?:\bnot\b.{0,12}\b(?:support|enabl|allow|permit|available)|unsupported)|not support\w*\W+(?:the\W+)?system\b|developer instruction is not enabled|roles must alternate|only user and assistant roles/i;
/** A content that has to be a text, and is none. */
const NO_NULL =
  /\bcontent\b.*(?:\bnull\b|\bNone\b|\bmust be\b|should be|valid string|expected (?:a )?string|required|missing|not a string|type of)|(?:missing|expected)\b.*\bcontent\b/is;
const NO_EMPTY = /content.*(?:empty|blank|non-whitespace|too short|at least (?:one|1))|(?:empty|blank).*content/is;
const LONGEST = /description.*(?:maximum length|at most|max(?:imum)?(?: of)?|less than or equal to)\D{0,20}(\d{3,6})/is;

/** In this order: the more specific words first. */
const RULES: readonly Rule[] = [
  (message) => (/stream_options|include_usage/.test(message) ? { usage: false } : undefined),
  (message, { stream }) => {
    if (!NO_STREAM.test(message)) return undefined;
    return { stream: /\btools?\b|function/i.test(message) && stream === "always" ? "without-tools" : "never" };
  },
  (message) => (/encrypted.content/i.test(message) ? { reasoningItems: false } : undefined),
  (message) => (message.includes("max_completion_tokens") ? { limit: "max_completion_tokens" } : undefined),
  (message) => (NO_THOUGHTS.test(message) ? { thoughts: "never" } : undefined),
  (message) => (message.includes("reasoning_content") ? { thoughts: "required" } : undefined),
  (message) => (message.includes("reasoning_effort") ? { reasoning: "none" } : undefined),
  (message) => (message.includes("tool_choice") ? { toolChoice: false } : undefined),
  (message) => (NO_SYSTEM.test(message) ? { system: "in-first-message" } : undefined),
  (message) => {
    const characters = Number(LONGEST.exec(message)?.[1]);
    return characters > 0 ? { descriptionCharacters: characters } : undefined;
  },
  (message, { emptyText }) => {
    if (emptyText === "null" && NO_NULL.test(message)) return { emptyText: "empty" };
    return emptyText !== "absent" && NO_EMPTY.test(message) ? { emptyText: "absent" } : undefined;
  },
];

/** Whether a request asks for its answer as a stream. */
export function streams({ tools }: Pick<ModelRequest, "tools">, { stream }: Habits): boolean {
  return stream === "always" || (stream === "without-tools" && tools.length === 0);
}

/** A tool's description, no longer than its provider takes. */
export function cutDescription(description: string, { descriptionCharacters }: Habits): string {
  if (description.length <= descriptionCharacters) return description.toWellFormed();
  return `${description.slice(0, descriptionCharacters - 1)}…`.toWellFormed();
}

/** What to change after a refusal, before the same is asked again; undefined: nothing in it is known, or all was tried. */
export function learntFrom(message: string, habits: Habits): Partial<Habits> | undefined {
  for (const rule of RULES) {
    const change = rule(message, habits);
    if (change !== undefined && Object.entries(change).some(([name, value]) => habits[name as keyof Habits] !== value)) return change;
  }
  return undefined;
}
