import type { ToolContent } from "../../../protocol/content.ts";
import type { CustomerFacts } from "../../conversation/ports/customer-facts.ts";
import { customerHeaders } from "../mcp/servers/customer-fields.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { ToolResult } from "../../conversation/ports/tools.ts";
import type { HttpToolDefinition } from "./definition.ts";
import { HeaderSecrets } from "./header-secrets.ts";
import { networkFaultOf } from "./network-fault.ts";
import { fillRequest, idempotencyKeyOf, type OutgoingRequest, type PreparedRequest } from "./prepared-request.ts";
import { readAnswer, readBody, readFailure } from "./read-answer.ts";
import { ArgumentError, type Arguments } from "./template.ts";
import { DEPTH_HEADER } from "../calls/depth.ts";

export type Fetch = typeof globalThis.fetch;

export interface HttpCall {
  readonly definition: HttpToolDefinition;
  readonly request: PreparedRequest;
  readonly arguments: Arguments;
  readonly callId: string;
  readonly signal: AbortSignal;
  /** The voice call in which the customer asked; absent: they wrote. */
  readonly voiceCallId?: string | undefined;
  /** What the site says of the customer; absent: nothing. */
  readonly facts?: CustomerFacts | undefined;
  /** How many assistants stand on the way to the call, as the request says; absent: it says nothing. */
  readonly depth?: number | undefined;
}

/** A proxy gave up waiting: the service behind it may have carried out the call. */
const NOBODY_KNOWS: ReadonlySet<number> = new Set([408, 502, 504]);

export interface HttpCallPorts {
  /** The guarded fetch, in a real server. */
  readonly fetch: Fetch;
  readonly clock: Pick<Clock, "after">;
}

/**
 * Makes one request and reads its answer. Never throws. A call is `ok` when the service said so; `failed` when it said
 * otherwise, or when the request certainly did not get there; `unknown` when it left and no answer came, unless it
 * changes nothing or may be repeated.
 */
export async function callHttpTool(call: HttpCall, { fetch, clock }: HttpCallPorts): Promise<ToolResult> {
  const { definition } = call;
  const secrets = new HeaderSecrets(definition);
  const keep = definition.results === "full" ? {} : { keep: definition.results };
  const result = await attempt(call, fetch, clock);
  return {
    ...result,
    ...keep,
    content: result.content.map((piece) => (piece.kind === "text" ? { kind: "text", text: secrets.text(piece.text) } : piece)),
    ...(result.structured === undefined ? {} : { structured: secrets.value(result.structured) }),
    ...(result.cause === undefined ? {} : { cause: secrets.text(result.cause) }),
  };
}

async function attempt(call: HttpCall, fetch: Fetch, clock: Pick<Clock, "after">): Promise<ToolResult> {
  const { definition, signal } = call;
  if (signal.aborted) return cancelled("The call was cancelled before it was sent.", "Stopped before the request was sent.");
  let outgoing: OutgoingRequest;
  try {
    outgoing = fillRequest(call.request, call.arguments);
  } catch (cause) {
    if (!(cause instanceof ArgumentError)) throw cause;
    return failed([text(`The call was not sent. ${cause.message}`)], `${definition.name} was not called: ${cause.message}`);
  }
  // A signal that both may abort: to join two is dear, and this is done with each call.
  const ending = new AbortController();
  let late = false;
  const callOff = clock.after(definition.timeoutMs, () => {
    late = true;
    ending.abort(new Error("The time for this call is over."));
  });
  const stop = (): void => ending.abort(signal.reason);
  signal.addEventListener("abort", stop);
  try {
    const response = await fetch(outgoing.url, {
      method: definition.method,
      headers: { ...outgoing.headers, ...ownHeaders(call), ...customerHeaders(definition.customerHeaders, call.facts) },
      ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
      redirect: definition.method === "GET" ? "follow" : "manual",
      signal: ending.signal,
    });
    return await answered(call, response);
  } catch (error) {
    return broken(call, error, { stopped: signal.aborted, late });
  } finally {
    callOff();
    signal.removeEventListener("abort", stop);
  }
}

function ownHeaders({ definition, callId, voiceCallId, depth }: HttpCall): Readonly<Record<string, string>> {
  return {
    ...(definition.idempotencyKey ? { "idempotency-key": idempotencyKeyOf(definition.name, callId) } : {}),
    ...(voiceCallId === undefined ? {} : { "x-call-id": voiceCallId }),
    ...(depth === undefined ? {} : { [DEPTH_HEADER]: String(depth) }),
  };
}

async function answered({ definition, request }: HttpCall, response: Response): Promise<ToolResult> {
  const contentType = response.headers.get("content-type") ?? "";
  const { status } = response;
  // "See other" is how a service says that it did what it was asked, and where to read about it.
  if (status === 303 && definition.method !== "GET") {
    await response.body?.cancel().catch(() => undefined);
    return { outcome: "ok", content: [text("[The call was carried out. Its answer is at another address, which was not read.]")] };
  }
  const body = await readBody(response, definition.answerBytes);
  if (status >= 200 && status < 300) return { outcome: "ok", ...readAnswer(contentType, body, definition.pointer) };
  const cause = `${definition.name} at ${request.url.origin} answered with HTTP ${status}.`;
  const content = readFailure(status, contentType, body);
  if (NOBODY_KNOWS.has(status) && !isHarmless(definition))
    return { outcome: "unknown", content: [...content, text("Whether the call was carried out is not known.")], cause };
  return failed(content, cause);
}

/** Leaves out the path and the query: they may contain what a customer said. */
function broken({ definition, request }: HttpCall, error: unknown, { stopped, late }: { stopped: boolean; late: boolean }): ToolResult {
  const where = `${definition.name} at ${request.url.origin}`;
  if (stopped)
    return cancelled(
      "The call was cancelled while it was running. Whether it was carried out is not known.",
      `${where} was cut off while it ran.`,
    );
  const fault = networkFaultOf(error);
  if (!late && fault.beforeSending)
    return failed([text("The call was not sent, because the service cannot be reached. Nothing was done.")], `${where}: ${fault.text}.`);
  const cause = late ? `${where} did not answer within ${definition.timeoutMs} ms.` : `${where}: ${fault.text}.`;
  if (isHarmless(definition)) return failed([text("No readable answer came. The call may be tried again.")], cause);
  return {
    outcome: "unknown",
    content: [text("The call was sent, but no readable answer came. Whether it was carried out is not known.")],
    cause,
  };
}

function isHarmless({ method, safeToRepeat }: HttpToolDefinition): boolean {
  return method === "GET" || safeToRepeat;
}

function failed(content: readonly ToolContent[], cause: string): ToolResult {
  return { outcome: "failed", content, cause };
}

function cancelled(said: string, cause: string): ToolResult {
  return { outcome: "cancelled", content: [text(said)], cause };
}

function text(value: string): ToolContent {
  return { kind: "text", text: value };
}
