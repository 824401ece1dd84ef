import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";

/**
 * One step of the answer: text, in the pieces in which it is to arrive, and tools to call by the names that were
 * offered.
 */
export interface ScriptedStep {
  readonly pieces: readonly string[];
  readonly calls: readonly { readonly tool: string; readonly arguments: Readonly<Record<string, unknown>> }[];
  /** What comes after the first piece waits for it. */
  readonly pause?: Promise<void>;
}

/**
 * What to say to a question, at a step counted from 0, after the last tool answered with `lastResult`. `offered`: the
 * names of the tools that it may call. `read`: all that was said before, each with its role.
 */
export type ModelScript = (
  question: string,
  step: number,
  lastResult: string,
  heard: { readonly offered: readonly string[]; readonly read: readonly string[] },
) => ScriptedStep;

export interface ScriptedModel {
  /** Base address of an OpenAI-compatible API. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const requestSchema = z.object({
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
});

/** A model server in OpenAI's streaming format that says what a script gives it. */
export async function startScriptedModel(script: ModelScript): Promise<ScriptedModel> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void answer(requestSchema.parse(JSON.parse(Buffer.concat(chunks).toString())), script, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer({ messages, tools }: z.infer<typeof requestSchema>, script: ModelScript, response: ServerResponse): Promise<void> {
  const asked = messages.findLastIndex(({ role }) => role === "user");
  const question = String(messages[asked]?.content);
  const step = messages.slice(asked).filter(({ role }) => role === "assistant").length;
  const { content } = messages.slice(asked).findLast(({ role }) => role === "tool") ?? {};
  const lastResult = typeof content === "string" ? content : JSON.stringify(content ?? "");
  const offered = tools.map((one) => one.function.name);
  const { pieces, calls, pause } = script(question, step, lastResult, {
    offered,
    read: messages.map(({ role, content: said }) => `${role}: ${String(said)}`),
  });
  const deltas: unknown[] = pieces.map((content) => ({ content }));
  for (const [index, call] of calls.entries()) {
    const name = offered.find((one) => one.endsWith(`__${call.tool}`)) ?? call.tool;
    const id = `call_${asked}_${step}_${index}`;
    deltas.push({ tool_calls: [{ index, id, type: "function", function: { name, arguments: JSON.stringify(call.arguments) } }] });
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (delta: unknown, finish: string | null): void => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    response.write(
      `data: ${JSON.stringify({ id: "hostile", object: "chat.completion.chunk", created: 0, model: "hostile", choices })}\n\n`,
    );
  };
  for (const [index, delta] of deltas.entries()) {
    if (index === 1) await pause;
    send(delta, null);
  }
  send({}, calls.length > 0 ? "tool_calls" : "stop");
  response.end("data: [DONE]\n\n");
}
