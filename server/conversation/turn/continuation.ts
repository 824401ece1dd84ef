import type { CallState } from "./call-state.ts";
import type { Continuation, InputAnswer, SamplingAnswer } from "../ports/tools.ts";
import { samplingAnswer } from "./sampling.ts";

/**
 * What a call goes on with when it is made now: its task, the answers to its newest pause, or nothing. From the journal
 * alone.
 */
export function continuationOf(call: CallState): Continuation | undefined {
  if (call.goesOnWith === "task" && call.task !== undefined) {
    const { taskId, pollMs, keptUntil } = call.task;
    return { kind: "task", task: { taskId, pollMs, ...(keptUntil === undefined ? {} : { keptUntil }) } };
  }
  if (call.goesOnWith !== "answers" || call.pause === undefined) return undefined;
  const { requestState, inputs } = call.pause;
  const answers = Object.fromEntries(Object.entries(inputs).map(([key, requestId]) => [key, answerOf(call, requestId)]));
  return { kind: "answers", answers, ...(requestState === undefined ? {} : { requestState }) };
}

function answerOf(call: CallState, requestId: string): InputAnswer | SamplingAnswer {
  const sampled = call.samplings.get(requestId);
  if (sampled !== undefined) return samplingAnswer(sampled);
  const { action, content } = call.inputs.get(requestId)?.answered ?? {};
  // What expired or was withdrawn was neither accepted nor declined.
  const given = action === "accept" || action === "decline" ? action : "cancel";
  return { kind: "input", action: given, ...(content === undefined ? {} : { content }) };
}
