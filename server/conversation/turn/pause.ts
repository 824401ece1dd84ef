import type { EventDraft } from "../../../protocol/events.ts";
import type { Assistant } from "../ports/assistant.ts";
import type { CallState } from "./call-state.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { InputRequest, ToolPause } from "../ports/tools.ts";
import type { SamplingEnded } from "./sampling.ts";

/** How often one call may come back with questions. */
const MOST_PAUSES = 10;
const MOST_AT_ONCE = 20;
/** What a server gives us to keep for it. */
const STATE_BYTES = 65_536;

/** The question as it is written down; its card is drawn from this. */
export function inputRequested(
  call: CallState,
  requestId: string,
  request: InputRequest,
  { assistant, clock }: { assistant: Assistant | undefined; clock: Clock },
): EventDraft {
  const { turnId, callId, tool } = call.proposed;
  const { kind: mode, message } = request;
  return {
    type: "input-requested",
    turnId,
    callId,
    requestId,
    server: tool.server,
    serverName: tool.serverName,
    mode,
    message,
    ...(request.kind === "form" ? { fields: [...request.fields] } : { url: request.url }),
    expiresAt: clock.now() + (assistant?.approvalTimeoutMs ?? 0),
  };
}

/**
 * A call that came back with questions, in one append: what it asks, what our model has said already, and what to give
 * back. `fault`: it asked too much.
 */
export function pausedDrafts(
  call: CallState,
  pause: ToolPause,
  samplings: Readonly<Record<string, SamplingEnded>>,
  { assistant, clock, durationMs }: { assistant: Assistant | undefined; clock: Clock; durationMs: number },
): { readonly drafts: EventDraft[]; readonly fault?: string } {
  const { turnId, callId } = call.proposed;
  const { inputs: questions, requestState } = pause;
  const sampled = Object.values(samplings);
  if (call.pauses >= MOST_PAUSES) return { drafts: sampled, fault: `The server came back with questions more than ${MOST_PAUSES} times.` };
  if (Object.keys(questions).length > MOST_AT_ONCE)
    return { drafts: sampled, fault: `The server asked more than ${MOST_AT_ONCE} questions at once.` };
  if (Buffer.byteLength(requestState ?? "") > STATE_BYTES)
    return { drafts: sampled, fault: `The server wants more than ${STATE_BYTES} bytes kept for it.` };
  const inputs: [string, string][] = [];
  const asked: EventDraft[] = [];
  for (const [key, question] of Object.entries(questions)) {
    const requestId = question.kind === "sampling" ? samplings[key]?.requestId : clock.id();
    if (requestId === undefined) continue;
    inputs.push([key, requestId]);
    if (question.kind !== "sampling") asked.push(inputRequested(call, requestId, question, { assistant, clock }));
  }
  const paused: EventDraft = {
    type: "tool-call-paused",
    turnId,
    callId,
    inputs: Object.fromEntries(inputs),
    durationMs,
    ...(requestState === undefined ? {} : { requestState }),
  };
  return { drafts: [...asked, ...sampled, paused] };
}
