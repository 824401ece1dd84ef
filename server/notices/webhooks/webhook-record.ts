import * as z from "zod";
import type { StoredDocument } from "../../documents/ports.ts";
import { httpUrl } from "../../foundation/http-url.ts";
import { keySchema } from "../../../protocol/identifiers.ts";
import { nameSchema } from "../../foundation/name-schema.ts";
import { NOTICE_EVENTS, type NoticeEvent } from "../notice.ts";

const LONGEST_URL = 2_000;

/** What an admin says of a webhook. */
export const webhookSettings = z.strictObject({
  name: nameSchema,
  url: httpUrl
    .refine((url) => url.length <= LONGEST_URL, `Expected an address of ${LONGEST_URL} characters at most.`)
    .describe("Where notices are sent to, by POST. https, unless network.allowPrivate names the host."),
  events: z
    .array(z.enum(NOTICE_EVENTS))
    .min(1)
    .refine((events) => new Set(events).size === events.length, "Name each event only once."),
  assistants: z.array(keySchema).max(200).default([]).describe("Only what concerns these; empty: all."),
  enabled: z.boolean().default(true),
});
export type WebhookSettings = z.output<typeof webhookSettings>;

/** The body of a `webhook` document. Secrets are sealed. */
export const webhookBody = webhookSettings.extend({
  secret: z.string(),
  /** The one before, while receivers change over. */
  previous: z.object({ secret: z.string(), until: z.number() }).optional(),
  /** The receiver answered 410. */
  goneAt: z.number().optional(),
});
export type WebhookBody = z.output<typeof webhookBody>;

/** What is known of a webhook, without its secrets. */
export interface Webhook extends WebhookSettings {
  readonly id: string;
  readonly version: number;
  readonly createdAt: number;
  /** Until when what is sent has a signature of the earlier secret too. */
  readonly previousSecretUntil?: number;
  readonly goneAt?: number;
}

export function webhookOf(document: StoredDocument): Webhook {
  const { secret: _secret, previous, goneAt, ...settings } = webhookBody.parse(document.body);
  return {
    ...settings,
    id: document.id,
    version: document.version,
    createdAt: document.createdAt,
    ...(previous === undefined ? {} : { previousSecretUntil: previous.until }),
    ...(goneAt === undefined ? {} : { goneAt }),
  };
}

/** As the audit log keeps it: the path and query of an address may be a secret. */
export function auditedWebhook({ name, url, events, assistants, enabled }: WebhookSettings): object {
  return { name, url: new URL(url).origin, events: [...events] as NoticeEvent[], assistants, enabled };
}

export function secretPlace(id: string): string {
  return `webhook/${id}/secret`;
}

export function previousSecretPlace(id: string): string {
  return `webhook/${id}/previous/secret`;
}
