/**
 * The mock model and the mock MCP server, in a process of their own; both answer at once. The model speaks Chat
 * Completions at `/v1/chat/completions` and does what the last message of the customer says (`scenario.ts`). The MCP
 * server at `/mcp` is of the legacy era and has one tool. Prints its port.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";
import { markdownAnswer } from "../browser/markdown-answer.ts";
import { nowMicros } from "../samples.ts";
import { answerMcp } from "./mcp-answers.ts";
import { Pacer } from "./pacer.ts";
import { STAMP_DIGITS, STAMP_EVERY, type Scenario, scenarioSchema, stampedToken } from "./scenario.ts";

const requestSchema = z.object({ messages: z.array(z.object({ role: z.string(), content: z.string().nullish() })) });
const pacer = new Pacer();

function stamp(): string {
  return String(nowMicros()).padStart(STAMP_DIGITS, "0");
}

function chunk(delta: unknown, finishReason: string | null): string {
  const body = { id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1, model: "bench" };
  return `data: ${JSON.stringify({ ...body, choices: [{ index: 0, delta, finish_reason: finishReason }] })}\n\n`;
}

const token = (text: string): string => chunk({ content: text }, null);
const WORD = token(" token");
const END = `${chunk({}, "stop")}data: [DONE]\n\n`;
const TOOL_CALL = `${chunk(
  { tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "orders__look_up", arguments: '{"order":"1042"}' } }] },
  null,
)}${chunk({}, "tool_calls")}data: [DONE]\n\n`;

function answerModel(response: ServerResponse, body: string): void {
  const arrived = stamp();
  const { messages } = requestSchema.parse(JSON.parse(body));
  const asked = messages.findLast(({ role }) => role === "user")?.content ?? "";
  const scenario = scenarioSchema.parse(JSON.parse(asked));
  response.setHeader("content-type", "text/event-stream");
  if (scenario.kind === "tool" && messages.at(-1)?.role !== "tool") {
    response.end(TOOL_CALL);
    return;
  }
  stream(response, scenario, arrived);
}

function stream(
  response: ServerResponse,
  { tokens, gapMs = 0, waitMs = 0, stamps = false, markdown = false }: Scenario,
  arrived: string,
): void {
  const words = markdown ? markdownAnswer(tokens).map(token) : undefined;
  const wordAt = (index: number): string => words?.[index] ?? WORD;
  const first = (): string => token(`a${arrived}s${stamp()} `);
  const last = (): string => token(` e${stamp()}`);
  if (gapMs === 0) {
    response.end(first() + Array.from({ length: Math.max(0, tokens - 2) }, (_, index) => wordAt(index)).join("") + last() + END);
    return;
  }
  let sent = 0;
  response.flushHeaders();
  pacer.begin(waitMs, gapMs, () => {
    if (response.destroyed) return false;
    sent += 1;
    if (sent === tokens) response.end(last() + END);
    else if (stamps && sent % STAMP_EVERY === 0) response.write(token(stampedToken(nowMicros())));
    else response.write(sent === 1 ? first() : wordAt(sent));
    return sent < tokens;
  });
}

const server = createServer((request: IncomingMessage, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (text: string) => (body += text));
  request.on("end", () => {
    if (request.url === "/mcp") answerMcp(request.method ?? "", body, response);
    else answerModel(response, body);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.on("SIGTERM", () => process.exit());
