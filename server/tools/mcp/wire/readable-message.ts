import type { JSONRPCErrorResponse } from "@modelcontextprotocol/client";
import { dropNulls, type MeantNulls } from "../../../foundation/without-nulls.ts";
import type { McpSdk } from "./mcp-sdk.ts";

/**
 * Of the message itself; in a schema, values that somebody chose; and what a tool found out, where a `null` is a finding.
 */
export const MEANT_NULLS: MeantNulls = {
  outermost: new Set(["id", "result"]),
  anywhere: new Set(["const", "default"]),
  within: new Set(["structuredContent", "toolResult"]),
};

/** Our own error code, no server's: the answer is there, and nobody can read it. */
const UNREADABLE = -1_000_000_001;
const INTERNAL_ERROR = -32603;
const SAID_CHARACTERS = 2_000;

/** An answer came, and nobody can read it: what the request did, it did. */
export class UnreadableAnswerError extends Error {
  override readonly name = "UnreadableAnswerError";
}

/**
 * What a server sent, as messages that the MCP client reads: the client passes over any other in silence, and whoever
 * asked would wait for an answer that has come. `null` is absent, a list is its messages, an error may be a text, and
 * an answer that cannot be mended is one that says so (`unreadableAnswer`). Requests and notifications that cannot be
 * read stay as they are: nobody waits for them.
 */
export function readableMessages(value: unknown, sdk: McpSdk): readonly unknown[] {
  return Array.isArray(value) ? value.map((message: unknown) => mended(message, sdk)) : [mended(value, sdk)];
}

export function isReadable(message: unknown, { parseJSONRPCMessage }: McpSdk): boolean {
  try {
    parseJSONRPCMessage(message);
    return true;
  } catch {
    return false;
  }
}

/** A message that ends the request with this id as one whose answer cannot be read. */
export function unreadableMessage(id: string | number, why: string): JSONRPCErrorResponse {
  return { jsonrpc: "2.0", id, error: { code: UNREADABLE, message: why } };
}

/** The error of a request whose answer could not be read; undefined: another error. */
export function unreadableAnswer(error: unknown, { ProtocolError }: McpSdk): UnreadableAnswerError | undefined {
  return error instanceof ProtocolError && error.code === UNREADABLE ? new UnreadableAnswerError(error.message) : undefined;
}

/** An error as JSON-RPC wants it, out of whatever stands in its place. */
export function errorFrom(said: unknown): { readonly code: number; readonly message: string; readonly data?: unknown } {
  if (typeof said !== "object" || said === null) return { code: INTERNAL_ERROR, message: textOf(said) };
  const { code, message, data } = said as Readonly<Record<string, unknown>>;
  const number = typeof code === "string" && code.trim() !== "" ? Number(code) : code;
  return {
    code: typeof number === "number" && Number.isSafeInteger(number) && number !== UNREADABLE ? number : INTERNAL_ERROR,
    message: textOf(message ?? "the error has no text"),
    ...(data === undefined ? {} : { data }),
  };
}

function mended(message: unknown, sdk: McpSdk): unknown {
  if (typeof message !== "object" || message === null) return message;
  if (isReadable(message, sdk)) return message;
  dropNulls(message, MEANT_NULLS);
  // A copy, since it is not what came.
  if (isReadable(message, sdk)) return { ...message };
  const { id, method, result, error } = message as Readonly<Record<string, unknown>>;
  if ((typeof id !== "string" && typeof id !== "number") || method !== undefined) return message;
  if (result !== undefined && result !== null && error !== undefined)
    return unreadableMessage(id, "its answer is a result and an error at once");
  const answer = error === undefined ? resultMessage(id, result) : { jsonrpc: "2.0", id, error: errorFrom(error) };
  return isReadable(answer, sdk) ? answer : unreadableMessage(id, "its answer cannot be read: its result is none");
}

/** What is said beside a result is not worth the result. */
function resultMessage(id: string | number, result: unknown): object {
  if (typeof result !== "object" || result === null) return { jsonrpc: "2.0", id, result };
  const { _meta: meta, ...rest } = result as Readonly<Record<string, unknown>>;
  const isMeta = typeof meta === "object" && meta !== null && !Array.isArray(meta);
  return { jsonrpc: "2.0", id, result: Array.isArray(result) ? result : isMeta ? result : rest };
}

function textOf(value: unknown): string {
  return (typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing")).slice(0, SAID_CHARACTERS);
}
