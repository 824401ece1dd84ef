import type { Clock } from "../../../foundation/clock.ts";
import type { ConnectionNeed, ConnectionNeeded, TaskHandle, ToolPause, ToolResult } from "../../../conversation/ports/tools.ts";
import type { CallAnswer, CallRequest } from "./call-answer.ts";
import { textResult } from "./call-result.ts";
import type { CallScope } from "./call-scope.ts";
import { clockPause } from "../../../foundation/clock-pause.ts";
import type { McpConnection } from "../wire/mcp-connection.ts";
import type { McpSdk } from "../wire/mcp-sdk.ts";
import { openPages } from "./open-pages.ts";
import type { PauseMemory } from "./pause-memory.ts";
import { inputResponses, readInputRequired, UnusableInputError } from "../questions/input-required.ts";
import type { McpServerSettings } from "../servers/settings.ts";
import { followTask } from "../tasks/follow-task.ts";
import { handleOf } from "../tasks/task-state.ts";
import type { ToolDefinition } from "../../definitions/tool-definition.ts";

/** How often one call may be sent again because the server wants something first. */
const ROUNDS = 20;
const LONGEST_PAUSE_MS = 5_000;

export interface ToolCall {
  readonly definition: ToolDefinition;
  readonly input: Readonly<Record<string, unknown>>;
  readonly scope: CallScope;
  readonly settings: McpServerSettings;
  readonly clock: Clock;
  readonly sdk: McpSdk;
  readonly memory: PauseMemory;
  /** The connection that there is, or a new one. What it throws is thrown. */
  readonly connect: () => Promise<McpConnection>;
  /** Aborted when the process or this conversation's connections go. */
  readonly leaving: AbortSignal;
  /** Whether the sign-in is the customer's own, and they can be asked for it. */
  readonly personal: boolean;
}

/** Carries a call through everything that a server may want before it answers. Throws only what `connect` throws, when nothing was sent. */
export async function carryOut(call: ToolCall): Promise<ToolResult | ToolPause | ConnectionNeeded> {
  const { continuation } = call.scope.context;
  if (continuation?.kind === "task") return follow(call, continuation.task);
  const { callId } = call.scope.context;
  const paused = call.memory.take(callId);
  let rounds = paused?.rounds ?? 0;
  let request: CallRequest = { arguments: call.input };
  try {
    if (continuation !== undefined)
      request = again(request, continuation.requestState, {
        ...paused?.answered,
        ...inputResponses(continuation.answers, paused?.asked),
      });
    for (;;) {
      rounds += 1;
      if (rounds > ROUNDS) throw new UnusableInputError(`it wanted something ${ROUNDS} times, and never answered`);
      const connection = await call.connect();
      // Each request has its own time to be silent in.
      call.scope.heard();
      const answer = await connection.send(call.definition, request, call.scope);
      const next = await followUp(call, answer, connection, rounds);
      if ("outcome" in next) return next;
      if (next.request !== undefined) request = next.request;
    }
  } catch (error) {
    if (!(error instanceof UnusableInputError)) throw error;
    const why = `${call.settings.name}: ${error.message}.`;
    return textResult("failed", "The server wanted something that it cannot have. The call was not carried out.", why);
  }
}

async function follow(call: ToolCall, task: TaskHandle): Promise<ToolResult | ConnectionNeeded> {
  const result = await followTask({ ...call, task });
  return result.outcome === "needs-connection" ? { ...result, need: namedNeed(result.need, call.settings) } : result;
}

/** What an answer leads to: the end, or the request once more, perhaps as another one. */
async function followUp(
  call: ToolCall,
  answer: CallAnswer,
  connection: McpConnection,
  rounds: number,
): Promise<ToolResult | ToolPause | ConnectionNeeded | { readonly request?: CallRequest }> {
  const { scope, clock, settings } = call;
  switch (answer.kind) {
    case "ended":
      return answer.result;
    case "sign-in":
      return { outcome: "needs-connection", need: namedNeed(answer.need, settings) };
    case "task": {
      const task = handleOf(answer.state, clock.now());
      await scope.untimed(() => scope.context.onTask(task));
      return follow(call, task);
    }
    case "pages": {
      const unopened = await openPages(answer.elicitations, { connection, scope, clock });
      if (unopened === undefined) return {};
      return textResult("failed", `The call was not carried out. ${unopened}`, `${settings.name}: ${unopened}`);
    }
    case "input": {
      const wanted = readInputRequired(answer.raw, scope.samplingTokens);
      const { asked, answered, requestState } = wanted;
      for (const refusal of wanted.refusals) scope.refused(refusal);
      if (Object.keys(asked).length > 0) {
        call.memory.keep(scope.context.callId, { rounds, asked, answered });
        return { outcome: "paused", ...(requestState === undefined ? {} : { requestState }), inputs: asked };
      }
      if (Object.keys(answered).length === 0) {
        if (requestState === undefined) throw new UnusableInputError("it wants something, and does not say what");
        // Only a state: come again, and not at once if it was said before.
        await scope.untimed(() => clockPause(clock, Math.min((rounds - 1) * 250, LONGEST_PAUSE_MS), scope.context.signal));
      }
      return { request: again({ arguments: call.input }, requestState, answered) };
    }
  }
}

function again(request: CallRequest, requestState: string | undefined, responses: Readonly<Record<string, object>>): CallRequest {
  return {
    arguments: request.arguments,
    ...(Object.keys(responses).length === 0 ? {} : { inputResponses: responses }),
    ...(requestState === undefined ? {} : { requestState }),
  };
}

/** The sign-in as people know the server, whatever whoever keeps the sign-ins calls it. */
export function namedNeed(need: ConnectionNeed, settings: McpServerSettings): ConnectionNeed {
  return { ...need, server: settings.key, serverName: settings.name };
}
