/** Waiting for what a desk writes, and answering it, for tests with `desk-harness.ts`. */
import { expect } from "vitest";
import type { EventOf, EventType } from "../../protocol/events.ts";
import type { ParsedRequest } from "../../protocol/frames.ts";
import { CONVERSATION, CUSTOMER, type Harness } from "./desk-harness.ts";

/** The `count`-th event of a type that the room hears. */
export async function heard<T extends EventType>(harness: Harness, type: T, count = 1): Promise<EventOf<T>> {
  const all = () => harness.room.journal.filter((event): event is EventOf<T> => event.type === type);
  await harness.room.until(() => all().length >= count);
  return all()[count - 1]!;
}

/** What the journal has of one type. */
export async function written<T extends EventType>(harness: Harness, type: T): Promise<readonly EventOf<T>[]> {
  return (await harness.journal()).filter((event): event is EventOf<T> => event.type === type);
}

export async function send(harness: Harness, text = "Please", messageId = "message-one"): Promise<void> {
  await harness.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId, text });
}

/** The customer's yes to what was asked, or what `change` says instead. */
export function decision(
  asked: Pick<EventOf<"approval-requested">, "approvalId" | "argumentsHash">,
  change: Partial<ParsedRequest<"approval-decide">> = {},
): ParsedRequest<"approval-decide"> {
  const { approvalId, argumentsHash } = asked;
  return { conversationId: CONVERSATION, approvalId, argumentsHash, decision: "approved", scope: "once", ...change };
}

/** Waits until nothing holds the conversation. */
export async function rested(harness: Harness): Promise<void> {
  await expect.poll(() => harness.runs()).toBe(0);
}

export const code = (expected: string, detail?: string) =>
  expect.objectContaining({ code: expected, ...(detail === undefined ? {} : { detail: expect.stringContaining(detail) }) });
