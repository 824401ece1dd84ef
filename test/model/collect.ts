import { ModelError, type Model, type ModelPart, type ModelRequest } from "../../server/conversation/ports/model.ts";

export const never = new AbortController().signal;

export function ask(text = "hello", more: Partial<ModelRequest> = {}): ModelRequest {
  return { messages: [{ role: "user", text }], tools: [], toolChoice: "auto", maxOutputTokens: 100, ...more };
}

export interface Collected {
  readonly parts: readonly ModelPart[];
  readonly text: string;
  readonly calls: readonly Extract<ModelPart, { type: "tool-call" }>[];
  readonly finish: Extract<ModelPart, { type: "finish" }> | undefined;
  /** What the iterable threw. */
  readonly error: unknown;
}

/** Everything that a model said, and how it ended. */
export async function collect(model: Model, request: ModelRequest = ask(), signal: AbortSignal = never): Promise<Collected> {
  const parts: ModelPart[] = [];
  let error: unknown;
  try {
    for await (const part of model.stream(request, signal)) parts.push(part);
  } catch (thrown) {
    error = thrown;
  }
  return {
    parts,
    text: parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
    calls: parts.filter((part) => part.type === "tool-call"),
    finish: parts.find((part) => part.type === "finish"),
    error,
  };
}

/** The `ModelError` that a request ends with; anything else fails the test. */
export async function failureOf(model: Model, request: ModelRequest = ask()): Promise<ModelError & { text: string }> {
  const { error, text } = await collect(model, request);
  if (!(error instanceof ModelError)) throw new Error(`Expected a ModelError, got ${String(error)}`);
  return Object.assign(error, { text });
}
