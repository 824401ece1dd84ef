import type { ModelSettings } from "../../server/conversation/ports/assistant.ts";

/** What a provider is to answer, in the words of none. */
export interface Answer {
  readonly pieces?: readonly string[];
  readonly calls?: readonly { readonly name: string; readonly argumentsText: string }[];
  readonly ends?: "stop" | "length" | "refused";
}

/** One provider's stream, written by hand from its documentation. */
export interface WireFormat {
  readonly name: string;
  readonly provider: ModelSettings["provider"];
  /** The third-party mock does not speak it, so its law runs against streams written by hand only. Absent: it does. */
  readonly unknownToMock?: true;
  /** Whether the provider is reached at its own address (through a dispatcher that leads to the test's server). */
  readonly own?: string;
  /** The model to ask for, where the provider's requests depend on it. Absent: any. */
  readonly model?: string;
  /** Every id of a call in the body of a request: the calls' own, and those of their results. */
  callIds(body: unknown): string[];
  /** Whether the provider takes any text as the id of a call. Absent: 1 to 64 letters, digits, `-` or `_`. */
  readonly freeCallIds?: true;
  /** What a body has only where there are tools. */
  readonly toolKeys: readonly string[];
  events(answer: Answer): string[];
  /** The events of a whole answer, without those that say that it is one. */
  unfinished(answer: Answer): string[];
  /** An error inside a stream that began well. */
  error(type: string, message: string): string;
  /** An error instead of a stream. */
  refusal(status: number, code: string, message: string): unknown;
  /** A refusal because the prompt is too long: status and body. */
  readonly tooLong: { readonly status: number; readonly body: unknown };
}

/** The texts under these keys, wherever they are in a body. */
const textsAt =
  (...keys: readonly string[]) =>
  (body: unknown): string[] =>
    [...JSON.stringify(body).matchAll(new RegExp(`"(?:${keys.join("|")})":"([^"]*)"`, "g"))].map(([, text = ""]) => text);
const json = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const named = (value: { type: string } & Record<string, unknown>): string => `event: ${value.type}\n${json(value)}`;
/** In two pieces, as providers send them. */
const halves = (text: string): string[] => [text.slice(0, text.length >> 1), text.slice(text.length >> 1)];

const chat = (delta: unknown, finish: string | null = null): string =>
  json({ id: "c1", object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta, finish_reason: finish }], usage: null });

function chatEnd({ ends = "stop", calls = [] }: Answer): string[] {
  const reason = ends === "length" ? "length" : ends === "refused" ? "content_filter" : calls.length > 0 ? "tool_calls" : "stop";
  return [chat({}, reason), json({ id: "c1", choices: [], usage: { prompt_tokens: 11, completion_tokens: 7 } }), "data: [DONE]\n\n"];
}

export const openAiChat: WireFormat = {
  name: "OpenAI-compatible",
  provider: "openai-compatible",
  callIds: textsAt("id", "tool_call_id"),
  toolKeys: ["tools", "tool_choice"],
  unfinished: ({ pieces = [], calls = [] }) => [
    chat({ role: "assistant", content: "" }),
    ...pieces.map((content) => chat({ content })),
    ...calls.flatMap(({ name, argumentsText }, index) => [
      chat({ tool_calls: [{ index, id: `call_${index}`, type: "function", function: { name, arguments: "" } }] }),
      ...halves(argumentsText).map((part) => chat({ tool_calls: [{ index, function: { arguments: part } }] })),
    ]),
  ],
  events: (answer) => [...openAiChat.unfinished(answer), ...chatEnd(answer)],
  error: (type, message) => json({ error: { type, message } }),
  refusal: (_status, code, message) => ({ error: { message, type: "x", code } }),
  tooLong: {
    status: 400,
    body: {
      error: {
        message: "This model's maximum context length is 8192 tokens.",
        type: "invalid_request_error",
        code: "context_length_exceeded",
      },
    },
  },
};

const outputItem = (item: Record<string, unknown>): string => named({ type: "response.output_item.done", output_index: 0, item });

export const openAiResponses: WireFormat = {
  name: "OpenAI",
  provider: "openai",
  own: "https://api.openai.com",
  callIds: textsAt("call_id"),
  toolKeys: ["tools", "tool_choice"],
  unfinished: ({ pieces = [], calls = [] }) => [
    named({ type: "response.created", response: { id: "r1", created_at: 1, model: "m", status: "in_progress", output: [] } }),
    ...pieces.map((delta) => named({ type: "response.output_text.delta", item_id: "i1", output_index: 0, content_index: 0, delta })),
    ...calls.flatMap(({ name, argumentsText }, index) => [
      named({ type: "response.function_call_arguments.delta", item_id: `fc_${index}`, output_index: index, delta: argumentsText }),
      outputItem({
        type: "function_call",
        id: `fc_${index}`,
        call_id: `call_${index}`,
        name,
        arguments: argumentsText,
        status: "completed",
      }),
    ]),
  ],
  events: (answer) => [
    ...openAiResponses.unfinished(answer),
    answer.ends === undefined || answer.ends === "stop"
      ? named({ type: "response.completed", response: { status: "completed", usage: { input_tokens: 11, output_tokens: 7 } } })
      : named({
          type: "response.incomplete",
          response: {
            status: "incomplete",
            incomplete_details: { reason: answer.ends === "length" ? "max_output_tokens" : "content_filter" },
            usage: { input_tokens: 11, output_tokens: 7 },
          },
        }),
  ],
  error: (code, message) => named({ type: "error", code, message }),
  refusal: (_status, code, message) => ({ error: { message, type: "x", code } }),
  tooLong: {
    status: 400,
    body: {
      error: {
        message: "Your input exceeds the context window of this model.",
        type: "invalid_request_error",
        code: "context_length_exceeded",
      },
    },
  },
};

export const anthropic: WireFormat = {
  name: "Anthropic",
  provider: "anthropic",
  callIds: textsAt("id", "tool_use_id"),
  toolKeys: ["tools", "tool_choice"],
  unfinished: ({ pieces = [], calls = [] }) => [
    named({
      type: "message_start",
      message: {
        id: "m1",
        type: "message",
        model: "m",
        role: "assistant",
        content: [],
        usage: { input_tokens: 8, cache_read_input_tokens: 3, output_tokens: 1 },
      },
    }),
    named({ type: "ping" }),
    named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    ...pieces.map((text) => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
    named({ type: "content_block_stop", index: 0 }),
    ...calls.flatMap(({ name, argumentsText }, index) => [
      named({ type: "content_block_start", index: index + 1, content_block: { type: "tool_use", id: `call_${index}`, name, input: {} } }),
      ...halves(argumentsText).map((part) =>
        named({ type: "content_block_delta", index: index + 1, delta: { type: "input_json_delta", partial_json: part } }),
      ),
      named({ type: "content_block_stop", index: index + 1 }),
    ]),
  ],
  events: (answer) => [
    ...anthropic.unfinished(answer),
    named({
      type: "message_delta",
      delta: {
        stop_reason:
          answer.ends === "length"
            ? "max_tokens"
            : answer.ends === "refused"
              ? "refusal"
              : (answer.calls ?? []).length > 0
                ? "tool_use"
                : "end_turn",
      },
      usage: { output_tokens: 7 },
    }),
    named({ type: "message_stop" }),
  ],
  error: (type, message) => named({ type: "error", error: { type, message } }),
  refusal: (_status, type, message) => ({ type: "error", error: { type, message } }),
  tooLong: {
    status: 400,
    body: { type: "error", error: { type: "invalid_request_error", message: "prompt is too long: 210000 tokens > 200000 maximum" } },
  },
};

const candidate = (parts: unknown[], more: Record<string, unknown> = {}): string =>
  json({
    candidates: [{ content: { role: "model", parts }, index: 0, ...more }],
    usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 5, thoughtsTokenCount: 2 },
  });

export const gemini: WireFormat = {
  name: "Gemini",
  provider: "google",
  model: "gemini-3-flash",
  callIds: textsAt("id"),
  freeCallIds: true,
  toolKeys: ["tools", "toolConfig"],
  unfinished: ({ pieces = [], calls = [] }) => [
    ...pieces.map((text) => candidate([{ text }])),
    ...calls.map(({ name, argumentsText }, index) =>
      candidate([{ functionCall: { id: `call_${index}`, name, args: JSON.parse(argumentsText) as unknown } }]),
    ),
  ],
  events: (answer) => [
    ...gemini.unfinished(answer),
    candidate([{ text: "" }], { finishReason: answer.ends === "length" ? "MAX_TOKENS" : answer.ends === "refused" ? "SAFETY" : "STOP" }),
  ],
  error: (status, message) => json({ error: { code: 500, status: status.toUpperCase(), message } }),
  refusal: (code, status, message) => ({ error: { code, status: status.toUpperCase(), message } }),
  tooLong: {
    status: 400,
    body: {
      error: {
        code: 400,
        status: "INVALID_ARGUMENT",
        message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
      },
    },
  },
};

export const WIRE_FORMATS: readonly WireFormat[] = [openAiChat, openAiResponses, anthropic, gemini];
