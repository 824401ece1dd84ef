import type { ToolResult } from "../../conversation/ports/tools.ts";
import type { Fault } from "../../foundation/invalid-error.ts";
import { argumentFaults } from "../definitions/argument-faults.ts";
import { callHttpTool, type HttpCallPorts } from "./call-http-tool.ts";
import type { HttpToolDefinition } from "./definition.ts";
import { type HttpExchange, HttpRecord } from "./http-record.ts";
import { inputSchemaOf } from "./http-tools.ts";
import { prepareRequest } from "./prepared-request.ts";
import type { Arguments } from "./template.ts";

/** How a test by hand ended. `refused`: the arguments do not fit, and nothing was sent. */
export type TriedHttpTool = (ToolResult | { readonly outcome: "refused"; readonly cause: string; readonly unfit: readonly Fault[] }) & {
  readonly timing: { readonly firstByteMs?: number; readonly wholeMs: number };
  /** Absent: nothing was sent. */
  readonly exchange?: HttpExchange;
};

/** Calls a tool outside of any conversation, as a conversation would. Never throws. */
export type TryHttpTool = (
  definition: HttpToolDefinition,
  call: { readonly arguments: Arguments; readonly callId: string; readonly signal: AbortSignal },
) => Promise<TriedHttpTool>;

export function createTryHttpTool(ports: HttpCallPorts): TryHttpTool {
  return async (definition, call) => {
    const unfit = await argumentFaults(inputSchemaOf(definition), call.arguments);
    if (unfit.length > 0) {
      const cause = unfit.map(({ path, message }) => `${path.slice(1)}: ${message}`).join("\n");
      return { outcome: "refused", cause, unfit, timing: { wholeMs: 0 } };
    }
    const record = new HttpRecord(definition, () => performance.now());
    const request = prepareRequest(definition);
    // As an assistant would call.
    const result = await callHttpTool({ ...call, definition, request, depth: 1 }, { ...ports, fetch: record.watching(ports.fetch) });
    const { firstByteMs, elapsedMs, exchange } = record;
    return {
      ...result,
      timing: { ...(firstByteMs === undefined ? {} : { firstByteMs: Math.round(firstByteMs) }), wholeMs: Math.round(elapsedMs) },
      ...(exchange === undefined ? {} : { exchange }),
    };
  };
}
