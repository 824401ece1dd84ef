import type { Clock } from "../../foundation/clock.ts";
import type { Notice } from "../notice.ts";
import type { NewDelivery } from "../ports.ts";

/** Grows when a field changes its meaning or goes. What is added changes nothing for those who read on. */
export const PAYLOAD_VERSION = 1;
/** The event of "Send a test", which no webhook has to want. */
export const TEST_EVENT = "test";

/** What a webhook is sent, to the byte: it is signed, and every attempt sends the same. */
export async function payloadOf(notice: Notice, pageUrl: string): Promise<string> {
  const { conversation, assistant } = notice;
  return body(notice.event, notice.at, {
    ...(assistant === undefined ? {} : { assistant }),
    ...(conversation === undefined ? {} : { conversation: { ...conversation, url: `${pageUrl}/${conversation.id}` } }),
    ...(await notice.data()),
  });
}

export function testDelivery(webhook: string, clock: Pick<Clock, "now" | "id">): NewDelivery {
  const at = clock.now();
  const data = { text: "This is a test of the webhook. Nothing has happened." };
  return { id: deliveryId(clock), channel: "webhook", target: webhook, event: TEST_EVENT, body: body(TEST_EVENT, at, data), at };
}

export function deliveryId(clock: Pick<Clock, "id">): string {
  return `msg_${clock.id()}`;
}

function body(type: string, at: number, data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ type, version: PAYLOAD_VERSION, timestamp: new Date(at).toISOString(), data });
}
