import type { ToolResult } from "../../conversation/ports/tools.ts";
import { valueCheck } from "../definitions/argument-check.ts";
import { callHttpTool, type HttpCallPorts } from "./call-http-tool.ts";
import type { HttpToolDefinition } from "./definition.ts";
import { inputSchemaOf } from "./http-tools.ts";
import { prepareRequest } from "./prepared-request.ts";
import type { Arguments } from "./template.ts";

/** How a test by hand ended. `refused`: the arguments do not fit, and nothing was sent. */
export type TriedHttpTool = ToolResult | { readonly outcome: "refused"; readonly cause: string };

/** Calls a tool outside of any conversation, as a conversation would. Never throws. */
export type TryHttpTool = (
  definition: HttpToolDefinition,
  call: { readonly arguments: Arguments; readonly callId: string; readonly signal: AbortSignal },
) => Promise<TriedHttpTool>;

export function createTryHttpTool(ports: HttpCallPorts): TryHttpTool {
  return async (definition, call) => {
    const { CfWorkerJsonSchemaValidator } = await import("@modelcontextprotocol/client/validators/cf-worker");
    const fault = valueCheck(inputSchemaOf(definition), new CfWorkerJsonSchemaValidator(), () => undefined)(call.arguments);
    if (fault !== undefined) return { outcome: "refused", cause: fault };
    return callHttpTool({ ...call, definition, request: prepareRequest(definition) }, ports);
  };
}
