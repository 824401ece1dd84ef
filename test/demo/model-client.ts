import * as z from "zod";

export type WireMessage = Readonly<Record<string, unknown>>;

const chunkSchema = z.looseObject({
  id: z.string(),
  object: z.literal("chat.completion.chunk"),
  created: z.int(),
  choices: z.array(
    z.object({
      index: z.literal(0),
      delta: z.strictObject({
        role: z.literal("assistant").optional(),
        content: z.string().optional(),
        tool_calls: z
          .array(
            z.strictObject({
              index: z.int(),
              id: z.string().optional(),
              type: z.literal("function").optional(),
              function: z.strictObject({ name: z.string().optional(), arguments: z.string() }),
            }),
          )
          .optional(),
      }),
      finish_reason: z.enum(["stop", "tool_calls"]).nullable(),
    }),
  ),
});

/** What came over the wire, put together the way a provider's client does. */
export interface Answer {
  readonly chunks: readonly z.infer<typeof chunkSchema>[];
  readonly text: string;
  readonly calls: readonly { id: string; name: string; arguments: string }[];
  readonly argumentPieces: number;
  readonly finishReason: string | undefined;
  readonly done: boolean;
}

/** The tools of the order server, under the names a host gives them. */
export const toolNames = ["lookup_order", "list_orders", "track_parcel", "product_photo", "refund_order", "cancel_order"].map((name) => ({
  type: "function",
  function: { name: `orders__${name}`, parameters: { type: "object" } },
}));

/** Asks the scripted model over raw HTTP and checks every chunk. `more` overrides fields of the request. */
export async function askModel(url: string, messages: readonly WireMessage[], more: Record<string, unknown> = {}): Promise<Answer> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: "Bearer anything" },
    body: JSON.stringify({ model: "scripted", messages, tools: toolNames, stream: true, stream_options: { include_usage: true }, ...more }),
  });
  if (response.body === null || !response.ok) throw new Error(`The model answered ${response.status}: ${await response.text()}`);
  const chunks: z.infer<typeof chunkSchema>[] = [];
  let done = false;
  let rest = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + piece).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      const data = frame.replace(/^data: /u, "");
      if (data === "[DONE]") done = true;
      else chunks.push(chunkSchema.parse(JSON.parse(data)));
    }
  }
  return { chunks, done, ...putTogether(chunks) };
}

function putTogether(chunks: readonly z.infer<typeof chunkSchema>[]): Omit<Answer, "chunks" | "done"> {
  const calls: { id: string; name: string; arguments: string }[] = [];
  let text = "";
  let argumentPieces = 0;
  let finishReason: string | undefined;
  for (const { delta, finish_reason } of chunks.flatMap((chunk) => chunk.choices)) {
    text += delta.content ?? "";
    finishReason = finish_reason ?? finishReason;
    for (const call of delta.tool_calls ?? []) {
      const known = (calls[call.index] ??= { id: call.id ?? "", name: call.function.name ?? "", arguments: "" });
      known.arguments += call.function.arguments;
      if (call.function.arguments !== "") argumentPieces += 1;
    }
  }
  return { text, calls, argumentPieces, finishReason };
}
