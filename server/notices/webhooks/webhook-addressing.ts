import { everyDocument } from "../../documents/every-document.ts";
import type { DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Addressing } from "../give-out.ts";
import type { Notice } from "../notice.ts";
import { deliveryId, payloadOf } from "./webhook-payload.ts";
import { type Webhook, webhookOf } from "./webhook-record.ts";

/** Which webhooks hear of a notice. All of them are sent the same bytes. */
export function webhookAddressing(ports: {
  readonly documents: Pick<DocumentStore, "list">;
  readonly clock: Clock;
  /** Where the console shows conversations, without a slash at the end. */
  readonly conversationsUrl: () => string;
}): Addressing {
  const { documents, clock } = ports;
  return {
    async deliveriesOf(notice) {
      const now = clock.now();
      const webhooks = (await everyDocument(documents, "webhook", { now })).map(webhookOf).filter((one) => wants(one, notice));
      if (webhooks.length === 0) return [];
      const body = await payloadOf(notice, ports.conversationsUrl());
      const { event, conversation } = notice;
      const about = conversation === undefined ? {} : { conversationId: conversation.id };
      return webhooks.map(({ id }) => ({ id: deliveryId(clock), channel: "webhook", target: id, event, ...about, body, at: now }));
    },
  };
}

function wants({ enabled, events, assistants }: Webhook, { event, conversation, assistant }: Notice): boolean {
  const about = conversation?.assistant ?? assistant;
  return enabled && events.includes(event) && (assistants.length === 0 || (about !== undefined && assistants.includes(about)));
}
