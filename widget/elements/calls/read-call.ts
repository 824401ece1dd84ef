import type { CallDetails } from "../../../protocol/frames.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

const reads = new WeakMap<ThreadContext, Map<string, Promise<CallDetails>>>();

/** The raw call. Two pictures of one call come into view together and need one reading. */
export function readCall(context: ThreadContext, callId: string): Promise<CallDetails> {
  const running = reads.get(context) ?? new Map<string, Promise<CallDetails>>();
  reads.set(context, running);
  const reading = running.get(callId) ?? context.request("call-read", { callId }).finally(() => running.delete(callId));
  running.set(callId, reading);
  return reading;
}
