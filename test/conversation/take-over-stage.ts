/** Members of the staff who take over, for tests. */
import type { JournalEvent } from "../../protocol/events.ts";
import type { ModelRequest } from "../../server/conversation/ports/model.ts";
import { CONVERSATION, type Harness, type HarnessOptions } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";

export const ANNA = { kind: "person", id: "anna", name: "Anna" } as const;
export const BEN = { kind: "person", id: "ben", name: "Ben" } as const;
export const HERE = { conversationId: CONVERSATION };

export const join = (desk: Harness, staff = ANNA as typeof ANNA | typeof BEN, more: { insteadOf?: string } = {}) =>
  desk.people.join(staff, { ...HERE, ...more });
export const reply = (desk: Harness, text: string, messageId = `reply-${text.length}-0001`) =>
  desk.people.reply(ANNA, { ...HERE, messageId, text });
export const handBack = (desk: Harness, more: { summary?: string; answer?: boolean } = {}) =>
  desk.people.handBack(ANNA, { ...HERE, ...more });

export const types = (events: readonly { type: string }[]) => events.map((event) => event.type);
export const read = (request: ModelRequest | undefined) => request?.messages.map(({ role, text }) => `${role}: ${text}`) ?? [];

/** What only the assistant does, where a person answered at that moment. */
export function saidBeside(events: readonly JournalEvent[]): readonly JournalEvent[] {
  let person = false;
  return events.filter((event) => {
    if (event.type === "person-joined") person = true;
    if (event.type === "handed-back") person = false;
    const assistants =
      event.type === "turn-started" || event.type === "tool-call-proposed" || (event.type === "step-ended" && event.cut === undefined);
    return person && assistants;
  });
}

/** Speaks a little, then nothing until it is stopped. */
export const slow: HarnessOptions["script"] = async function* (_request, step, signal) {
  yield { type: "text", text: "Once upon" };
  if (step === 1) await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
  yield { type: "finish", reason: "stop", usage: {} };
};

/** A tool that runs until the test lets it end. */
export function heldTool() {
  const { promise: started, resolve: start } = Promise.withResolvers<AbortSignal>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const run = async (_input: unknown, { signal }: { signal: AbortSignal }) => {
    start(signal);
    const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    await Promise.race([released, stopped]);
    return signal.aborted ? ({ outcome: "cancelled", content: [] } as const) : textResult("refunded 1042");
  };
  return { started, release, tool: { tool: "refund", run } };
}

export const refunds: HarnessOptions["script"] = (request) =>
  request.messages.at(-1)?.role === "tool" || request.messages.some(({ role }) => role === "tool")
    ? say("Done.")
    : callTools({ name: "orders__refund", arguments: { id: 1042 } });
