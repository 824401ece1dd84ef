import { factsNamed } from "../../conversation/ports/customer-facts.ts";
import type { CallContext, ConnectionNeeded, TaskHandle, ToolPause, ToolResult } from "../../conversation/ports/tools.ts";
import { clockPause } from "../../foundation/clock-pause.ts";
import type { Log } from "../../foundation/log.ts";
import { CallScope } from "../calls/call-scope.ts";
import { depthMeta } from "../calls/depth.ts";
import type { PauseMemory } from "../calls/pause-memory.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";
import { answeredResult, brokenResult, cancelledResult, textResult } from "./calls/call-result.ts";
import { namedNeed, type OpenCall } from "./calls/open-call.ts";
import { inputResponses, readInputRequired, UnusableInputError } from "./questions/input-required.ts";
import { openPages } from "./questions/open-pages.ts";
import { callQuestions } from "./questions/server-requests.ts";
import type { Fault } from "./servers/fault.ts";
import { longestCallMs } from "./servers/settings.ts";
import { followTask } from "./tasks/follow-task.ts";
import { handleOf, readCreatedTask } from "./tasks/task-state.ts";
import { faultOf } from "./wire/failure.ts";
import type { CallAnswer, CallRequest } from "./wire/call-request.ts";
import type { McpLink } from "./wire/mcp-link.ts";
import type { ServerQuestions } from "./wire/server-questions.ts";

/** How often one call may be sent again because the server wants something first. */
const ROUNDS = 20;
const LONGEST_PAUSE_MS = 5_000;

export interface CallOrder extends Omit<OpenCall, "scope"> {
  readonly definition: ToolDefinition;
  readonly input: Readonly<Record<string, unknown>>;
  readonly context: CallContext;
  readonly log: Log;
  /** Tokens that the server may make our model say; 0: none. */
  readonly samplingTokens: number;
  readonly memory: PauseMemory;
  /** Hears that the server refused the call with HTTP 401. */
  readonly onRefused?: (fault: Fault) => void;
}

/** How a call ended, or what it waits for. */
export type CallEnd = ToolResult | ToolPause | ConnectionNeeded;

/**
 * Carries a call through everything that a server may want before it answers. Throws only what `link` throws, when
 * nothing was sent.
 */
export async function carryOut(order: CallOrder): Promise<CallEnd> {
  const { context, clock, log, settings, samplingTokens } = order;
  const limits = { silentMs: settings.callTimeoutMs, longestMs: longestCallMs(settings) };
  const scope = new CallScope({ context, clock, log, server: settings, limits, samplingTokens });
  const call = { ...order, scope, questions: callQuestions(scope) };
  const { continuation } = context;
  try {
    return await (continuation?.kind === "task" ? follow(call, continuation.task) : send(call));
  } catch (error) {
    if (!(error instanceof UnusableInputError)) throw error;
    const why = `${settings.name}: ${error.message}.`;
    return textResult("failed", "The server wanted something that it cannot have. The call was not carried out.", why);
  } finally {
    scope.end();
  }
}

interface CallUnderWay extends CallOrder, OpenCall {
  readonly questions: ServerQuestions;
}

/** Sends the call until it has an end. Throws `UnusableInputError`. */
async function send(call: CallUnderWay): Promise<CallEnd> {
  const { callId, continuation } = call.context;
  const paused = call.memory.take(callId);
  let rounds = paused?.rounds ?? 0;
  let request = firstRequest(call);
  if (continuation?.kind === "answers")
    request = again(request, continuation.requestState, { ...paused?.answered, ...inputResponses(continuation.answers, paused?.asked) });
  let begunAnew = false;
  for (;;) {
    rounds += 1;
    if (rounds > ROUNDS) throw new UnusableInputError(`it wanted something ${ROUNDS} times, and never answered`);
    const link = await call.link();
    // Each request has its own time to be silent in.
    call.scope.heard();
    const answer = await link.call(call.definition, request, call.scope, call.questions);
    if (answer.kind === "session-lost" && !begunAnew) {
      // It was not run. There is no session to take now, so the next link has a new one.
      begunAnew = true;
      continue;
    }
    const next = await followUp(call, answer, link, rounds);
    if ("outcome" in next) return next;
    if (next.request !== undefined) request = next.request;
  }
}

/** What an answer leads to: the end, or the request once more, perhaps as another one. */
async function followUp(
  call: CallUnderWay,
  answer: CallAnswer,
  link: McpLink,
  rounds: number,
): Promise<CallEnd | { readonly request?: CallRequest }> {
  const { scope, clock, settings, sdk } = call;
  switch (answer.kind) {
    case "answered":
      return answered(call, answer.raw, rounds);
    case "stopped":
      return cancelledResult(answer.sent, settings);
    case "session-lost":
      return brokenResult(answer.error, true, settings, sdk);
    case "broken": {
      const fault = faultOf(answer.error, settings, sdk);
      if (fault.status === 401) call.onRefused?.(fault);
      return brokenResult(answer.error, answer.sent, settings, sdk);
    }
    case "sign-in":
      return { outcome: "needs-connection", need: namedNeed(answer.need, settings) };
    case "pages": {
      const unopened = await openPages(answer.elicitations, { link, scope, clock });
      if (unopened === undefined) return {};
      return textResult("failed", `The call was not carried out. ${unopened}`, `${settings.name}: ${unopened}`);
    }
  }
}

async function answered(call: CallUnderWay, raw: unknown, rounds: number): Promise<CallEnd | { readonly request: CallRequest }> {
  const { scope, clock, settings, sdk } = call;
  const state = readCreatedTask(raw);
  if (state !== undefined) {
    const task = handleOf(state, clock.now());
    await scope.untimed(() => scope.context.onTask(task));
    return follow(call, task);
  }
  if (typeof raw === "object" && raw !== null && "resultType" in raw && raw.resultType === "input_required")
    return inputWanted(call, raw, rounds);
  try {
    return answeredResult(raw, settings);
  } catch (error) {
    return brokenResult(error, true, settings, sdk);
  }
}

/**
 * The server keeps nothing and wants answers first: a pause where somebody has to be asked, otherwise the request once
 * more.
 */
async function inputWanted(call: CallUnderWay, raw: unknown, rounds: number): Promise<CallEnd | { readonly request: CallRequest }> {
  const { scope, clock, memory } = call;
  const { asked, answered, refusals, requestState } = readInputRequired(raw, scope.samplingTokens);
  for (const refusal of refusals) scope.refused(refusal);
  if (Object.keys(asked).length > 0) {
    memory.keep(scope.context.callId, { rounds, asked, answered });
    return { outcome: "paused", ...(requestState === undefined ? {} : { requestState }), inputs: asked };
  }
  if (Object.keys(answered).length === 0) {
    if (requestState === undefined) throw new UnusableInputError("it wants something, and does not say what");
    // Only a state: come again, and not at once if it was said before.
    await scope.untimed(() => clockPause(clock, Math.min((rounds - 1) * 250, LONGEST_PAUSE_MS), scope.context.signal));
  }
  return { request: again(firstRequest(call), requestState, answered) };
}

async function follow(call: CallUnderWay, task: TaskHandle): Promise<ToolResult | ConnectionNeeded> {
  const result = await followTask(call, task, call.questions);
  return result.outcome === "needs-connection" ? { ...result, need: namedNeed(result.need, call.settings) } : result;
}

/** What the server is told of the customer is said with each request of a call. */
function firstRequest({ input, settings, context }: CallOrder): CallRequest {
  const meta = { ...factsNamed(context.facts, settings.customerMeta), ...depthMeta(context.depth) };
  return { arguments: input, ...(Object.keys(meta).length === 0 ? {} : { meta }) };
}

function again(request: CallRequest, requestState: string | undefined, responses: Readonly<Record<string, object>>): CallRequest {
  const { arguments: input, meta } = request;
  return {
    arguments: input,
    ...(meta === undefined ? {} : { meta }),
    ...(Object.keys(responses).length === 0 ? {} : { inputResponses: responses }),
    ...(requestState === undefined ? {} : { requestState }),
  };
}
